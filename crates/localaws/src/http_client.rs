//! Requests to programs elsewhere: endpoints that somebody configured, and targets on this
//! machine. Whether a target may be spoken to at all is decided by whoever asks.

use std::error::Error;
use std::net::IpAddr;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

/// How long a target may take, in real time, where nothing else is said.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

type Secure = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;
type Plain = Client<HttpConnector, Full<Bytes>>;

/// A client; connections are kept for the next request.
#[derive(Default)]
pub(crate) struct HttpClient {
    plain: OnceLock<Plain>,
    /// Made when first needed: reading the machine's certificates takes a while.
    secure: OnceLock<Result<Secure, String>>,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum NoAnswer {
    /// Not in time.
    TimedOut,
    /// The connection could not be made, or broke.
    Broken(String),
}

impl HttpClient {
    /// Sends a request and reads the whole answer, within `limit` of real time.
    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
        limit: Duration,
    ) -> Result<Response<Bytes>, NoAnswer> {
        match tokio::time::timeout(limit, self.exchange(request)).await {
            Ok(answer) => answer.map_err(NoAnswer::Broken),
            Err(_) => Err(NoAnswer::TimedOut),
        }
    }

    async fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, String> {
        let secure = request.uri().scheme_str() == Some("https");
        let request = request.map(Full::new);
        let answer = if secure {
            let client = self.secure.get_or_init(secure_client);
            client
                .as_ref()
                .map_err(Clone::clone)?
                .request(request)
                .await
        } else {
            let plain = || Client::builder(TokioExecutor::new()).build_http();
            self.plain.get_or_init(plain).request(request).await
        };
        let answer = answer.map_err(|error| reasons(&error))?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(|error| reasons(&error))?;
        Ok(Response::from_parts(head, body.to_bytes()))
    }
}

/// Refuses what is not on this machine; the error says so.
pub(crate) fn check_loopback(url: &str) -> Result<(), String> {
    let uri: Uri = url
        .parse()
        .map_err(|error| format!("`{url}` is not a URL: {error}"))?;
    let host = uri.host().unwrap_or_default();
    let plain = host.trim_start_matches('[').trim_end_matches(']');
    let address = plain.parse::<IpAddr>();
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err(format!("`{url}` is neither an HTTP nor an HTTPS URL"));
    }
    match host == "localhost" || address.is_ok_and(|address| address.is_loopback()) {
        true => Ok(()),
        false => Err(format!(
            "`{host}` is not on this machine, and this endpoint reaches no other"
        )),
    }
}

/// A URL with more query parameters.
pub(crate) fn with_query(url: &str, pairs: &[(String, String)]) -> String {
    match (pairs.is_empty(), url.contains('?')) {
        (true, _) => url.to_owned(),
        (false, true) => format!("{url}&{}", form(pairs)),
        (false, false) => format!("{url}?{}", form(pairs)),
    }
}

/// Pairs as forms and queries write them.
pub(crate) fn form(pairs: &[(String, String)]) -> String {
    let pairs = pairs.iter();
    let pairs = pairs.map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Percent-encodes everything but letters, digits and `-._~`.
pub(crate) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn secure_client() -> Result<Secure, String> {
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|error| format!("the machine's certificates cannot be read: {error}"))?
        .https_only()
        .enable_http1()
        .build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}

/// An error with what caused it.
fn reasons(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text = format!("{text}: {inner}");
        cause = inner.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_reached() {
        for (url, here) in [
            ("http://127.0.0.1:8080/x?y", true),
            ("http://localhost", true),
            ("https://[::1]:81/a", true),
            ("http://example.com/", false),
            ("http://127.0.0.1.example.com/", false),
            ("http://127.0.0.1@example.com/", false),
            ("ftp://localhost/", false),
            ("localhost:80", false),
        ] {
            assert_eq!(check_loopback(url).is_ok(), here, "{url}");
        }
    }
}
