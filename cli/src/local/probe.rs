//! Asking the server how it is, telling it to stop, and asking it for faults.

use std::io::ErrorKind;
use std::time::Duration;

use localaws::faults::Given;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::HOST;
use crate::failure::{Failure, Result};
use crate::ui::plain;

/// What the server says of itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Health {
    /// Version of the program that serves.
    pub version: String,
    /// Its process id.
    pub pid: u32,
    /// Base URL.
    pub endpoint: String,
    /// Whether time is virtual.
    pub fast: bool,
    /// Folder of the state, absent in memory.
    pub home: Option<String>,
    /// Names of the services.
    pub services: Vec<String>,
    /// How tasks of ECS run: `processes`, or the engine and its socket.
    pub containers: String,
}

/// How the server on a port is; `None` when nobody listens there.
pub async fn health(port: u16) -> Result<Option<Health>> {
    let Some((_, body)) = ask(port, "GET", "health", "").await? else {
        return Ok(None);
    };
    serde_json::from_str(&body).map(Some).map_err(|_| {
        Failure::new(format!("port {port} is taken by another program")).help(
            "stop it, or choose a port with `footwork local start --port` and use `--endpoint-url`",
        )
    })
}

/// Tells the server on a port to stop; false when nobody listens there.
pub async fn stop(port: u16) -> Result<bool> {
    Ok(ask(port, "POST", "stop", "").await?.is_some())
}

/// The faults that hold on the server on a port.
pub async fn faults(port: u16) -> Result<Value> {
    asked(port, "GET", "faults", "").await
}

/// Adds a fault; the answer is the rule that holds now.
pub async fn add_fault(port: u16, given: &Given) -> Result<Value> {
    asked(port, "POST", "faults", &json!(given).to_string()).await
}

/// Takes a fault back, or all of them; the answer says how many.
pub async fn clear_faults(port: u16, id: Option<&str>) -> Result<Value> {
    let path = id.map_or_else(|| "faults".to_owned(), |id| format!("faults/{id}"));
    asked(port, "DELETE", &path, "").await
}

/// Asks a server that must run for JSON.
async fn asked(port: u16, method: &str, path: &str, body: &str) -> Result<Value> {
    let Some((status, body)) = ask(port, method, path, body).await? else {
        return Err(Failure::new(format!("no local AWS runs on port {port}"))
            .help("start one with `footwork local start`"));
    };
    let answer: Value = serde_json::from_str(&body).unwrap_or_default();
    if status == 200 {
        return Ok(answer);
    }
    let why = answer.get("error").and_then(Value::as_str);
    Err(Failure::new(plain(
        why.unwrap_or("the server knows no faults"),
    )))
}

/// One request to the server's own (not AWS's) paths; status and body of the answer. Loopback, a
/// few paths, no headers: not worth an HTTP client.
async fn ask(port: u16, method: &str, path: &str, body: &str) -> Result<Option<(u16, String)>> {
    let answer = async {
        let mut stream = TcpStream::connect((HOST, port)).await?;
        let length = body.len();
        let request = format!(
            "{method} /_footwork/{path} HTTP/1.0\r\nhost: {HOST}:{port}\r\ncontent-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(request.as_bytes()).await?;
        let mut text = Vec::new();
        stream.read_to_end(&mut text).await?;
        Ok::<_, std::io::Error>(String::from_utf8_lossy(&text).into_owned())
    };
    let answer = tokio::time::timeout(Duration::from_secs(5), answer).await;
    let text = match answer {
        Ok(Ok(text)) => text,
        Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => return Ok(None),
        Ok(Err(error)) => return Err(Failure::io(format!("ask {HOST}:{port}"), &error)),
        Err(_) => return Err(Failure::new(format!("{HOST}:{port} does not answer"))),
    };
    let status = text.split(' ').nth(1).and_then(|code| code.parse().ok());
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok(Some((status.unwrap_or_default(), body.to_owned())))
}
