//! Takes messages from queues and calls functions with them.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

use crate::arn::Arn;
use crate::params::Params;
use crate::{Aws, AwsError};

use super::super::Lambda;
use super::Mapping;
use super::record::{event, failures};

/// Batches of one mapping that are worked on at a time, unless its `ScalingConfig` says more.
const CONCURRENCY: i64 = 5;
/// Pause between two looks into an empty queue, where a look does not wait by itself.
const PAUSE: Duration = Duration::from_secs(1);

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
        let messages = receive(&aws, &mapping).await.unwrap_or_else(|error| {
            tracing::debug!(queue = mapping.queue_arn, %error, "messages cannot be received");
            Vec::new()
        });
        if messages.is_empty() {
            drop(permit);
            pause(&aws).await;
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

/// Under a virtual clock time may stand still while a message comes from outside, so there the
/// machine's clock wakes the poller too.
async fn pause(aws: &Aws) {
    let clock = aws.clock();
    let next = clock.now().saturating_add(PAUSE);
    let next = next.unwrap_or(jiff::Timestamp::MAX);
    tokio::select! {
        () = clock.sleep_until_background(next) => {}
        () = tokio::time::sleep(PAUSE), if clock.is_fast() => {}
    }
}

/// Up to a batch of messages. Waits for the first one only under the real clock: under a virtual
/// one a waiting receiver would make time pass for ever.
async fn receive(aws: &Aws, mapping: &Mapping) -> Result<Vec<Value>, AwsError> {
    let wanted = mapping.shown.number("BatchSize").unwrap_or(10);
    let wanted = usize::try_from(wanted).unwrap_or(10);
    let mut messages: Vec<Value> = Vec::new();
    while messages.len() < wanted {
        let waits = messages.is_empty() && !aws.clock().is_fast();
        let input = json!({
            "QueueUrl": queue_url(aws, mapping),
            "MaxNumberOfMessages": (wanted - messages.len()).min(10),
            "WaitTimeSeconds": if waits { 20 } else { 0 },
            "AttributeNames": ["All"],
            "MessageAttributeNames": ["All"],
        });
        let mut received = aws
            .call(&mapping.scope, "sqs", "ReceiveMessage", input)
            .await?;
        match received["Messages"].take() {
            Value::Array(more) if !more.is_empty() => messages.extend(more),
            _ => break,
        }
    }
    Ok(messages)
}

async fn handle(aws: &Aws, mapping: &Mapping, messages: Vec<Value>) {
    let payload = Bytes::from(event(mapping, &messages).to_string());
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
    let entries: Vec<Value> = done
        .enumerate()
        .map(|(n, one)| json!({ "Id": n.to_string(), "ReceiptHandle": one["ReceiptHandle"] }))
        .collect();
    for entries in entries.chunks(10) {
        let input = json!({ "QueueUrl": queue_url(aws, mapping), "Entries": entries });
        let deleted = aws
            .call(&mapping.scope, "sqs", "DeleteMessageBatch", input)
            .await;
        if let Err(error) = deleted {
            tracing::warn!(queue = mapping.queue_arn, %error, "messages cannot be deleted");
        }
    }
}

fn queue_url(aws: &Aws, mapping: &Mapping) -> String {
    Arn::parse(&mapping.queue_arn).map_or_else(String::new, |arn| arn.queue_url(aws))
}
