//! Tasks as containers of a real engine, where one answers and has the image that
//! `FOOTWORK_TEST_IMAGE` names (one with a shell). Says what it used.

#![expect(
    clippy::print_stderr,
    reason = "who reads the tests' output wants to know what they used"
)]

use serde_json::json;

use super::*;
use crate::ecs::{Choice, Containers};

/// A door whose containers run by an engine; nothing where there is none to test with.
async fn engine() -> Option<(Door, String)> {
    let Ok(image) = std::env::var("FOOTWORK_TEST_IMAGE") else {
        eprintln!("skipped: FOOTWORK_TEST_IMAGE names no image");
        return None;
    };
    match Containers::find(Choice::Docker).await {
        Ok(found) => {
            eprintln!("containers by {found}");
            Some((Door::open_with(found), image))
        }
        Err(why) => {
            eprintln!("skipped: {why}");
            None
        }
    }
}

fn logged(name: &str, image: &str, script: &str) -> Value {
    json!({
        "name": name, "image": image, "command": ["sh", "-c", script],
        "logConfiguration": { "logDriver": "awslogs", "options": {
            "awslogs-group": "g", "awslogs-stream-prefix": "p", "awslogs-create-group": "true" } },
    })
}

#[tokio::test]
async fn containers_really_run() {
    let Some((door, image)) = engine().await else {
        return;
    };
    door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
        .await;
    let mut main = logged(
        "main",
        &image,
        "echo $A; cat /shared/from; cat /etc/hostname > /dev/null; exit 4",
    );
    main["environment"] = json!([{ "name": "A", "value": "from the environment" }]);
    main["mountPoints"] = json!([{ "sourceVolume": "v", "containerPath": "/shared" }]);
    main["dependsOn"] = json!([{ "containerName": "side", "condition": "HEALTHY" }]);
    let side = json!({
        "name": "side", "image": image, "essential": false,
        "command": ["sh", "-c", "echo neighbour > /shared/from; sleep 60"],
        "mountPoints": [{ "sourceVolume": "v", "containerPath": "/shared" }],
        "healthCheck": { "command": ["CMD-SHELL", "test -e /shared/from"] },
        "stopTimeout": 2,
    });
    let definition = json!({
        "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
        "cpu": "256", "memory": "512", "executionRoleArn": "arn:aws:iam::000000000000:role/e",
        "containerDefinitions": [main, side], "volumes": [{ "name": "v" }],
    });
    door.ok("ecs", "RegisterTaskDefinition", definition).await;
    let arn = run(&door, json!({})).await;
    let task = until(&door, &arn, "STOPPED").await;
    assert_eq!(task["stopCode"], "EssentialContainerExited", "{task:#}");
    assert_eq!(task["containers"][0]["exitCode"], 4, "{task:#}");
    assert_eq!(task["containers"][1]["exitCode"], 137);
    let stream = format!("p/main/{}", arn.rsplit('/').next().unwrap());
    let stream = json!({ "logGroupName": "g", "logStreamName": stream });
    let events = door.ok("logs", "GetLogEvents", stream).await;
    let lines: Vec<_> = (0..2)
        .map(|at| events["events"][at]["message"].clone())
        .collect();
    assert_eq!(lines, ["from the environment", "neighbour"]);
}

#[tokio::test]
async fn what_goes_wrong_is_told_in_ecss_words() {
    let Some((door, image)) = engine().await else {
        return;
    };
    door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
        .await;
    let missing = "localhost:1/no-such-image";
    let eater = "a=$(head -c 100000000 /dev/zero | tr '\\0' x); echo ${#a}";
    for (container, code, exit, said) in [
        (
            json!({ "name": "main", "image": missing, "command": ["true"] }),
            "TaskFailedToStart",
            json!(null),
            "CannotPullContainerError: ",
        ),
        (
            json!({ "name": "main", "image": image, "command": ["no-such-program"] }),
            "TaskFailedToStart",
            json!(null),
            "CannotStartContainerError: ",
        ),
        (
            json!({ "name": "main", "image": image, "memory": 16, "command": ["sh", "-c", eater] }),
            "EssentialContainerExited",
            json!(137),
            "OutOfMemoryError: Container killed due to memory usage",
        ),
    ] {
        define(&door, json!([container])).await;
        let task = run(&door, json!({})).await;
        let task = until(&door, &task, "STOPPED").await;
        let reason = task["containers"][0]["reason"].as_str();
        let ended = (
            task["stopCode"].as_str(),
            &task["containers"][0]["exitCode"],
        );
        assert_eq!(ended, (Some(code), &exit), "{task:#}");
        if reason.is_none() && exit == json!(137) {
            eprintln!("the engine does not tell why it killed the container");
            continue;
        }
        let reason = reason.or(task["stoppedReason"].as_str()).unwrap();
        assert!(reason.starts_with(said), "{reason}");
    }
}
