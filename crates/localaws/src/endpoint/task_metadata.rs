//! The task metadata endpoint, version 4: what a container finds at
//! `ECS_CONTAINER_METADATA_URI_V4` of itself (no path) and of its task (`/task`).
//!
//! Answers what `DescribeTasks` and `DescribeTaskDefinition` tell, in the form of "Amazon ECS task
//! metadata endpoint version 4" of the developer guide. Statistics are not kept.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{Aws, Scope};

/// Answers for a path `<region>/<cluster>/<task>/<container>` or one with `/task` behind it.
pub(super) async fn answer(aws: &Aws, path: &str) -> Response {
    let parts: Vec<&str> = path.split('/').collect();
    let found = match parts.as_slice() {
        [region, cluster, task, container] => {
            let found = task_of(aws, region, cluster, task).await;
            found.and_then(|(task, definition)| {
                let mut containers = task.items("containers").iter();
                let own = containers.find(|one| one.text("name") == Some(container))?;
                Some(shown(&task, own, &definition))
            })
        }
        [region, cluster, task, _, "task"] => {
            let found = task_of(aws, region, cluster, task).await;
            found.map(|(task, definition)| whole(&task, &definition))
        }
        _ => None,
    };
    match found {
        Some(found) => Json(found).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// A task and its definition.
async fn task_of(aws: &Aws, region: &str, cluster: &str, task: &str) -> Option<(Value, Value)> {
    let scope = Scope::new(region);
    let input = json!({ "cluster": cluster, "tasks": [task] });
    let tasks = aws.call(&scope, "ecs", "DescribeTasks", input).await.ok()?;
    let task = tasks.items("tasks").first()?.clone();
    let input = json!({ "taskDefinition": task.text("taskDefinitionArn") });
    let definition = aws
        .call(&scope, "ecs", "DescribeTaskDefinition", input)
        .await
        .ok()?;
    Some((task, definition.get("taskDefinition")?.clone()))
}

fn whole(task: &Value, definition: &Value) -> Value {
    let containers = task.items("containers").iter();
    let limit = |name: &str| task.text(name).and_then(|text| text.parse::<f64>().ok());
    json!({
        "Cluster": task.text("clusterArn"),
        "TaskARN": task.text("taskArn"),
        "Family": definition.text("family"),
        "Revision": definition.number("revision").map(|number| number.to_string()),
        "DesiredStatus": task.text("desiredStatus"),
        "KnownStatus": task.text("lastStatus"),
        "Limits": { "CPU": limit("cpu").map(|units| units / 1024.0), "Memory": limit("memory") },
        "PullStartedAt": task.text("pullStartedAt"),
        "PullStoppedAt": task.text("pullStoppedAt"),
        "AvailabilityZone": task.text("availabilityZone"),
        "LaunchType": task.text("launchType"),
        "Containers": containers.map(|one| shown(task, one, definition)).collect::<Vec<_>>(),
    })
}

fn shown(task: &Value, container: &Value, definition: &Value) -> Value {
    let name = container.text("name");
    let mut declared = definition.items("containerDefinitions").iter();
    let declared = declared.find(|one| one.text("name") == name);
    let options = declared
        .and_then(|one| one.map("logConfiguration"))
        .and_then(|log| log.map("options"));
    json!({
        "DockerId": container.text("runtimeId"),
        "Name": name,
        "DockerName": name,
        "Image": container.text("image"),
        "ImageID": container.text("imageDigest"),
        "Labels": {
            "com.amazonaws.ecs.cluster": task.text("clusterArn"),
            "com.amazonaws.ecs.container-name": name,
            "com.amazonaws.ecs.task-arn": task.text("taskArn"),
            "com.amazonaws.ecs.task-definition-family": definition.text("family"),
            "com.amazonaws.ecs.task-definition-version":
                definition.number("revision").map(|number| number.to_string()),
        },
        "DesiredStatus": task.text("desiredStatus"),
        "KnownStatus": container.text("lastStatus"),
        "ContainerARN": container.text("containerArn"),
        "Type": "NORMAL",
        "LogDriver": declared
            .and_then(|one| one.map("logConfiguration"))
            .and_then(|log| log.text("logDriver")),
        "LogOptions": options,
        "Networks": [{ "NetworkMode": "awsvpc", "IPv4Addresses": ["127.0.0.1"] }],
    })
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;

    use super::*;
    use crate::testing::Door;

    #[tokio::test]
    async fn a_task_is_told_of_itself() {
        let door = Door::open();
        door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
            .await;
        let definition = json!({
            "family": "f", "requiresCompatibilities": ["FARGATE"], "networkMode": "awsvpc",
            "cpu": "256", "memory": "512",
            "containerDefinitions": [{ "name": "main", "image": "i", "command": ["true"] }],
        });
        door.ok("ecs", "RegisterTaskDefinition", definition).await;
        let run = json!({
            "cluster": "c", "taskDefinition": "f", "launchType": "FARGATE",
            "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["s"] } },
        });
        let ran = door.ok("ecs", "RunTask", run).await;
        let arn = ran["tasks"][0]["taskArn"].as_str().unwrap();
        let id = arn.rsplit('/').next().unwrap();
        let ask = async |path: String| {
            let answer = answer(&door.aws, &path).await;
            let status = answer.status().as_u16();
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            (
                status,
                serde_json::from_slice::<Value>(&body).unwrap_or_default(),
            )
        };
        let own = format!("eu-central-1/c/{id}/main");
        let (_, container) = ask(own.clone()).await;
        assert_eq!(container["Labels"]["com.amazonaws.ecs.task-arn"], arn);
        let (_, task) = ask(format!("{own}/task")).await;
        assert_eq!(
            (&task["Family"], &task["Limits"]["CPU"]),
            (&json!("f"), &json!(0.25))
        );
        assert_eq!(ask(format!("{own}/stats")).await.0, 404);
        assert_eq!(ask("eu-central-1/c/0/main".to_owned()).await.0, 404);
    }
}
