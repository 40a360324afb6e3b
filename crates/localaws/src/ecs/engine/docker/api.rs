//! Requests to an engine over its socket: one connection a request.

use std::path::{Path, PathBuf};

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::UnixStream;

use crate::params::Params;

/// Where an engine is reached.
#[derive(Debug, Clone)]
pub(super) struct Api {
    socket: PathBuf,
}

impl Api {
    pub(super) fn new(socket: &Path) -> Self {
        Self {
            socket: socket.to_owned(),
        }
    }

    /// Reads something; the error is the engine's message.
    pub(super) async fn get(&self, path: &str) -> Result<Value, String> {
        self.ask(Method::GET, path, None).await
    }

    /// Makes or does something.
    pub(super) async fn post(&self, path: &str, body: Option<&Value>) -> Result<Value, String> {
        self.ask(Method::POST, path, body).await
    }

    /// Removes something.
    pub(super) async fn delete(&self, path: &str) -> Result<Value, String> {
        self.ask(Method::DELETE, path, None).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Value, String> {
        let answer = self.open(method, path, body).await?;
        let bytes = answer
            .collect()
            .await
            .map_err(|error| error.to_string())?
            .to_bytes();
        Ok(serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// Sends a request and gives the body of the answer as it comes.
    pub(super) async fn open(
        &self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Incoming, String> {
        let text = |error: &dyn std::fmt::Display| error.to_string();
        let stream = UnixStream::connect(&self.socket)
            .await
            .map_err(|error| text(&error))?;
        let (mut sender, connection) = handshake(TokioIo::new(stream))
            .await
            .map_err(|error| text(&error))?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a container engine's connection broke");
            }
        });
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, "engine");
        let bytes = body.map_or_else(Bytes::new, |body| Bytes::from(body.to_string()));
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let request = request
            .body(Full::new(bytes))
            .map_err(|error| text(&error))?;
        let answer = sender
            .send_request(request)
            .await
            .map_err(|error| text(&error))?;
        // 304: it is as it was asked for already.
        if answer.status().is_success() || answer.status() == StatusCode::NOT_MODIFIED {
            return Ok(answer.into_body());
        }
        let status = answer.status();
        let bytes = answer
            .into_body()
            .collect()
            .await
            .map_err(|error| text(&error))?
            .to_bytes();
        let said: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        let message = said.text("message").map(str::to_owned);
        Err(message.unwrap_or_else(|| status.to_string()))
    }
}

/// A text as a value in a query.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
    }
    escaped
}
