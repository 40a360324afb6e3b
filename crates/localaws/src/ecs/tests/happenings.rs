//! What happens to tasks on request, and where it is seen.

use serde_json::{Value, json};

use super::*;

impl Door {
    /// Asks for a fault.
    fn fault(&self, rule: Value) {
        let given = serde_json::from_value(rule).unwrap();
        self.aws.faults().add("f".to_owned(), given).unwrap();
    }
}

#[tokio::test]
async fn chance_strikes_on_request() {
    for (fault, code, reason, exit) in [
        (
            json!({ "at": "ecs:pull" }),
            "TaskFailedToStart",
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to \
             resolve ref docker.io/library/busybox:latest: pull access denied, repository does not \
             exist or may require authorization: server message: insufficient_scope: authorization \
             failed",
            json!(null),
        ),
        (
            json!({ "at": "ecs:capacity", "when": "\"family:f\"" }),
            "TaskFailedToStart",
            "Capacity is unavailable at this time. Please try again later or in a different \
             availability zone",
            json!(null),
        ),
        (
            json!({ "at": "ecs:start", "message": "no" }),
            "TaskFailedToStart",
            "CannotStartContainerError: ResourceInitializationError: failed to create new \
             container runtime task: no",
            json!(null),
        ),
        (
            json!({ "at": "ecs:memory" }),
            "EssentialContainerExited",
            "Essential container in task exited",
            json!(137),
        ),
        (
            json!({ "at": "ecs:spot", "delay": 90 }),
            "SpotInterruption",
            "Your Spot Task was interrupted.",
            json!(143),
        ),
    ] {
        let door = door("sleep 60").await;
        let providers = json!({
            "cluster": "c", "capacityProviders": ["FARGATE", "FARGATE_SPOT"],
            "defaultCapacityProviderStrategy": [{ "capacityProvider": "FARGATE_SPOT", "weight": 1 }],
        });
        door.ok("ecs", "PutClusterCapacityProviders", providers)
            .await;
        door.fault(fault.clone());
        let input = json!({
            "cluster": "c", "taskDefinition": "f",
            "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-1"] } },
        });
        let ran = door.ok("ecs", "RunTask", input).await;
        let arn = ran["tasks"][0]["taskArn"].as_str().unwrap();
        assert_eq!(ran["tasks"][0]["capacityProviderName"], "FARGATE_SPOT");
        let task = until(&door, arn, "STOPPED").await;
        let container = &task["containers"][0];
        assert_eq!(
            (
                task["stopCode"].as_str(),
                task["stoppedReason"].as_str(),
                &container["exitCode"]
            ),
            (Some(code), Some(reason), &exit),
            "{fault}"
        );
        if exit == json!(137) {
            assert_eq!(
                container["reason"],
                "OutOfMemoryError: Container killed due to memory usage"
            );
        }
        assert_eq!(door.aws.faults().list()[0].hits, 1);
    }
}

#[tokio::test]
async fn capacity_may_be_long_in_coming() {
    let door = door("true").await;
    door.fault(json!({ "at": "ecs:capacity", "delay": 1200 }));
    let task = run(&door, json!({})).await;
    door.pass(600).await;
    assert_eq!(describe(&door, &task).await["lastStatus"], "PROVISIONING");
    let task = until(&door, &task, "STOPPED").await;
    assert_eq!(task["containers"][0]["exitCode"], 0);
}

#[tokio::test]
async fn only_spot_is_interrupted() {
    let door = door("true").await;
    door.fault(json!({ "at": "ecs:spot" }));
    let task = run(&door, json!({})).await;
    assert_eq!(
        until(&door, &task, "STOPPED").await["containers"][0]["exitCode"],
        0
    );
}

#[tokio::test]
async fn images_of_the_accounts_registry_must_be_there() {
    let door = door("true").await;
    let image = "000000000000.dkr.ecr.eu-central-1.amazonaws.com/app:v1";
    define(
        &door,
        json!([{ "name": "main", "image": image, "command": ["true"] }]),
    )
    .await;
    let task = run(&door, json!({})).await;
    let task = until(&door, &task, "STOPPED").await;
    let reason = task["stoppedReason"].as_str().unwrap();
    assert!(reason.starts_with("CannotPullContainerError: "), "{reason}");
    assert!(
        reason.contains("The repository with name 'app' does not exist"),
        "{reason}"
    );
    assert_eq!(task["pullStartedAt"], json!(null));
    door.ok(
        "ecr",
        "CreateRepository",
        json!({ "repositoryName": "app" }),
    )
    .await;
    let put = json!({ "repositoryName": "app", "imageManifest": "{}", "imageTag": "v1" });
    let put = door.ok("ecr", "PutImage", put).await;
    let task = run(&door, json!({})).await;
    let task = until(&door, &task, "STOPPED").await;
    let container = &task["containers"][0];
    assert_eq!(container["exitCode"], 0);
    assert_eq!(
        container["imageDigest"],
        put["image"]["imageId"]["imageDigest"]
    );
}
