//! The server's own paths, below `/_footwork/`: how it is, and stop.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::{Method, StatusCode};
use serde::Serialize;
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
        }
    }
}

pub(super) fn answer(
    health: &Health,
    stop: &watch::Sender<bool>,
    method: &Method,
    path: &str,
) -> Response {
    match (method, path) {
        (&Method::GET, "health") => Json(health).into_response(),
        (&Method::POST, "stop") => {
            stop.send_replace(true);
            StatusCode::NO_CONTENT.into_response()
        }
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}
