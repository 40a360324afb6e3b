//! The one loopback endpoint that AWS clients call.
//!
//! Turns HTTP requests into [`Call`](crate::Call)s and replies into HTTP responses, by the tables of
//! `awsapi`. Nothing is authenticated, so nothing but loopback is ever bound.

mod aws_calls;
mod browser;
mod own_paths;
mod task_metadata;

use std::future::Future;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, SocketAddr};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::serve::ListenerExt;
use http::{HeaderValue, StatusCode, header};
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::{Aws, Mark};
use own_paths::Health;

/// A bound port, not yet served.
#[derive(Debug)]
pub struct Endpoint {
    listener: TcpListener,
    address: SocketAddr,
}

/// Why an address cannot be served.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// Others could reach it.
    #[error("`{0}` is not a loopback address")]
    NotLoopback(IpAddr),
    /// Somebody listens there.
    #[error("port {0} is taken by another program")]
    Taken(u16),
    /// The system refused.
    #[error("cannot listen: {0}")]
    Other(#[source] io::Error),
}

/// The largest request: S3 allows 5 GiB a part, which would have to fit into memory here.
const BODY_LIMIT: usize = 1 << 30;

impl Endpoint {
    /// Takes a port on a loopback address; port 0 takes any free one.
    pub async fn bind(host: IpAddr, port: u16) -> Result<Self, BindError> {
        if !host.is_loopback() {
            return Err(BindError::NotLoopback(host));
        }
        let bound = async {
            let listener = TcpListener::bind((host, port)).await?;
            let address = listener.local_addr()?;
            Ok(Self { listener, address })
        };
        bound.await.map_err(|error: io::Error| match error.kind() {
            ErrorKind::AddrInUse => BindError::Taken(port),
            _ => BindError::Other(error),
        })
    }

    /// Base URL, for example `http://127.0.0.1:4566`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves until `stop` is done or a client asks it to stop. `home` is the folder of the state,
    /// as shown to people.
    pub async fn serve(
        self,
        aws: Aws,
        home: Option<String>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> io::Result<()> {
        let (asked, mut heard) = watch::channel(false);
        let store = aws.store().clone();
        let server = Server {
            health: Health::new(&aws, home),
            aws,
            stop: asked,
        };
        let router = Router::new().fallback(answer).with_state(server);
        let ended = async move {
            tokio::select! {
                () = stop => {}
                _ = heard.wait_for(|asked| *asked) => {}
            }
        };
        // Answers are written whole, so waiting for more to send with them only costs time.
        let listener = self.listener.tap_io(|connection| {
            if let Err(error) = connection.set_nodelay(true) {
                tracing::debug!(%error, "answers may be late");
            }
        });
        // Clients keep connections open for minutes, so stopping does not wait for them.
        let ended = tokio::select! {
            ended = async { axum::serve(listener, router).await } => ended,
            () = ended => Ok(()),
        };
        store.settled(Mark::default()).await;
        ended
    }
}

#[derive(Clone)]
struct Server {
    aws: Aws,
    health: Health,
    stop: watch::Sender<bool>,
}

async fn answer(State(server): State<Server>, request: Request) -> Response {
    if let Some(refusal) = browser::refusal(&request) {
        return (StatusCode::FORBIDDEN, refusal).into_response();
    }
    let (parts, body) = request.into_parts();
    let expects = parts.headers.contains_key(header::EXPECT);
    let Ok(body) = to_bytes(body, BODY_LIMIT).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    if let Some(path) = parts.uri.path().strip_prefix("/_footwork/") {
        if let Some(task) = path.strip_prefix("ecs/v4/") {
            return task_metadata::answer(&server.aws, task).await;
        }
        let asked = (&parts.method, path);
        return own_paths::answer(&server.aws, &server.health, &server.stop, asked, &body);
    }
    let empty = body.is_empty();
    let request = http::Request::from_parts(parts, body);
    let before = server.aws.store().mark();
    let answering = aws_calls::answer(server.aws.clone(), request);
    let response = server.aws.clock().track(answering).await;
    // What a client was told, no `kill -9` takes back.
    server.aws.store().settled(before).await;
    let mut response = response.map(Body::from);
    if expects && empty {
        // botocore keeps a stale status of `100 Continue` after an empty body, and its next
        // request on the connection would wait for an answer that was given.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(header::CONNECTION, close);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_loopback_is_bound() {
        let open = Endpoint::bind("0.0.0.0".parse().unwrap(), 0).await;
        assert_eq!(
            open.unwrap_err().to_string(),
            "`0.0.0.0` is not a loopback address"
        );
        let host = "127.0.0.1".parse().unwrap();
        let first = Endpoint::bind(host, 0).await.unwrap();
        let port = first.address.port();
        let second = Endpoint::bind(host, port).await.unwrap_err();
        assert_eq!(
            second.to_string(),
            format!("port {port} is taken by another program")
        );
    }
}
