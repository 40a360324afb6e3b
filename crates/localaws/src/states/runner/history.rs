//! Histories of executions that ended, in chunks: written once, read a page at a time.

use std::ops::Range;

use asl::Event;
use bytes::Bytes;
use serde_json::Value;

use crate::{Blobs, Store};

use super::super::States;
use super::super::execution::Status;

/// Events in a chunk. A page of the API has at most 1,000.
const CHUNK: usize = 500;

/// Histories by execution and chunk.
#[derive(Debug)]
pub(super) struct History {
    chunks: Blobs,
}

impl History {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            chunks: store.blobs("states.history"),
        }
    }

    pub(super) fn write(&self, arn: &str, events: &[Event]) {
        for (number, chunk) in events.chunks(CHUNK).enumerate() {
            let chunk: Vec<Value> = chunk.iter().map(|event| event.to_api(true)).collect();
            match serde_json::to_vec(&chunk) {
                Ok(bytes) => self.chunks.put(&key(arn, number), Bytes::from(bytes)),
                Err(error) => tracing::error!(arn, %error, "history cannot be stored"),
            }
        }
    }

    fn read(&self, arn: &str, range: Range<usize>, with_data: bool) -> Vec<Value> {
        let mut events = Vec::with_capacity(range.len());
        let chunks = range.start / CHUNK..range.end.div_ceil(CHUNK);
        for number in chunks {
            let chunk = self.chunks.get(&key(arn, number)).unwrap_or_default();
            let chunk: Vec<Value> = serde_json::from_slice(&chunk).unwrap_or_default();
            let first = number * CHUNK;
            let inside = chunk.into_iter().enumerate();
            let inside = inside.filter(|(at, _)| range.contains(&(first + at)));
            events.extend(inside.map(|(_, event)| event));
        }
        if !with_data {
            events.iter_mut().for_each(drop_data);
        }
        events
    }

    pub(super) fn forget(&self, arn: &str) {
        self.chunks.remove_all(&format!("{arn}#"));
    }
}

impl States {
    /// The length of an execution's history and a part of it.
    pub(in super::super) fn history(
        &self,
        arn: &str,
        part: impl FnOnce(usize) -> Range<usize>,
        with_data: bool,
    ) -> (usize, Vec<Value>) {
        if let Some(running) = self.runner.get(arn) {
            let state = running.lock();
            if state.row.status == Status::Running {
                let events = state.machine.events();
                let shown = events.get(part(events.len())).unwrap_or_default();
                let shown = shown.iter().map(|event| event.to_api(with_data));
                return (events.len(), shown.collect());
            }
        }
        let total = self.executions.rows().with(arn, |row| row.events);
        let total = total.unwrap_or_default();
        (total, self.runner.history.read(arn, part(total), with_data))
    }
}

/// What `includeExecutionData: false` leaves out of a stored event; of others the interpreter knows.
fn drop_data(event: &mut Value) {
    let members = event.as_object_mut().into_iter().flatten();
    for (_, details) in members {
        if let Some(details) = details.as_object_mut() {
            details.retain(|member, _| {
                let member = member.strip_suffix("Details").unwrap_or(member);
                !matches!(member, "input" | "output" | "assignedVariables")
            });
        }
    }
}

fn key(arn: &str, number: usize) -> String {
    format!("{arn}#{number:06}")
}
