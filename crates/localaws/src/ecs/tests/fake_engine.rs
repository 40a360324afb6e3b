//! A container engine of a few requests, as Docker answers them: what its containers "do" is said
//! by their commands. For machines without an engine, and for ends that are hard to bring about.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get, post};
use axum::{Json, Router};
use http::StatusCode;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::UnixListener;

use super::*;
use crate::ecs::Containers;

/// What containers were created with, by id.
type Created = Arc<Mutex<Vec<Value>>>;

/// Serves the engine; its socket lives as long as the folder.
fn serve() -> (TempDir, PathBuf, Created) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("engine.sock");
    let created = Created::default();
    let router = Router::new()
        .route("/images/create", post(pull))
        .route("/images/{name}/json", get(image))
        .route("/containers/create", post(create))
        .route("/containers/{id}/start", post(start))
        .route("/containers/{id}/logs", get(logs))
        .route("/containers/{id}/wait", post(wait))
        .route("/containers/{id}/json", get(inspect))
        .route("/containers/{id}", delete(StatusCode::NO_CONTENT))
        .fallback(any(StatusCode::NOT_FOUND))
        .with_state(Arc::clone(&created));
    let listener = UnixListener::bind(&socket).unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    (folder, socket, created)
}

async fn image(Path(name): Path<String>) -> Response {
    match name.as_str() {
        "here" => Json(json!({ "RepoDigests": ["here@sha256:1"] })).into_response(),
        _ => (
            StatusCode::NOT_FOUND,
            Json(json!({ "message": "no such image" })),
        )
            .into_response(),
    }
}

async fn pull(RawQuery(query): RawQuery) -> String {
    assert_eq!(query.unwrap(), "fromImage=gone%3Alatest");
    "{\"status\":\"Pulling\"}\n{\"error\":\"pull access denied for gone\"}\n".to_owned()
}

async fn create(State(created): State<Created>, Json(body): Json<Value>) -> Response {
    let mut created = created.lock().unwrap();
    created.push(body);
    (
        StatusCode::CREATED,
        Json(json!({ "Id": (created.len() - 1).to_string() })),
    )
        .into_response()
}

/// The first word of the container's command.
fn word(created: &Created, id: &str) -> String {
    let created = created.lock().unwrap();
    created[id.parse::<usize>().unwrap()]["Cmd"][0]
        .as_str()
        .unwrap()
        .to_owned()
}

async fn start(State(created): State<Created>, Path(id): Path<String>) -> Response {
    match word(&created, &id).as_str() {
        "unknown" => {
            let message = "OCI runtime create failed: exec: \"unknown\": not found";
            (StatusCode::BAD_REQUEST, Json(json!({ "message": message }))).into_response()
        }
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

async fn logs(State(created): State<Created>, Path(id): Path<String>) -> Body {
    let word = word(&created, &id);
    let mut frame = vec![1, 0, 0, 0, 0, 0, 0, u8::try_from(word.len() + 1).unwrap()];
    frame.extend(format!("{word}\n").bytes());
    Body::from(Bytes::from(frame))
}

async fn wait() -> Json<Value> {
    Json(json!({ "StatusCode": 137 }))
}

async fn inspect(State(created): State<Created>, Path(id): Path<String>) -> Json<Value> {
    let memory = word(&created, &id) == "eat";
    let code = if memory { 137 } else { 3 };
    Json(json!({ "State": { "ExitCode": code, "OOMKilled": memory } }))
}

#[tokio::test]
async fn an_engine_is_asked_as_it_understands() {
    let (_folder, socket, created) = serve();
    let door = Door::open_with(Containers::Engine {
        name: "Fake 1".to_owned(),
        socket,
        shares_network: true,
    });
    door.ok("ecs", "CreateCluster", json!({ "clusterName": "c" }))
        .await;
    for (image, word, stop, exit, reason) in [
        (
            "here",
            "say",
            "EssentialContainerExited",
            json!(3),
            json!(null),
        ),
        (
            "here",
            "eat",
            "EssentialContainerExited",
            json!(137),
            json!("OutOfMemoryError: Container killed due to memory usage"),
        ),
        (
            "here",
            "unknown",
            "TaskFailedToStart",
            json!(null),
            json!(
                "CannotStartContainerError: Error response from daemon: OCI runtime create failed: exec: \"unknown\": not found"
            ),
        ),
        ("gone", "say", "TaskFailedToStart", json!(null), json!(null)),
    ] {
        let container = json!([{
            "name": "main", "image": image, "command": [word], "memory": 64,
            "logConfiguration": { "logDriver": "awslogs", "options": {
                "awslogs-group": "g", "awslogs-stream-prefix": "p", "awslogs-create-group": "true" } },
        }]);
        define(&door, container).await;
        let task = run(&door, json!({})).await;
        let task = until(&door, &task, "STOPPED").await;
        let container = &task["containers"][0];
        assert_eq!(
            (
                task["stopCode"].as_str(),
                &container["exitCode"],
                &container["reason"]
            ),
            (Some(stop), &exit, &reason),
            "{task:#}"
        );
        if image == "gone" {
            assert_eq!(
                task["stoppedReason"],
                "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed \
                 to resolve ref docker.io/library/gone:latest: pull access denied for gone"
            );
        } else {
            assert_eq!(container["imageDigest"], "sha256:1");
        }
    }
    let logged = door
        .ok("logs", "FilterLogEvents", json!({ "logGroupName": "g" }))
        .await;
    let lines = logged["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["message"].clone());
    assert_eq!(lines.collect::<Vec<_>>(), ["say", "eat"]);
    let asked = created.lock().unwrap()[0].clone();
    assert_eq!(asked["HostConfig"]["Memory"], 64 << 20);
    assert_eq!(asked["HostConfig"]["NanoCpus"], 250_000_000);
    assert_eq!(asked["HostConfig"]["NetworkMode"], "host");
    let environment = asked["Env"].as_array().unwrap();
    assert!(environment.contains(&json!("AWS_ENDPOINT_URL=http://127.0.0.1:4566")));
}
