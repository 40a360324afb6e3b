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
        self.ecs_tasks(pattern, script, 1).await
    }

    /// The same with several tasks.
    async fn ecs_tasks(&self, pattern: &str, script: &str, count: u64) -> String {
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
            "Count": count,
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
    let container = output["Tasks"][0]["Containers"][0].as_object().unwrap();
    assert_eq!(
        container.keys().collect::<Vec<_>>(),
        [
            "ContainerArn",
            "Cpu",
            "GpuIds",
            "Image",
            "LastStatus",
            "ManagedAgents",
            "Name",
            "NetworkBindings",
            "NetworkInterfaces",
            "TaskArn"
        ]
    );
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
async fn several_tasks_are_one_job() {
    let world = World::new();
    let machine = world.ecs_tasks(".sync", "exit 0", 3).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let tasks: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(tasks.as_array().unwrap().len(), 3);
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

#[tokio::test]
async fn jobs_of_other_services_end_well_badly_or_stopped() {
    let world = World::new();
    let environment = json!({ "computeEnvironmentName": "ce", "type": "UNMANAGED" });
    world
        .other("batch", "CreateComputeEnvironment", environment)
        .await;
    let queue = json!({
        "jobQueueName": "q", "priority": 1,
        "computeEnvironmentOrder": [{ "order": 1, "computeEnvironment": "ce" }],
    });
    world.other("batch", "CreateJobQueue", queue).await;
    let requirements = json!([
        { "type": "VCPU", "value": "1" }, { "type": "MEMORY", "value": "512" }]);
    let definition = json!({
        "jobDefinitionName": "d", "type": "container",
        "containerProperties": { "image": "i", "resourceRequirements": requirements },
    });
    world
        .other("batch", "RegisterJobDefinition", definition)
        .await;
    let job = json!({
        "Name": "g", "Role": "r", "Command": { "Name": "glueetl" },
        "ExecutionProperty": { "MaxConcurrentRuns": 9 },
    });
    world.other("glue", "CreateJob", job).await;
    let training = |tags: Value| {
        json!({
            "TrainingJobName.$": "$$.Execution.Name", "RoleArn": ROLE, "Tags": tags,
            "OutputDataConfig": { "S3OutputPath": "s3://b" },
        })
    };
    let tag = |key: &str, value: &str| json!([{ "Key": key, "Value": value }]);
    let batch = |tags: Value| json!({ "JobName": "j", "JobQueue": "q", "JobDefinition": "d", "Tags": tags });
    for (at, (resource, parameters, status, member, value)) in [
        (
            "batch:submitJob",
            batch(json!({ "team": "a" })),
            "SUCCEEDED",
            "Status",
            "SUCCEEDED",
        ),
        (
            "batch:submitJob",
            batch(json!({ "footwork:fail": "x" })),
            "FAILED",
            "Status",
            "FAILED",
        ),
        (
            "glue:startJobRun",
            json!({ "JobName": "g" }),
            "SUCCEEDED",
            "JobRunState",
            "SUCCEEDED",
        ),
        (
            "glue:startJobRun",
            json!({ "JobName": "g", "Arguments": { "--footwork:fail": "x" } }),
            "FAILED",
            "ErrorMessage",
            "x",
        ),
        (
            "sagemaker:createTrainingJob",
            training(json!([])),
            "SUCCEEDED",
            "TrainingJobStatus",
            "Completed",
        ),
        (
            "sagemaker:createTrainingJob",
            training(tag("footwork:fail", "x")),
            "FAILED",
            "FailureReason",
            "x",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let resource = format!("arn:aws:states:::{resource}.sync");
        let machine = world
            .machine(&format!("m{at}"), task(&resource, parameters))
            .await;
        let ended = world.run(&machine, json!({})).await;
        assert_eq!(ended["status"], status, "{ended}");
        let member_of = if status == "SUCCEEDED" {
            "output"
        } else {
            "cause"
        };
        let job: Value = serde_json::from_str(&text(&ended, member_of)).unwrap();
        assert_eq!(job[member], value, "{job:#}");
        if resource.contains("batch") {
            let managed =
                json!([{ "Name": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS" }]);
            assert_eq!(job["Container"]["Environment"], managed);
        }
    }
    // A state that no longer waits stops its job.
    let long = json!({ "JobName": "g", "Arguments": { "--footwork:seconds": "1000" } });
    let mut machine = task("arn:aws:states:::glue:startJobRun.sync", long);
    machine["States"]["Task"]["TimeoutSeconds"] = json!(100);
    let machine = world.machine("late", machine).await;
    let ended = world.run(&machine, json!({})).await;
    assert_eq!(ended["error"], "States.Timeout", "{ended}");
    let runs = world
        .other("glue", "GetJobRuns", json!({ "JobName": "g" }))
        .await;
    let state = &runs["JobRuns"][0]["JobRunState"];
    assert!(state == "STOPPING" || state == "STOPPED", "{state}");
}

#[tokio::test]
async fn a_service_that_is_not_here_is_named() {
    let world = World::new();
    let step = json!({ "Name": "s", "HadoopJarStep": { "Jar": "j" } });
    for (name, resource, parameters, error, cause) in [
        (
            "emr",
            "elasticmapreduce:addStep.sync",
            json!({ "ClusterId": "j-1", "Step": step }),
            "ElasticMapReduce.",
            "AWS_ENDPOINT_URL_EMR names no endpoint",
        ),
        (
            "athena",
            "athena:startQueryExecution.sync",
            json!({ "QueryString": "select 1" }),
            "Athena.",
            "AWS_ENDPOINT_URL_ATHENA names no endpoint",
        ),
        (
            "bedrock",
            "bedrock:invokeModel",
            json!({ "ModelId": "m", "Body": { "prompt": "p" } }),
            "BedrockRuntime.",
            "AWS_ENDPOINT_URL_BEDROCK_RUNTIME names no endpoint",
        ),
        (
            "eks",
            "eks:runJob.sync",
            json!({ "ClusterName": "c", "CertificateAuthority": "a", "Endpoint": "e", "Job": {} }),
            "States.TaskFailed",
            "the integration eks:runJob is not built into this endpoint",
        ),
    ] {
        let resource = format!("arn:aws:states:::{resource}");
        let machine = world.machine(name, task(&resource, parameters)).await;
        let ended = world.run(&machine, json!({})).await;
        assert!(text(&ended, "error").starts_with(error), "{ended}");
        let told = text(&ended, "cause");
        assert!(told.contains(cause), "{told}");
    }
}
