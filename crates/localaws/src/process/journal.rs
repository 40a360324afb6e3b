//! A process's log stream: takes lines at once, writes them to CloudWatch Logs in their order.

use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;
use serde_json::{Value, json};
use tokio::sync::{mpsc, oneshot};

use crate::{Aws, Scope};

/// Bytes of log that `LogResult` holds at most.
const TAIL: usize = 4096;

/// The writing end of a log stream.
pub(crate) struct Journal {
    aws: Aws,
    entries: mpsc::UnboundedSender<Entry>,
    /// What was logged since the invocation began.
    tail: Mutex<String>,
    pub(crate) stream: String,
    line_ends: bool,
}

enum Entry {
    Line(Timestamp, String),
    Flush(oneshot::Sender<()>),
}

impl Journal {
    /// Begins a stream of a log group; both are made where there are none.
    pub(crate) fn begin(aws: &Aws, scope: &Scope, group: &str, stream: String) -> Self {
        let (entries, receiver) = mpsc::unbounded_channel();
        let writer = Writer {
            aws: aws.clone(),
            scope: scope.clone(),
            group: group.to_owned(),
            stream: stream.clone(),
        };
        aws.spawn(writer.run(receiver));
        Self {
            aws: aws.clone(),
            entries,
            tail: Mutex::new(String::new()),
            stream,
            line_ends: true,
        }
    }

    /// Logs lines without their ends from now on, as container engines do.
    #[must_use]
    pub(crate) fn without_line_ends(mut self) -> Self {
        self.line_ends = false;
        self
    }

    /// Logs a line, which brings its own line end.
    pub(crate) fn line(&self, mut line: String) {
        if !self.line_ends {
            line.truncate(line.trim_end_matches(['\r', '\n']).len());
        }
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.push_str(&line);
        // The writer ends only with the journal.
        let _ = self.entries.send(Entry::Line(self.aws.clock().now(), line));
    }

    /// Forgets what [`Journal::tail`] would give so far.
    pub(crate) fn begin_invocation(&self) {
        let mut tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        tail.clear();
    }

    /// The last 4 KB that were logged in this invocation.
    pub(crate) fn tail(&self) -> String {
        let tail = self.tail.lock().unwrap_or_else(PoisonError::into_inner);
        let mut from = tail.len().saturating_sub(TAIL);
        while !tail.is_char_boundary(from) {
            from += 1;
        }
        tail.get(from..).unwrap_or_default().to_owned()
    }

    /// Waits until everything logged so far is in CloudWatch Logs.
    pub(crate) async fn flush(&self) {
        let (done, written) = oneshot::channel();
        if self.entries.send(Entry::Flush(done)).is_ok() {
            let _ = written.await;
        }
    }
}

struct Writer {
    aws: Aws,
    scope: Scope,
    group: String,
    stream: String,
}

impl Writer {
    async fn run(self, mut entries: mpsc::UnboundedReceiver<Entry>) {
        let mut batch = Vec::new();
        while entries.recv_many(&mut batch, 1000).await > 0 {
            let mut events: Vec<Value> = Vec::new();
            let mut flushed = Vec::new();
            for entry in batch.drain(..) {
                match entry {
                    Entry::Line(at, text) if !text.is_empty() => {
                        events.push(json!({ "timestamp": at.as_millisecond(), "message": text }));
                    }
                    Entry::Line(..) => {}
                    Entry::Flush(done) => flushed.push(done),
                }
            }
            // A call holds a megabyte at most, and a line may be long.
            for events in chunks(events) {
                self.write(events).await;
            }
            for done in flushed {
                let _ = done.send(());
            }
        }
    }

    async fn write(&self, events: Vec<Value>) {
        let put = json!({
            "logGroupName": self.group, "logStreamName": self.stream, "logEvents": events,
        });
        let mut written = self.logs("PutLogEvents", put.clone()).await;
        if written
            .as_ref()
            .is_err_and(|code| code == "ResourceNotFoundException")
        {
            let group = json!({ "logGroupName": self.group });
            let stream = json!({ "logGroupName": self.group, "logStreamName": self.stream });
            // Either may exist already.
            let _ = self.logs("CreateLogGroup", group).await;
            let _ = self.logs("CreateLogStream", stream).await;
            written = self.logs("PutLogEvents", put).await;
        }
        if let Err(code) = written {
            tracing::warn!(
                group = self.group,
                code,
                "a process's output could not be logged"
            );
        }
    }

    async fn logs(&self, action: &str, input: Value) -> Result<Value, String> {
        let answer = self.aws.call(&self.scope, "logs", action, input).await;
        answer.map_err(|error| error.code)
    }
}

fn chunks(events: Vec<Value>) -> Vec<Vec<Value>> {
    let mut chunks: Vec<Vec<Value>> = Vec::new();
    let mut room = 0;
    for event in events {
        let size = event["message"].as_str().map_or(0, str::len) + 26;
        match chunks.last_mut() {
            Some(chunk) if size <= room => {
                room -= size;
                chunk.push(event);
            }
            _ => {
                room = 1_000_000_usize.saturating_sub(size);
                chunks.push(vec![event]);
            }
        }
    }
    chunks
}
