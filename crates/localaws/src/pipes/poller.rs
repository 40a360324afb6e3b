//! Takes messages from a pipe's queue, filters them and hands them on.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use super::Pipes;
use super::check::filters;
use super::state::Pipe;
use super::target::hand_over;
use crate::Aws;
use crate::params::Params;
use crate::pattern::Pattern;
use crate::queue_source::{QueueSource, pause};

/// Batches of one pipe that are under way at a time; one where the queue keeps an order.
const CONCURRENCY: usize = 5;

/// The task of each running pipe.
#[derive(Default)]
pub(super) struct Pollers {
    tasks: Mutex<BTreeMap<String, AbortHandle>>,
}

impl Pollers {
    pub(super) fn stop(&self, key: &str) {
        if let Some(task) = self.tasks().remove(key) {
            task.abort();
        }
    }

    fn tasks(&self) -> MutexGuard<'_, BTreeMap<String, AbortHandle>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pipes {
    /// Polls by this pipe from now on, instead of by the one of the same name before.
    pub(super) fn poll(&self, pipe: Pipe) {
        let key = pipe.key();
        self.pollers.stop(&key);
        if pipe.state == "RUNNING" {
            let task = self.aws.spawn(run(self.aws.clone(), Arc::new(pipe)));
            self.pollers.tasks().insert(key, task.abort_handle());
        }
    }
}

async fn run(aws: Aws, pipe: Arc<Pipe>) {
    let most = match pipe.text("Source").ends_with(".fifo") {
        true => 1,
        false => CONCURRENCY,
    };
    let batches = Arc::new(Semaphore::new(most));
    let parameters = pipe.parameters("SourceParameters", "SqsQueueParameters");
    let wanted = parameters
        .and_then(|one| one.number("BatchSize"))
        .unwrap_or(10);
    loop {
        let Ok(permit) = Arc::clone(&batches).acquire_owned().await else {
            return;
        };
        let received = source(&aws, &pipe).receive(wanted).await;
        let messages = match received {
            Ok(messages) => messages,
            Err(error) => {
                tracing::debug!(pipe = pipe.name, %error, "messages cannot be received");
                drop(permit);
                pause(&aws).await;
                continue;
            }
        };
        if messages.is_empty() {
            continue;
        }
        let (aws, pipe) = (aws.clone(), Arc::clone(&pipe));
        let beside = aws.clone();
        beside.spawn(async move {
            handle(&aws, &pipe, messages).await;
            drop(permit);
        });
    }
}

/// A message, its record, and whether it was handed on. Those that were not come back when their
/// visibility time-out ends.
async fn handle(aws: &Aws, pipe: &Pipe, messages: Vec<Value>) {
    let source = source(aws, pipe);
    let patterns: Vec<Pattern> = filters(&pipe.members)
        .filter_map(|text| Pattern::parse(text).ok())
        .collect();
    let wanted = |record: &Value| {
        let seen = with_body(record);
        patterns.is_empty() || patterns.iter().any(|pattern| pattern.matches(&seen))
    };
    let (mut taken, mut dropped) = (Vec::new(), Vec::new());
    for message in messages {
        let record = source.record(&message);
        match wanted(&record) {
            true => taken.push((message, record)),
            false => dropped.push(message),
        }
    }
    // What no filter lets through is done with.
    source.delete(dropped.iter()).await;
    if taken.is_empty() {
        return;
    }
    let (messages, records): (Vec<Value>, Vec<Value>) = taken.into_iter().unzip();
    let done = hand_over(aws, pipe, &records).await;
    let done = messages.iter().zip(done).filter(|(_, done)| *done);
    source.delete(done.map(|(message, _)| message)).await;
}

/// A record with its body read as JSON where it is JSON, as filters and templates see it.
pub(super) fn with_body(record: &Value) -> Value {
    let mut record = record.clone();
    let body = record
        .text("body")
        .and_then(|body| serde_json::from_str(body).ok());
    if let Some(body) = body {
        record["body"] = body;
    }
    record
}

fn source<'a>(aws: &'a Aws, pipe: &'a Pipe) -> QueueSource<'a> {
    QueueSource {
        aws,
        scope: &pipe.scope,
        arn: pipe.text("Source"),
    }
}
