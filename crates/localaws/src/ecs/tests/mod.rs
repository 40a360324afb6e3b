//! The service as its users see it: through the API, with real processes.

mod fake_engine;
mod happenings;
mod real_containers;
mod requests;

use serde_json::{Value, json};

use crate::testing::Door;

/// A door with a cluster `c` and a task definition `f` of one container that runs a shell script.
async fn door(script: &str) -> Door {
    let door = Door::open();
    door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
        .await;
    define(&door, json!([shell("main", script)])).await;
    door
}

fn shell(name: &str, script: &str) -> Value {
    json!({ "name": name, "image": "busybox", "command": ["sh", "-c", script] })
}

async fn define(door: &Door, containers: Value) {
    let input = json!({
        "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::000000000000:role/e",
        "containerDefinitions": containers,
    });
    door.ok("ecs", "RegisterTaskDefinition", input).await;
}

async fn run(door: &Door, more: Value) -> String {
    let mut input = json!({
        "cluster": "c", "taskDefinition": "f", "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    let ran = door.ok("ecs", "RunTask", input).await;
    assert_eq!(ran["tasks"][0]["lastStatus"], "PROVISIONING");
    ran["tasks"][0]["taskArn"].as_str().unwrap().to_owned()
}

async fn describe(door: &Door, arn: &str) -> Value {
    let input = json!({ "cluster": "c", "tasks": [arn] });
    let found = door.ok("ecs", "DescribeTasks", input).await;
    found["tasks"][0].clone()
}

/// Listens until a task has a status.
async fn until(door: &Door, arn: &str, status: &str) -> Value {
    loop {
        let changed = door.aws.changes().listen(arn);
        let task = describe(door, arn).await;
        if task["lastStatus"] == status {
            return task;
        }
        door.aws.clock().track(changed).await.unwrap();
    }
}

#[tokio::test]
async fn a_task_runs_with_its_environment_and_its_overrides() {
    let door = door("exit 9").await;
    let log = json!({
        "logDriver": "awslogs",
        "options": { "awslogs-group": "g", "awslogs-stream-prefix": "p", "awslogs-create-group": "true" },
    });
    let mut container = shell("main", "exit 9");
    container["environment"] =
        json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }]);
    container["logConfiguration"] = log;
    define(&door, json!([container])).await;
    let (queue, arn) = door.queue("events").await;
    let rule = json!({ "Name": "r", "EventPattern": r#"{"source":["aws.ecs"]}"# });
    door.ok("events", "PutRule", rule).await;
    let targets = json!({ "Rule": "r", "Targets": [{ "Id": "q", "Arn": arn }] });
    door.ok("events", "PutTargets", targets).await;
    let overrides = json!({ "containerOverrides": [{
        "name": "main",
        "command": ["sh", "-c", "echo $A $B $HOME; pwd > here"],
        "environment": [{ "name": "B", "value": "3" }],
    }] });
    let task = run(&door, json!({ "overrides": overrides, "startedBy": "me" })).await;
    let task = until(&door, &task, "STOPPED").await;
    assert_eq!(task["stopCode"], "EssentialContainerExited");
    assert_eq!(task["stoppedReason"], "Essential container in task exited");
    assert_eq!(task["containers"][0]["exitCode"], 0);
    assert_eq!(task["version"], 5);
    assert_eq!(task["startedBy"], "me");
    let id = task["taskArn"]
        .as_str()
        .unwrap()
        .rsplit('/')
        .next()
        .unwrap();
    let stream = json!({ "logGroupName": "g", "logStreamName": format!("p/main/{id}") });
    let logged = door.ok("logs", "GetLogEvents", stream).await;
    assert_eq!(logged["events"][0]["message"], "1 3");
    let events = door.messages(&queue).await;
    let told: Vec<_> = events
        .iter()
        .map(|event| &event["detail"]["lastStatus"])
        .collect();
    assert_eq!(
        told,
        [
            "PROVISIONING",
            "PENDING",
            "RUNNING",
            "DEPROVISIONING",
            "STOPPED"
        ]
    );
}

#[tokio::test]
async fn tasks_end_for_many_reasons() {
    for (containers, stop, codes) in [
        (
            json!([shell("a", "exit 3")]),
            "EssentialContainerExited",
            json!([3]),
        ),
        (
            json!([shell("a", "kill -9 $$")]),
            "EssentialContainerExited",
            json!([137]),
        ),
        // The one that is not essential is ended with the other.
        (
            json!([shell("a", "sleep 0.1"), {
                "name": "b", "image": "i", "essential": false, "command": ["sleep", "60"] }]),
            "EssentialContainerExited",
            json!([0, 143]),
        ),
        // One after the other.
        (
            json!([
                { "name": "a", "image": "i", "command": ["sh", "-c", "test -e ../1/done"],
                  "dependsOn": [{ "containerName": "b", "condition": "SUCCESS" }] },
                { "name": "b", "image": "i", "essential": false,
                  "command": ["sh", "-c", "sleep 0.1; echo > done"] }]),
            "EssentialContainerExited",
            json!([0, 0]),
        ),
        (
            json!([{ "name": "a", "image": "i", "command": ["no-such-program"] }]),
            "TaskFailedToStart",
            json!([null]),
        ),
        (
            json!([{ "name": "a", "image": "i" }]),
            "TaskFailedToStart",
            json!([null]),
        ),
    ] {
        let door = door("true").await;
        define(&door, containers.clone()).await;
        let task = run(&door, json!({})).await;
        let task = until(&door, &task, "STOPPED").await;
        let exit: Vec<_> = task["containers"]
            .as_array()
            .unwrap()
            .iter()
            .map(|container| container["exitCode"].clone())
            .collect();
        assert_eq!(
            (task["stopCode"].as_str(), json!(exit)),
            (Some(stop), codes),
            "{task:#}"
        );
    }
}

#[tokio::test]
async fn a_task_is_stopped_gently_and_then_not() {
    for (script, code) in [
        (
            "trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done",
            7,
        ),
        (
            "trap '' TERM; echo ready; while :; do sleep 0.05; done",
            137,
        ),
    ] {
        let door = door("true").await;
        let mut container = shell("main", script);
        container["stopTimeout"] = json!(2);
        container["logConfiguration"] = json!({
            "logDriver": "awslogs",
            "options": { "awslogs-group": "g", "awslogs-create-group": "true" },
        });
        define(&door, json!([container])).await;
        let task = run(&door, json!({})).await;
        until(&door, &task, "RUNNING").await;
        // Until the shell has read its first line.
        let stream = task.rsplit('/').next();
        let log = json!({ "logGroupName": "g", "logStreamName": stream });
        while door.ok("logs", "GetLogEvents", log.clone()).await["events"] == json!([]) {
            tokio::task::yield_now().await;
        }
        let stop = json!({ "cluster": "c", "task": task, "reason": "enough" });
        let stopping = door.ok("ecs", "StopTask", stop).await;
        assert_eq!(stopping["task"]["desiredStatus"], "STOPPED");
        let task = until(&door, &task, "STOPPED").await;
        assert_eq!(task["stopCode"], "UserInitiated");
        assert_eq!(task["stoppedReason"], "enough");
        assert_eq!(task["containers"][0]["exitCode"], code);
    }
}

#[tokio::test]
async fn bad_requests_are_refused_in_the_words_of_ecs() {
    let door = door("true").await;
    let network = json!({ "awsvpcConfiguration": { "subnets": ["s"] } });
    for (action, input, message) in [
        (
            "RunTask",
            json!({ "taskDefinition": "f" }),
            "Cluster not found.",
        ),
        (
            "RunTask",
            json!({ "cluster": "c", "taskDefinition": "g" }),
            "TaskDefinition not found.",
        ),
        (
            "RunTask",
            json!({ "cluster": "c", "taskDefinition": "f", "launchType": "FARGATE" }),
            "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
        ),
        (
            "RunTask",
            json!({ "cluster": "c", "taskDefinition": "f", "networkConfiguration": network,
                    "overrides": { "containerOverrides": [{ "name": "x" }] } }),
            "Override for container named x is not a container in the TaskDefinition.",
        ),
        (
            "StopTask",
            json!({ "cluster": "c", "task": "0" }),
            "The referenced task was not found.",
        ),
        (
            "DescribeTaskDefinition",
            json!({ "taskDefinition": "f:9" }),
            "Unable to describe task definition.",
        ),
    ] {
        let refused = door.call("ecs", action, input).await.unwrap_err();
        assert_eq!(refused.message, message);
    }
}

#[tokio::test]
async fn revisions_are_counted_on() {
    let door = door("true").await;
    define(&door, json!([shell("main", "false")])).await;
    let second = json!({ "taskDefinition": "f:2" });
    let gone = door
        .ok("ecs", "DeregisterTaskDefinition", second.clone())
        .await;
    assert_eq!(gone["taskDefinition"]["status"], "INACTIVE");
    let newest = json!({ "taskDefinition": "f" });
    let newest = door.ok("ecs", "DescribeTaskDefinition", newest).await;
    assert_eq!(newest["taskDefinition"]["revision"], 1);
    let delete = json!({ "taskDefinitions": ["f:2", "f:1"] });
    let deleted = door.ok("ecs", "DeleteTaskDefinitions", delete).await;
    assert_eq!(
        deleted["failures"][0]["reason"],
        "TASK_DEFINITION_IS_ACTIVE"
    );
    define(&door, json!([shell("main", "false")])).await;
    let listed = door.ok("ecs", "ListTaskDefinitions", json!({})).await;
    let arn = |revision: u64| {
        door.scope
            .arn("ecs", &format!("task-definition/f:{revision}"))
    };
    assert_eq!(listed["taskDefinitionArns"], json!([arn(1), arn(3)]));
}

#[test]
fn what_a_killed_program_leaves_is_ended() {
    let folder = tempfile::tempdir().unwrap();
    let store = || crate::Store::open(&folder.path().join("state")).unwrap();
    // Runs nothing between two calls.
    let runtime = || {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_all().build().unwrap()
    };
    let before = runtime();
    let (task, alive) = before.block_on(async {
        let door = Door::open_at("2026-11-22T10:00:00Z", store());
        door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
            .await;
        let mut container = shell("main", "echo $$; exec sleep 60");
        container["logConfiguration"] = json!({
            "logDriver": "awslogs",
            "options": { "awslogs-group": "g", "awslogs-create-group": "true" },
        });
        define(&door, json!([container])).await;
        let task = run(&door, json!({})).await;
        until(&door, &task, "RUNNING").await;
        let log = json!({ "logGroupName": "g", "logStreamName": task.rsplit('/').next() });
        loop {
            let logged = door.ok("logs", "GetLogEvents", log.clone()).await;
            if let Some(line) = logged["events"][0]["message"].as_str() {
                door.aws.store().settled(crate::Mark::default()).await;
                break (task, format!("/proc/{line}/stat"));
            }
            tokio::task::yield_now().await;
        }
    });
    // As if the program were gone: its jobs run no more, and its processes go on.
    std::mem::forget(before);
    let gone = || !std::fs::read_to_string(&alive).is_ok_and(|stat| !stat.contains(") Z "));
    assert!(!gone());
    runtime().block_on(async {
        let door = Door::open_at("2026-11-22T11:00:00Z", store());
        let task = until(&door, &task, "STOPPED").await;
        assert_eq!(task["stopCode"], "InfrastructureHealth");
    });
    let patience = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while !gone() && std::time::Instant::now() < patience {
        std::thread::yield_now();
    }
    assert!(gone());
}
