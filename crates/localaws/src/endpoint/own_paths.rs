//! The server's own paths, below `/_footwork/`: how it is, faults on request, and stop.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde::Serialize;
use serde_json::json;
use tokio::sync::watch;

use crate::Aws;

/// What the server says of itself.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Health {
    version: &'static str,
    pid: u32,
    endpoint: String,
    fast: bool,
    home: Option<String>,
    services: Vec<&'static str>,
    containers: String,
}

impl Health {
    pub(super) fn new(aws: &Aws, home: Option<String>) -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            pid: std::process::id(),
            endpoint: aws.endpoint().to_owned(),
            fast: aws.clock().is_fast(),
            home,
            services: aws.service_names(),
            containers: aws.containers().to_string(),
        }
    }
}

pub(super) fn answer(
    aws: &Aws,
    health: &Health,
    stop: &watch::Sender<bool>,
    (method, path): (&Method, &str),
    body: &[u8],
) -> Response {
    if let Some(id) = path.strip_prefix("faults") {
        return faults(aws, method, id.strip_prefix('/'), body);
    }
    match (method, path) {
        (&Method::GET, "health") => Json(health).into_response(),
        (&Method::POST, "stop") => {
            stop.send_replace(true);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Faults on request: what holds, one more, one or all less.
fn faults(aws: &Aws, method: &Method, id: Option<&str>, body: &[u8]) -> Response {
    let refused =
        |why: String| (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    match (method, id) {
        (&Method::GET, None) => Json(aws.faults().list()).into_response(),
        (&Method::POST, None) => {
            let given = match serde_json::from_slice(body) {
                Ok(given) => given,
                Err(error) => return refused(error.to_string()),
            };
            match aws.faults().add(aws.ids().hex(8), given) {
                Ok(rule) => Json(rule).into_response(),
                Err(why) => refused(why),
            }
        }
        (&Method::DELETE, id) => {
            let removed = aws.faults().remove(id);
            Json(json!({ "removed": removed })).into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
