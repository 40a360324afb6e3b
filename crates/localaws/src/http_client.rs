//! Requests to programs elsewhere: endpoints that somebody configured, and targets on this
//! machine. Whether a target may be spoken to at all is decided by whoever asks.

use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

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
