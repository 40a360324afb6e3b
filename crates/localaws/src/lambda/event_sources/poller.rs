//! Takes messages from queues and calls functions with them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::Aws;
use crate::params::Params;
use crate::queue_source::{QueueSource, failures, pause};

use super::super::Lambda;
use super::Mapping;

/// Batches of one mapping that are worked on at a time, unless its `ScalingConfig` says more.
const CONCURRENCY: i64 = 5;

/// The task of each enabled mapping.
#[derive(Default)]
pub(in crate::lambda) struct Pollers {
    tasks: Mutex<BTreeMap<String, AbortHandle>>,
}

impl Pollers {
    fn set(&self, key: &str, task: AbortHandle) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        tasks.insert(key.to_owned(), task);
    }

    pub(super) fn stop(&self, key: &str) {
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(task) = tasks.remove(key) {
            task.abort();
        }
    }
}

impl Lambda {
    pub(in crate::lambda) fn resume_pollers(&self) {
        for (_, mapping) in self.mappings.scan("") {
            self.poll(mapping);
        }
    }

    /// Polls by this mapping from now on, instead of by the one of the same id before.
    pub(super) fn poll(&self, mapping: Mapping) {
        let key = mapping.scope.key(&mapping.uuid);
        self.pollers.stop(&key);
        if mapping.enabled() {
            let task = self.aws.spawn(run(self.aws.clone(), Arc::new(mapping)));
            self.pollers.set(&key, task.abort_handle());
        }
    }
}

async fn run(aws: Aws, mapping: Arc<Mapping>) {
    let scaling = mapping.shown.map("ScalingConfig");
    let most = scaling.and_then(|scaling| scaling.number("MaximumConcurrency"));
    let most = most.unwrap_or(CONCURRENCY).clamp(2, 1000) as usize;
    let batches = Arc::new(Semaphore::new(most));
    loop {
        let Ok(permit) = Arc::clone(&batches).acquire_owned().await else {
            return;
        };
        let wanted = mapping.shown.number("BatchSize").unwrap_or(10);
        let received = source(&aws, &mapping).receive(wanted).await;
        let messages = match received {
            Ok(messages) => messages,
            Err(error) => {
                tracing::debug!(queue = mapping.queue_arn, %error, "messages cannot be received");
                drop(permit);
                pause(&aws).await;
                continue;
            }
        };
        if messages.is_empty() {
            continue;
        }
        let (aws, mapping) = (aws.clone(), Arc::clone(&mapping));
        let beside = aws.clone();
        beside.spawn(async move {
            handle(&aws, &mapping, messages).await;
            drop(permit);
        });
    }
}

async fn handle(aws: &Aws, mapping: &Mapping, messages: Vec<Value>) {
    let source = source(aws, mapping);
    let records = messages.iter().map(|message| source.record(message));
    let event = json!({ "Records": records.collect::<Vec<_>>() });
    let payload = Bytes::from(event.to_string());
    let input = json!({ "FunctionName": mapping.function });
    let invoked = aws
        .call_raw(&mapping.scope, "lambda", "Invoke", input, payload)
        .await;
    // Messages of a failed batch come back when their visibility time-out ends.
    let reply = match invoked {
        Ok(reply) if reply.output.member("FunctionError").is_none() => reply,
        _ => return,
    };
    let types = mapping.shown.texts("FunctionResponseTypes");
    let failed = match types.iter().any(|kind| kind == "ReportBatchItemFailures") {
        true => failures(&reply.body),
        false => Some(Vec::new()),
    };
    let Some(failed) = failed else { return };
    let known = |id: &String| messages.iter().any(|message| message["MessageId"] == **id);
    if !failed.iter().all(known) {
        return;
    }
    let done = messages
        .iter()
        .filter(|message| !failed.iter().any(|id| message["MessageId"] == **id));
    source.delete(done).await;
}

fn source<'a>(aws: &'a Aws, mapping: &'a Mapping) -> QueueSource<'a> {
    QueueSource {
        aws,
        scope: &mapping.scope,
        arn: &mapping.queue_arn,
    }
}
