//! Asking the server how it is, and telling it to stop.

use std::io::ErrorKind;
use std::time::Duration;

use serde::Deserialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::HOST;
use crate::failure::{Failure, Result};

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
}

/// How the server on a port is; `None` when nobody listens there.
pub async fn health(port: u16) -> Result<Option<Health>> {
    let Some(body) = ask(port, "GET", "health").await? else {
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
    Ok(ask(port, "POST", "stop").await?.is_some())
}

/// One request to the server's own (not AWS's) paths. Loopback, two paths, no headers: not worth
/// an HTTP client.
async fn ask(port: u16, method: &str, path: &str) -> Result<Option<String>> {
    let answer = async {
        let mut stream = TcpStream::connect((HOST, port)).await?;
        let request = format!(
            "{method} /_footwork/{path} HTTP/1.0\r\nhost: {HOST}:{port}\r\ncontent-length: 0\r\n\r\n"
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
    let body = text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    Ok(Some(body.to_owned()))
}
