//! How an invocation ends, in Lambda's words.

use std::io;
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;

use bytes::Bytes;
use serde_json::{Value, json};

use super::api::Answer;

/// The end of an invocation, as `Invoke` answers it.
#[derive(Debug)]
pub(in crate::lambda) struct Outcome {
    pub(in crate::lambda) payload: Bytes,
    /// Whether the payload describes an error (`FunctionError: Unhandled`).
    pub(in crate::lambda) failed: bool,
    /// The last 4 KB of the log.
    pub(in crate::lambda) log: String,
}

/// Why a process gave no answer.
#[derive(Debug)]
pub(super) enum Ended {
    Exit(ExitStatus),
    TimedOut,
    /// An error from `init/error`: its body and type.
    Reported(Bytes, Option<String>),
    Unlaunchable(String),
}

/// How the report line puts it.
#[derive(Debug, PartialEq)]
pub(super) enum Status {
    Success,
    FunctionError,
    Timeout,
    /// With the type of the error.
    Failed(String),
}

impl Status {
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Timeout => "timeout",
            Self::FunctionError | Self::Failed(_) => "error",
        }
    }

    pub(super) fn text(&self) -> String {
        match self {
            Self::Success | Self::FunctionError => String::new(),
            Self::Timeout => "\tStatus: timeout".to_owned(),
            Self::Failed(kind) => format!("\tStatus: error\tError Type: {kind}"),
        }
    }
}

/// The payload of an answer, and how it counts.
pub(super) fn answered(answer: Answer) -> (Bytes, Status) {
    match answer {
        Answer::Response(body) => (body, Status::Success),
        Answer::Error(body, kind) => (error_payload(body, kind), Status::FunctionError),
        Answer::TooLarge => {
            let kind = "Function.ResponseSizeTooLarge";
            let message =
                "Response payload size exceeded maximum allowed payload size (6291556 bytes).";
            let payload = json!({ "errorType": kind, "errorMessage": message });
            (text(&payload), Status::Failed(kind.to_owned()))
        }
    }
}

/// The payload that stands for a missing answer, how it counts, and the message in it.
pub(super) fn unanswered(ended: Ended, request_id: &str, timeout: u64) -> (Bytes, Status, String) {
    let (kind, why) = match ended {
        Ended::Reported(body, kind) => {
            let payload = error_payload(body, kind);
            let parsed: Value = serde_json::from_slice(&payload).unwrap_or_default();
            let kind = parsed["errorType"].as_str().unwrap_or("Runtime.Unknown");
            let message = parsed["errorMessage"].as_str().unwrap_or_default();
            let (kind, message) = (kind.to_owned(), message.to_owned());
            return (payload, Status::Failed(kind), message);
        }
        Ended::TimedOut => {
            let message =
                format!("RequestId: {request_id} Error: Task timed out after {timeout}.00 seconds");
            let payload = json!({ "errorType": "Sandbox.Timedout", "errorMessage": message });
            return (text(&payload), Status::Timeout, message);
        }
        Ended::Unlaunchable(why) => ("Runtime.InvalidEntrypoint", why),
        Ended::Exit(status) => ("Runtime.ExitError", exit(status)),
    };
    let message = format!("RequestId: {request_id} Error: {why}");
    let payload = json!({ "errorType": kind, "errorMessage": message });
    (text(&payload), Status::Failed(kind.to_owned()), message)
}

impl Ended {
    /// How the report of a failed initialisation puts it.
    pub(super) fn status(&self) -> Status {
        match self {
            Self::TimedOut => Status::Timeout,
            Self::Exit(_) => Status::Failed("Runtime.ExitError".to_owned()),
            Self::Unlaunchable(_) => Status::Failed("Runtime.InvalidEntrypoint".to_owned()),
            Self::Reported(_, kind) => {
                Status::Failed(kind.clone().unwrap_or_else(|| "Runtime.Unknown".to_owned()))
            }
        }
    }

    pub(super) fn unlaunchable(error: &io::Error) -> Self {
        Self::Unlaunchable(format!("fork/exec /var/task/bootstrap: {error}"))
    }
}

fn exit(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(0), _) => "Runtime exited without providing a reason".to_owned(),
        (Some(code), _) => format!("Runtime exited with error: exit status {code}"),
        (None, Some(9)) => "Runtime exited with error: signal: killed".to_owned(),
        (None, Some(6)) => "Runtime exited with error: signal: aborted".to_owned(),
        (None, Some(11)) => "Runtime exited with error: signal: segmentation fault".to_owned(),
        (None, Some(15)) => "Runtime exited with error: signal: terminated".to_owned(),
        (None, signal) => format!("Runtime exited with error: signal {}", signal.unwrap_or(0)),
    }
}

/// What a runtime posted, or where it posted no text, what its header says.
fn error_payload(body: Bytes, kind: Option<String>) -> Bytes {
    match (body.is_empty(), kind) {
        (true, Some(kind)) => text(&json!({ "errorType": kind, "errorMessage": "" })),
        (true, None) => text(&json!({ "errorType": "Runtime.Unknown", "errorMessage": "" })),
        (false, _) => body,
    }
}

fn text(value: &Value) -> Bytes {
    Bytes::from(value.to_string())
}
