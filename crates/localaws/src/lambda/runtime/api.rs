//! The Runtime API on a loopback port of its own for each worker: `invocation/next`,
//! `invocation/<id>/response`, `invocation/<id>/error` and `init/error`.
//!
//! Paths, headers and errors: "Using the Lambda runtime API for custom runtimes" in the Lambda
//! developer guide.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;

/// Most bytes of a response.
pub(super) const MOST_RESPONSE: usize = 6_291_556;

/// One event for the function.
#[derive(Debug)]
pub(super) struct Invocation {
    pub(super) request_id: String,
    pub(super) payload: Bytes,
    pub(super) function_arn: String,
    /// Milliseconds since 1970 by the machine's clock, which is the one that the process reads.
    pub(super) deadline: i64,
    pub(super) trace: String,
    pub(super) client_context: Option<String>,
}

/// What the function made of an event.
#[derive(Debug)]
pub(super) enum Answer {
    Response(Bytes),
    /// The body as the runtime posted it, and the type that its header names.
    Error(Bytes, Option<String>),
    TooLarge,
}

/// The Runtime API of one worker. Dropping it ends the listener.
pub(super) struct RuntimeApi {
    pub(super) address: SocketAddr,
    session: Arc<Session>,
    events: mpsc::UnboundedSender<Invocation>,
    server: JoinHandle<()>,
}

struct Session {
    events: tokio::sync::Mutex<mpsc::UnboundedReceiver<Invocation>>,
    /// The event that is being worked on, and who waits for its answer.
    current: Mutex<Option<(String, oneshot::Sender<Answer>)>>,
    /// How often the runtime asked for an event.
    asked: watch::Sender<u64>,
    init_error: watch::Sender<Option<(Bytes, Option<String>)>>,
}

impl RuntimeApi {
    pub(super) async fn start() -> io::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let (events, receiver) = mpsc::unbounded_channel();
        let session = Arc::new(Session {
            events: tokio::sync::Mutex::new(receiver),
            current: Mutex::new(None),
            asked: watch::Sender::new(0),
            init_error: watch::Sender::new(None),
        });
        let router = Router::new()
            .route("/2018-06-01/runtime/invocation/next", get(next))
            .route(
                "/2018-06-01/runtime/invocation/{id}/response",
                post(response),
            )
            .route("/2018-06-01/runtime/invocation/{id}/error", post(error))
            .route("/2018-06-01/runtime/init/error", post(init_error))
            .with_state(Arc::clone(&session));
        let server = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::warn!(%error, "a runtime API ended");
            }
        });
        Ok(Self {
            address,
            session,
            events,
            server,
        })
    }

    /// Hands an event to the runtime; the answer comes through the receiver.
    pub(super) fn send(&self, invocation: Invocation) -> oneshot::Receiver<Answer> {
        let (sender, receiver) = oneshot::channel();
        *self.session.current() = Some((invocation.request_id.clone(), sender));
        // Fails only when the listener is gone; then the process is, and that is noticed.
        let _ = self.events.send(invocation);
        receiver
    }

    /// How often the runtime asked for an event so far.
    pub(super) fn asked(&self) -> u64 {
        *self.session.asked.borrow()
    }

    /// Waits until the runtime asked more often than that.
    pub(super) async fn asks_again(&self, after: u64) {
        let mut asked = self.session.asked.subscribe();
        // The sender lives as long as `self`.
        let _ = asked.wait_for(|count| *count > after).await;
    }

    /// Waits for an error that the runtime reports instead of asking for an event.
    pub(super) async fn init_error(&self) -> (Bytes, Option<String>) {
        let mut reported = self.session.init_error.subscribe();
        let error = reported.wait_for(Option::is_some).await;
        let error = error.ok().and_then(|error| error.clone());
        match error {
            Some(error) => error,
            None => std::future::pending().await,
        }
    }
}

impl Drop for RuntimeApi {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Session {
    fn current(&self) -> std::sync::MutexGuard<'_, Option<(String, oneshot::Sender<Answer>)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes an answer on; `false` when it is to an event that nobody waits for.
    fn answer(&self, id: &str, answer: Answer) -> bool {
        let mut current = self.current();
        match current.take_if(|(expected, _)| expected == id) {
            Some((_, waiting)) => waiting.send(answer).is_ok(),
            None => false,
        }
    }
}

async fn next(State(session): State<Arc<Session>>) -> Response {
    session.asked.send_modify(|count| *count += 1);
    let event = session.events.lock().await.recv().await;
    let Some(event) = event else {
        return StatusCode::GONE.into_response();
    };
    let mut headers = HeaderMap::new();
    let context = event.client_context.unwrap_or_default();
    for (name, value) in [
        ("lambda-runtime-aws-request-id", event.request_id),
        ("lambda-runtime-deadline-ms", event.deadline.to_string()),
        ("lambda-runtime-invoked-function-arn", event.function_arn),
        ("lambda-runtime-trace-id", event.trace),
        ("lambda-runtime-client-context", context),
        ("content-type", "application/json".to_owned()),
    ] {
        if let (false, Ok(value)) = (value.is_empty(), value.parse()) {
            headers.insert(name, value);
        }
    }
    (headers, Body::from(event.payload)).into_response()
}

async fn response(
    State(session): State<Arc<Session>>,
    Path(id): Path<String>,
    body: Body,
) -> Response {
    let Ok(body) = axum::body::to_bytes(body, MOST_RESPONSE).await else {
        session.answer(&id, Answer::TooLarge);
        let why = "Exceeded maximum allowed payload size (6291556 bytes).";
        let error = json!({ "errorType": "RequestEntityTooLarge", "errorMessage": why });
        return (StatusCode::PAYLOAD_TOO_LARGE, error.to_string()).into_response();
    };
    accepted(session.answer(&id, Answer::Response(body)))
}

async fn error(
    State(session): State<Arc<Session>>,
    Path(id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let (body, kind) = error_of(&headers, body).await;
    accepted(session.answer(&id, Answer::Error(body, kind)))
}

async fn init_error(
    State(session): State<Arc<Session>>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let reported = error_of(&headers, body).await;
    session.init_error.send_replace(Some(reported));
    accepted(true)
}

async fn error_of(headers: &HeaderMap, body: Body) -> (Bytes, Option<String>) {
    let kind = headers.get("lambda-runtime-function-error-type");
    let kind = kind.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let body = axum::body::to_bytes(body, MOST_RESPONSE).await;
    (body.unwrap_or_default(), kind)
}

fn accepted(known: bool) -> Response {
    match known {
        true => (StatusCode::ACCEPTED, r#"{"status":"OK"}"#).into_response(),
        false => {
            let why = r#"{"errorMessage":"Invalid request ID","errorType":"InvalidRequestID"}"#;
            (StatusCode::BAD_REQUEST, why).into_response()
        }
    }
}
