//! One line of control: the machine's own, a branch's, an iteration's.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::fork::Fork;
use super::map_run::MapRun;
use crate::data::Data;
use crate::env::{ContextParts, MapContext, Variables};
use crate::history::{Scheduled, TaskKind};
use crate::machine::{Program, State, StateKind};
use crate::port::{TaskId, TimerId};

/// Names a strand; never used twice.
pub(super) type StrandId = u64;

#[derive(Debug)]
pub(super) struct Strand {
    pub(super) id: StrandId,
    pub(super) program: Arc<Program>,
    /// Index of the current state.
    pub(super) at: usize,
    /// Of the current state, before `InputPath`.
    pub(super) input: Data,
    /// The event that the next one follows.
    pub(super) last: u64,
    /// The event before the current state was entered.
    pub(super) before: u64,
    /// The event by which the current state was entered.
    pub(super) entered: u64,
    pub(super) entered_at: Timestamp,
    pub(super) variables: Variables,
    /// The strand that waits for this one, and its place among the siblings.
    pub(super) parent: Option<(StrandId, usize)>,
    pub(super) map_item: Option<MapItem>,
    /// How often each retrier of the current state was used.
    pub(super) attempts: Vec<u64>,
    pub(super) retry_count: u64,
    pub(super) token: Option<String>,
    pub(super) activity: Activity,
}

/// What a strand is doing.
#[derive(Debug)]
pub(super) enum Activity {
    /// About to enter its state.
    Enter,
    /// About to run its state once more.
    Again,
    /// Until the timer fires; then `Again` or on to the next state.
    Wait {
        timer: TimerId,
        retry: bool,
    },
    Task(Box<TaskRun>),
    Fork(Box<Fork>),
    MapRun(Box<MapRun>),
}

#[derive(Debug)]
pub(super) struct TaskRun {
    pub(super) task: TaskId,
    pub(super) kind: TaskKind,
    /// The event that is still to come: whether there is such an activity, the host knows.
    pub(super) unscheduled: Option<Box<Scheduled>>,
    pub(super) timeout: Option<TimerId>,
    pub(super) heartbeat: Option<(TimerId, SignedDuration)>,
}

/// The item that an iteration works on.
#[derive(Debug, Clone)]
pub(super) struct MapItem {
    pub(super) items: Arc<Vec<Value>>,
    pub(super) index: usize,
    pub(super) origin: Origin,
}

/// Where the items of a Map come from, which the context object tells of distributed ones.
#[derive(Debug, Clone)]
pub(super) enum Origin {
    /// An inline Map's array.
    Inline,
    /// An array of the execution's data.
    Array,
    /// An object of the execution's data: items are pairs of `Key` and `Value`.
    Object,
    /// An object or bucket of S3, by its URI.
    Reader(Arc<str>),
    /// Several files: which one an item is of, nobody tells the interpreter.
    Files,
}

impl MapItem {
    /// What `$$.Map` shows of it.
    pub(super) fn context(&self) -> Option<MapContext<'_>> {
        let item = self.items.get(self.index)?;
        let (key, value) = match self.origin {
            Origin::Object => (item.get("Key"), item.get("Value").unwrap_or(item)),
            _ => (None, item),
        };
        Some(MapContext::Item {
            index: self.index,
            key,
            value,
            source: match &self.origin {
                Origin::Inline | Origin::Files => None,
                Origin::Array | Origin::Object => Some("STATE_DATA"),
                Origin::Reader(uri) => Some(uri),
            },
        })
    }
}

impl Strand {
    /// The current state; `program` is the strand's own, borrowed apart.
    pub(super) fn state<'p>(&self, program: &'p Program) -> Option<&'p State> {
        program.states.get(self.at)
    }
}

impl super::Execution {
    /// The context object as the strand's state sees it.
    pub(super) fn context_parts<'a>(
        &'a self,
        strand: &'a Strand,
        map_item: Option<&'a MapItem>,
    ) -> ContextParts<'a> {
        let state = strand.program.states.get(strand.at);
        let is_task = state.is_some_and(|state| matches!(state.kind, StateKind::Task(_)));
        let map = match map_item.or(strand.map_item.as_ref()) {
            Some(item) => item.context(),
            None => self.start.map_item.as_ref().map(MapContext::Given),
        };
        ContextParts {
            execution_arn: &self.start.execution_arn,
            execution_name: &self.start.name,
            input: &self.input,
            start_time: self.started,
            role_arn: &self.start.role_arn,
            redrive_count: (!self.start.synchronous).then_some(self.redrive_count),
            redrive_time: self.redriven,
            machine_arn: &self.start.state_machine_arn,
            machine_name: &self.start.state_machine_name,
            state: state.map_or("", |state| &state.name),
            entered: strand.entered_at,
            retry_count: is_task.then_some(strand.retry_count),
            token: strand.token.as_deref(),
            map,
            given: self.context.as_ref(),
        }
    }
}
