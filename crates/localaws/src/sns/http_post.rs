//! A POST to a program on this machine, as small as deliveries need it. Other machines are never
//! reached: a local AWS must not speak to the world.

use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an endpoint may take, in real time, as SNS gives it.
const PATIENCE: Duration = Duration::from_secs(15);

/// Whether an endpoint can be delivered to; the error says why not.
pub(super) fn check(url: &str) -> Result<(), String> {
    parse(url).map(|_| ())
}

/// Posts a body and expects any 2xx.
pub(super) async fn post(url: &str, headers: &[(&str, String)], body: &str) -> Result<(), String> {
    let (authority, host, port, path) = parse(url)?;
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: {}\r\nUser-Agent: Amazon Simple Notification Service Agent\r\nConnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    let exchange = async {
        let mut stream = TcpStream::connect((host, port)).await?;
        stream.write_all(request.as_bytes()).await?;
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await?;
        Ok::<_, std::io::Error>(answer)
    };
    match timeout(PATIENCE, exchange).await {
        Ok(Ok(answer))
            if answer.starts_with(b"HTTP/1.1 2") || answer.starts_with(b"HTTP/1.0 2") =>
        {
            Ok(())
        }
        Ok(Ok(answer)) => Err(format!("answered {}", String::from_utf8_lossy(&answer))),
        Ok(Err(error)) => Err(error.to_string()),
        Err(_) => Err("no answer in time".to_owned()),
    }
}

fn parse(url: &str) -> Result<(&str, &str, u16, &str), String> {
    let rest = url.strip_prefix("http://");
    let rest = rest.ok_or("Endpoint must match the specified protocol")?;
    let at = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(at);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => {
            let port = port.parse().map_err(|_| "Endpoint Reason: not a port")?;
            (host, port)
        }
        _ => (authority, 80),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = host
        .parse::<IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    if host != "localhost" && !loopback {
        return Err("Endpoint Reason: this endpoint delivers to this machine only".to_owned());
    }
    Ok((
        authority,
        host,
        port,
        if path.is_empty() { "/" } else { path },
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        for (url, wanted) in [
            (
                "http://127.0.0.1:8080/x?y",
                Some(("127.0.0.1", 8080, "/x?y")),
            ),
            ("http://localhost", Some(("localhost", 80, "/"))),
            ("http://[::1]:81/a", Some(("::1", 81, "/a"))),
            ("http://[::1]/a", Some(("::1", 80, "/a"))),
            ("http://example.com/", None),
            ("http://127.0.0.1.example.com/", None),
            ("https://localhost/", None),
        ] {
            let parsed = parse(url)
                .ok()
                .map(|(_, host, port, path)| (host, port, path));
            assert_eq!(parsed, wanted, "{url}");
        }
    }
}
