//! What `RunTask` refuses, and what it does only once.

use serde_json::json;

use super::*;

fn task(more: Value) -> Value {
    let mut input = json!({
        "cluster": "c", "taskDefinition": "f", "launchType": "FARGATE",
        "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
    });
    input
        .as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    input
}

#[tokio::test]
async fn overrides_have_limits() {
    let door = door("true").await;
    let long = "x".repeat(8192);
    for (overrides, code, message) in [
        (
            json!({ "containerOverrides": [{ "name": "main", "command": [long] }] }),
            "InvalidParameterException",
            "Container Overrides length must be at most 8192",
        ),
        (
            json!({ "memory": "4096" }),
            "ClientException",
            "No Fargate configuration exists for given values: 256 CPU, 4096 memory. See the \
             Amazon ECS documentation for the valid values.",
        ),
        (
            json!({ "cpu": "lots" }),
            "InvalidParameterException",
            "Invalid 'cpu' setting for task.",
        ),
    ] {
        let refused = door
            .call("ecs", "RunTask", task(json!({ "overrides": overrides })))
            .await;
        let refused = refused.unwrap_err();
        assert_eq!(
            (refused.code.as_str(), refused.message.as_str()),
            (code, message)
        );
    }
    let bigger = json!({ "overrides": { "cpu": "1 vCPU", "memory": "4GB" } });
    let ran = door.ok("ecs", "RunTask", task(bigger)).await;
    assert_eq!(
        (&ran["tasks"][0]["cpu"], &ran["tasks"][0]["memory"]),
        (&json!("1024"), &json!("4096"))
    );
    let listed = door.ok("ecs", "ListTasks", json!({ "cluster": "c" })).await;
    assert_eq!(listed["taskArns"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_token_starts_tasks_once() {
    let door = door("true").await;
    let asked = task(json!({ "clientToken": "t", "startedBy": "me" }));
    let first = door.ok("ecs", "RunTask", asked.clone()).await;
    let again = door.ok("ecs", "RunTask", asked.clone()).await;
    assert_eq!(first["tasks"][0]["taskArn"], again["tasks"][0]["taskArn"]);
    let mut other = asked;
    other["startedBy"] = json!("you");
    let refused = door.call("ecs", "RunTask", other).await.unwrap_err();
    assert_eq!(refused.code, "ConflictException");
    assert_eq!(
        refused.fields["resourceIds"],
        json!([first["tasks"][0]["taskArn"]])
    );
}

#[tokio::test]
async fn stopping_is_announced_and_passed_through() {
    let door = door("trap 'sleep 0.3; exit 5' TERM; while :; do sleep 0.02; done").await;
    let (queue, arn) = door.queue("events").await;
    let rule =
        json!({ "Name": "r", "EventPattern": r#"{"detail":{"desiredStatus":["STOPPED"]}}"# });
    door.ok("events", "PutRule", rule).await;
    let targets = json!({ "Rule": "r", "Targets": [{ "Id": "q", "Arn": arn }] });
    door.ok("events", "PutTargets", targets).await;
    let task = run(&door, json!({})).await;
    let running = until(&door, &task, "RUNNING").await;
    door.ok("ecs", "StopTask", json!({ "cluster": "c", "task": task }))
        .await;
    let mut seen = describe(&door, &task).await;
    while seen["lastStatus"] == "RUNNING" {
        tokio::task::yield_now().await;
        seen = describe(&door, &task).await;
    }
    assert_eq!(
        (&seen["lastStatus"], &running["version"]),
        (&json!("STOPPING"), &json!(3))
    );
    until(&door, &task, "STOPPED").await;
    let told: Vec<_> = door
        .messages(&queue)
        .await
        .iter()
        .map(|event| event["detail"]["lastStatus"].clone())
        .collect();
    assert_eq!(told, ["RUNNING", "DEPROVISIONING", "STOPPED"]);
}

#[tokio::test]
async fn one_container_waits_for_the_health_of_another() {
    for (check, exit, healthy) in [
        ("test -e ready", json!([0, 143]), "HEALTHY"),
        ("false", json!([null, 143]), "UNHEALTHY"),
    ] {
        let door = door("true").await;
        let containers = json!([
            { "name": "main", "image": "i", "command": ["true"],
              "dependsOn": [{ "containerName": "side", "condition": "HEALTHY" }] },
            { "name": "side", "image": "i", "essential": false,
              "command": ["sh", "-c", "sleep 0.1; echo > ready; sleep 60"],
              "healthCheck": { "command": ["CMD-SHELL", check], "retries": 5 } },
        ]);
        define(&door, containers).await;
        let task = run(&door, json!({})).await;
        let task = until(&door, &task, "STOPPED").await;
        let codes: Vec<_> = (0..2)
            .map(|at| task["containers"][at]["exitCode"].clone())
            .collect();
        assert_eq!(json!(codes), exit, "{check}");
        assert_eq!(task["containers"][1]["healthStatus"], healthy);
        assert_eq!(task["healthStatus"], healthy);
    }
}
