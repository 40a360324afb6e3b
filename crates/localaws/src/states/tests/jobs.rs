//! `.sync`: jobs of other services are waited for, and stopped with who waits for them.

use serde_json::json;

use super::*;

impl World {
    async fn other(&self, service: &str, action: &str, input: Value) -> Value {
        let call = self.aws.call(&self.scope, service, action, input);
        self.aws.clock().track(call).await.unwrap()
    }

    /// A machine that runs a shell script as a task of ECS.
    async fn ecs(&self, pattern: &str, script: &str) -> String {
        self.other("ecs", "CreateCluster", json!({})).await;
        let container =
            json!({ "name": "main", "image": "busybox", "command": ["sh", "-c", script] });
        let definition = json!({
            "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
            "cpu": "256", "memory": "512", "containerDefinitions": [container],
        });
        self.other("ecs", "RegisterTaskDefinition", definition)
            .await;
        let parameters = json!({
            "TaskDefinition": "f",
            "LaunchType": "FARGATE",
            "NetworkConfiguration": { "AwsvpcConfiguration": { "Subnets": ["subnet-1"] } },
        });
        let resource = format!("arn:aws:states:::ecs:runTask{pattern}");
        self.machine("m", task(&resource, parameters)).await
    }
}

#[tokio::test]
async fn a_task_of_ecs_is_waited_for() {
    let world = World::new();
    let machine = world.ecs(".sync", "exit 0").await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let task: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(task["LastStatus"], "STOPPED");
    assert_eq!(task["StartedBy"], "AWS Step Functions");
    assert_eq!(task["StopCode"], "EssentialContainerExited");
    assert_eq!(task["Attachments"][0]["Type"], "eni");
    assert_eq!(task["Attachments"][0]["Status"], "DELETED");
    assert!(task["CreatedAt"].is_i64());
    // As recorded, but for the image's digest.
    let members: Vec<&String> = task.as_object().unwrap().keys().collect();
    assert_eq!(
        members,
        [
            "Attachments",
            "Attributes",
            "AvailabilityZone",
            "ClusterArn",
            "Connectivity",
            "ConnectivityAt",
            "Containers",
            "Cpu",
            "CreatedAt",
            "DesiredStatus",
            "EnableExecuteCommand",
            "EphemeralStorage",
            "ExecutionStoppedAt",
            "Group",
            "InferenceAccelerators",
            "LastStatus",
            "LaunchType",
            "Memory",
            "Overrides",
            "PlatformVersion",
            "PullStartedAt",
            "PullStoppedAt",
            "StartedAt",
            "StartedBy",
            "StopCode",
            "StoppedAt",
            "StoppedReason",
            "StoppingAt",
            "Tags",
            "TaskArn",
            "TaskDefinitionArn",
            "Version"
        ]
    );
    let history = json!({ "executionArn": ended["executionArn"] });
    let history = world.ok("GetExecutionHistory", history).await;
    let submitted = &history["events"][4]["taskSubmittedEventDetails"];
    let output: Value = serde_json::from_str(&text(submitted, "output")).unwrap();
    assert_eq!(output["Failures"], json!([]));
    assert_eq!(output["Tasks"][0]["LastStatus"], "PROVISIONING");
    let headers = output["SdkHttpMetadata"]["HttpHeaders"]
        .as_object()
        .unwrap();
    let headers: Vec<&String> = headers.keys().collect();
    assert_eq!(
        headers,
        ["x-amzn-RequestId", "Content-Length", "Date", "Content-Type"]
    );
}

#[tokio::test]
async fn a_failing_task_of_ecs_fails_its_state_with_its_description() {
    let world = World::new();
    let machine = world.ecs(".sync", "exit 3").await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "States.TaskFailed");
    let cause: Value = serde_json::from_str(&text(&ended, "cause")).unwrap();
    assert_eq!(cause["Containers"][0]["ExitCode"], 3);
}

#[tokio::test]
async fn stopping_an_execution_stops_the_task_it_waits_for() {
    let world = World::new();
    let machine = world.ecs(".sync", "sleep 60").await;
    let execution = world.start(&machine, json!({})).await;
    world.until(&execution, "TaskSubmitted").await;
    let stop = json!({ "executionArn": execution });
    world.ok("StopExecution", stop).await;
    assert_eq!(world.ended(&execution).await["status"], "ABORTED");
    let list = json!({ "desiredStatus": "STOPPED" });
    let mut arns = json!([]);
    while arns == json!([]) {
        arns = world.other("ecs", "ListTasks", list.clone()).await["taskArns"].clone();
        tokio::task::yield_now().await;
    }
    let tasks = world
        .other("ecs", "DescribeTasks", json!({ "tasks": arns }))
        .await;
    assert_eq!(tasks["tasks"][0]["stopCode"], "UserInitiated");
    assert_eq!(
        tasks["tasks"][0]["stoppedReason"],
        "Stopped by Step Functions"
    );
}

#[tokio::test]
async fn what_is_not_embedded_says_so() {
    let world = World::new();
    let start = json!({ "QueryString": "SELECT 1" });
    let resource = "arn:aws:states:::athena:startQueryExecution.sync";
    let machine = world.machine("m", task(resource, start)).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "Athena.AmazonAthenaException");
    let cause = text(&ended, "cause");
    assert!(cause.contains("AWS_ENDPOINT_URL_ATHENA"), "{cause}");
}
