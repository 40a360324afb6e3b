//! Histories of executions that ended, in chunks: written once, read a page at a time.
//!
//! A chunk has an event a line, as the API sends it, so a page is cut out without being parsed.

use std::ops::Range;
use std::sync::Arc;

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

    /// Keeps a history. Its text is made when it is needed, not while somebody waits for the end
    /// of the execution.
    pub(super) fn write(&self, arn: &str, events: Vec<Event>) {
        let events = Arc::new(events);
        for number in 0..events.len().div_ceil(CHUNK) {
            let events = Arc::clone(&events);
            let make = move || {
                let chunk = events.chunks(CHUNK).nth(number).unwrap_or_default();
                Bytes::from(lines(chunk, true))
            };
            self.chunks.put_later(&key(arn, number), make);
        }
    }

    /// The lines of a range of events, in pieces.
    fn read(&self, arn: &str, range: Range<usize>) -> Vec<Bytes> {
        let numbers = range.start / CHUNK..range.end.div_ceil(CHUNK);
        let pieces = numbers.map(|number| {
            let chunk = self.chunks.get(&key(arn, number)).unwrap_or_default();
            let first = number * CHUNK;
            let from = range.start.saturating_sub(first);
            let to = range.end.saturating_sub(first).min(CHUNK);
            cut(&chunk, from..to)
        });
        pieces.collect()
    }

    pub(super) fn forget(&self, arn: &str) {
        self.chunks.remove_all(&format!("{arn}#"));
    }
}

impl States {
    /// The length of an execution's history and a part of it, in pieces: events as the API sends
    /// them, a line each.
    pub(in super::super) fn history(
        &self,
        arn: &str,
        part: impl FnOnce(usize) -> Range<usize>,
        with_data: bool,
    ) -> (usize, Vec<Bytes>) {
        if let Some(running) = self.runner.get(arn) {
            let mut state = running.lock();
            if state.row.status == Status::Running {
                let told = &mut *state;
                let rested = told.machine.awake().is_none();
                let machine = told.machine.wake(&running.program, &told.row);
                let total = machine.events().len();
                let shown = machine.events().get(part(total)).unwrap_or_default();
                let shown: Arc<[Event]> = shown.into();
                if rested {
                    told.machine.rest();
                }
                // Writing them out must not hold up the execution.
                drop(state);
                let text = Bytes::from(lines(&shown, with_data));
                return (total, vec![text]);
            }
        }
        let total = self.executions.rows().with(arn, |row| row.events);
        let total = total.unwrap_or_default();
        let mut pieces = self.runner.history.read(arn, part(total));
        if !with_data {
            pieces.iter_mut().for_each(drop_data);
        }
        (total, pieces)
    }
}

/// An event a line: JSON text has no line ends of its own.
fn lines(events: &[Event], with_data: bool) -> Vec<u8> {
    let mut text = Vec::with_capacity(events.len() * 256);
    for event in events {
        if let Err(error) = event.write_wire(with_data, &mut text) {
            tracing::error!(id = event.id, %error, "event cannot be written");
        }
        text.push(b'\n');
    }
    text
}

/// Some of a chunk's lines.
fn cut(chunk: &Bytes, lines: Range<usize>) -> Bytes {
    if lines.start == 0 && lines.end == CHUNK {
        return chunk.clone();
    }
    let ends = chunk.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let mut ends = ends.map(|(at, _)| at + 1);
    let start = match lines.start.checked_sub(1) {
        Some(before) => ends.nth(before).unwrap_or(chunk.len()),
        None => 0,
    };
    let end = match lines.len().checked_sub(1) {
        Some(last) => ends.nth(last).unwrap_or(chunk.len()),
        None => start,
    };
    chunk.slice(start..end)
}

/// What `includeExecutionData: false` leaves out of stored events; of others the interpreter knows.
fn drop_data(events: &mut Bytes) {
    let mut text = Vec::with_capacity(events.len());
    for event in events.split_inclusive(|byte| *byte == b'\n') {
        let Ok(mut read) = serde_json::from_slice::<Value>(event) else {
            continue;
        };
        let members = read.as_object_mut().into_iter().flatten();
        for (_, details) in members {
            if let Some(details) = details.as_object_mut() {
                details.retain(|member, _| {
                    let member = member.strip_suffix("Details").unwrap_or(member);
                    !matches!(member, "input" | "output" | "assignedVariables")
                });
            }
        }
        text.extend_from_slice(read.to_string().as_bytes());
        text.push(b'\n');
    }
    *events = Bytes::from(text);
}

fn key(arn: &str, number: usize) -> String {
    format!("{arn}#{number:06}")
}
