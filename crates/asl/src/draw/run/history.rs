//! From the events of an execution to how it went.
//!
//! Events of states that run side by side are mixed in a history. Each names the event that led to
//! it, so each can be told to belong to a visit of a state.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::{Iterations, Run, StateRun};
use crate::draw::measure::clean;

/// A state that was entered.
#[derive(Debug, Default)]
struct Visit {
    name: String,
    /// `Task`, `Map`, …
    state_type: String,
    /// The Map or Parallel around it.
    around: Option<usize>,
    since: Option<Timestamp>,
    until: Option<Timestamp>,
    /// The last thing that happened to it was a failure.
    failed: bool,
    error: Option<String>,
    retries: u64,
    items: Option<Iterations>,
    map_runs: Vec<String>,
    end: Option<End>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    Succeeded,
    Caught,
    Failed,
    Aborted,
}

/// What an event leads to.
#[derive(Debug, Clone, Copy, Default)]
struct Origin {
    /// The visit that it belongs to.
    visit: Option<usize>,
    /// It ended the visit.
    exit: bool,
}

#[derive(Debug, Default)]
struct Reader {
    visits: Vec<Visit>,
    origins: HashMap<u64, Origin>,
    run: Run,
    last: Option<Timestamp>,
}

pub(super) fn read<'a>(events: impl IntoIterator<Item = &'a Value>) -> Run {
    let mut reader = Reader::default();
    for event in events {
        reader.event(event);
    }
    reader.finish()
}

fn time(event: &Value) -> Option<Timestamp> {
    match event.get("timestamp")? {
        Value::String(text) => text.parse().ok(),
        Value::Number(seconds) => {
            let milliseconds = seconds.as_f64()? * 1000.0;
            Timestamp::from_millisecond(milliseconds as i64).ok()
        }
        _ => None,
    }
}

/// A member of the details, whichever the event has.
fn detail<'a>(event: &'a Value, key: &str) -> Option<&'a Value> {
    let mut details = event
        .as_object()?
        .iter()
        .filter(|(name, _)| name.ends_with("EventDetails"));
    details.find_map(|(_, details)| details.get(key))
}

impl Reader {
    fn event(&mut self, event: &Value) {
        let id = |key: &str| event.get(key).and_then(Value::as_u64).unwrap_or(0);
        let kind = event
            .get("type")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let text = |key: &str| detail(event, key).and_then(Value::as_str).map(clean);
        let origin = self
            .origins
            .get(&id("previousEventId"))
            .copied()
            .unwrap_or_default();
        let now = time(event);
        self.last = now.or(self.last);
        let mut belongs = Origin {
            exit: false,
            ..origin
        };
        if let Some(state_type) = kind.strip_suffix("StateEntered") {
            belongs.visit = Some(self.enter(state_type, text("name"), origin, now));
        } else if kind.ends_with("StateExited") {
            let visit = self.open(origin.visit, |visit| {
                Some(&visit.name) == text("name").as_ref()
            });
            self.exit(visit, now);
            belongs = Origin { visit, exit: true };
        } else if let Some(state_type) = kind.strip_suffix("StateAborted") {
            belongs.visit = self.open(origin.visit, |visit| visit.state_type == state_type);
            self.end(belongs.visit, End::Aborted, now);
        } else if let Some(state_type) = ["Map", "Parallel"]
            .into_iter()
            .find(|state_type| kind == format!("{state_type}StateFailed"))
        {
            let innermost = origin.visit;
            belongs.visit = self.open(innermost, |visit| visit.state_type == state_type);
            self.fail_inside(belongs.visit, innermost, now);
            self.abort_inside(belongs.visit, now);
            let error = innermost.and_then(|visit| self.visits.get(visit)?.error.clone());
            self.fail(belongs.visit, text("error").or(error));
        } else if let Some(state_type) = ["Map", "Parallel"]
            .into_iter()
            .find(|state_type| kind == format!("{state_type}StateStarted"))
        {
            let innermost = origin.visit;
            belongs.visit = self.open(innermost, |visit| visit.state_type == state_type);
            let total = detail(event, "length").and_then(Value::as_u64);
            self.begin(belongs.visit, innermost, total, now);
        } else if kind == "EvaluationFailed" {
            let name = text("state");
            let named = self
                .visits
                .iter()
                .rposition(|visit| visit.end.is_none() && Some(&visit.name) == name.as_ref());
            belongs.visit = named.or(origin.visit);
            self.fail(belongs.visit, Some("States.QueryEvaluationError".into()));
        } else if kind.starts_with("MapIteration") {
            belongs.visit = self.iteration(kind, origin.visit, text("name"));
        } else if kind.starts_with("Execution") {
            self.execution(kind, origin, now, text("error"));
        } else if kind.ends_with("Failed") || kind.ends_with("TimedOut") {
            let timed_out = kind.ends_with("TimedOut");
            let error = text("error").or(timed_out.then(|| "States.Timeout".into()));
            self.fail(origin.visit, error);
        } else if kind.ends_with("Scheduled") || kind.ends_with("Started") {
            self.attempt(origin.visit);
            let visit = origin.visit.and_then(|visit| self.visits.get_mut(visit));
            if let (Some(visit), Some(arn)) = (visit, text("mapRunArn")) {
                visit.map_runs.push(arn);
            }
        }
        self.origins.insert(id("id"), belongs);
    }

    fn enter(
        &mut self,
        state_type: &str,
        name: Option<String>,
        origin: Origin,
        now: Option<Timestamp>,
    ) -> usize {
        let name = name.unwrap_or_default();
        let before = origin.visit.and_then(|visit| self.visits.get(visit));
        let (from, caught, around) = match before {
            Some(before) if origin.exit => (
                before.name.clone(),
                before.end == Some(End::Caught),
                before.around,
            ),
            _ => (String::new(), false, origin.visit),
        };
        self.run.transitions.insert((from, name.clone(), caught));
        self.visits.push(Visit {
            name,
            state_type: state_type.to_owned(),
            around,
            since: now,
            ..Visit::default()
        });
        self.visits.len() - 1
    }

    /// The visit, or the nearest around it, that has not ended and is of the kind in question.
    fn open(&self, mut visit: Option<usize>, fits: impl Fn(&Visit) -> bool) -> Option<usize> {
        while let Some(found) = visit.and_then(|visit| self.visits.get(visit)) {
            if found.end.is_none() && fits(found) {
                return visit;
            }
            visit = found.around;
        }
        let last = self.visits.iter();
        last.clone()
            .rposition(|visit| visit.end.is_none() && fits(visit))
    }

    fn exit(&mut self, visit: Option<usize>, now: Option<Timestamp>) {
        let failed = visit
            .and_then(|visit| self.visits.get(visit))
            .is_some_and(|v| v.failed);
        self.end(
            visit,
            if failed { End::Caught } else { End::Succeeded },
            now,
        );
    }

    fn end(&mut self, visit: Option<usize>, end: End, now: Option<Timestamp>) {
        if let Some(visit) = visit.and_then(|visit| self.visits.get_mut(visit))
            && visit.end.is_none()
        {
            visit.end = Some(end);
            visit.until = now;
        }
    }

    fn fail(&mut self, visit: Option<usize>, error: Option<String>) {
        if let Some(visit) = visit.and_then(|visit| self.visits.get_mut(visit)) {
            visit.failed = true;
            visit.error = error.or(visit.error.take());
        }
    }

    /// A task begins, perhaps again.
    fn attempt(&mut self, visit: Option<usize>) {
        if let Some(visit) = visit.and_then(|visit| self.visits.get_mut(visit))
            && visit.failed
        {
            visit.failed = false;
            visit.retries += 1;
        }
    }

    /// A Map or Parallel begins. Where what led to it is inside, that failed, and it begins again.
    fn begin(
        &mut self,
        visit: Option<usize>,
        innermost: Option<usize>,
        total: Option<u64>,
        now: Option<Timestamp>,
    ) {
        let again = visit != innermost;
        if again {
            self.fail_inside(visit, innermost, now);
            self.abort_inside(visit, now);
        }
        if let Some(visit) = visit.and_then(|visit| self.visits.get_mut(visit)) {
            visit.retries += u64::from(again || visit.failed);
            visit.failed = false;
            visit.items = total.map(|total| Iterations {
                total,
                ..Iterations::default()
            });
        }
    }

    fn iteration(
        &mut self,
        kind: &str,
        inside: Option<usize>,
        name: Option<String>,
    ) -> Option<usize> {
        let map = self.open(inside, |visit| {
            visit.state_type == "Map" && name.as_ref().is_none_or(|name| *name == visit.name)
        });
        if kind == "MapIterationFailed" {
            self.fail_inside(map, inside, self.last);
        }
        if let Some(visit) = map.and_then(|map| self.visits.get_mut(map)) {
            let items = visit.items.get_or_insert_default();
            items.succeeded += u64::from(kind == "MapIterationSucceeded");
            items.failed += u64::from(kind == "MapIterationFailed");
        }
        // What follows the start of an iteration is inside; the end of one belongs to the Map, too,
        // but its failure hands on the error of the state that failed.
        if kind == "MapIterationFailed" {
            let error = inside.and_then(|inside| self.visits.get(inside)?.error.clone());
            if let Some(visit) = map.and_then(|map| self.visits.get_mut(map)) {
                visit.error = error.or(visit.error.take());
            }
        }
        map
    }

    /// The state that makes a Map or Parallel fail, and those around it, have failed.
    fn fail_inside(&mut self, map: Option<usize>, failing: Option<usize>, now: Option<Timestamp>) {
        let mut chain = Vec::new();
        let mut at = failing;
        while let Some(visit) = at.filter(|at| Some(*at) != map) {
            chain.push(visit);
            at = self.visits.get(visit).and_then(|visit| visit.around);
        }
        for visit in &chain {
            self.end(Some(*visit), End::Failed, now);
        }
    }

    /// What else goes on inside a Map or Parallel that fails is stopped.
    fn abort_inside(&mut self, map: Option<usize>, now: Option<Timestamp>) {
        let inside = |visit: &Visit| {
            let mut around = visit.around;
            while around.is_some() && around != map {
                around = around.and_then(|around| self.visits.get(around)?.around);
            }
            visit.end.is_none() && around.is_some()
        };
        let visits = self.visits.iter().enumerate();
        let inside: Vec<_> = visits
            .filter(|(_, v)| inside(v))
            .map(|(index, _)| index)
            .collect();
        for visit in inside {
            self.end(Some(visit), End::Aborted, now);
        }
    }

    fn execution(
        &mut self,
        kind: &str,
        origin: Origin,
        now: Option<Timestamp>,
        error: Option<String>,
    ) {
        if kind == "ExecutionStarted" {
            return;
        }
        if kind == "ExecutionRedriven" {
            return self.redrive();
        }
        if kind == "ExecutionSucceeded" {
            // Nothing is open then, unless events are missing.
            for visit in 0..self.visits.len() {
                self.end(Some(visit), End::Succeeded, now);
            }
            return;
        }
        if kind == "ExecutionFailed" {
            let mut at = origin.visit;
            while let Some(visit) = at {
                if let Some(visit) = self.visits.get_mut(visit) {
                    visit.error = visit.error.take().or(error.clone());
                }
                self.end(Some(visit), End::Failed, now);
                at = self.visits.get(visit).and_then(|visit| visit.around);
            }
        }
        for visit in 0..self.visits.len() {
            let failed = self.visits.get(visit).is_some_and(|visit| {
                visit.state_type == "Fail" || (visit.failed && kind == "ExecutionFailed")
            });
            let end = if failed { End::Failed } else { End::Aborted };
            self.end(Some(visit), end, now);
        }
    }

    /// States that did not succeed go on where they were; they are not entered again.
    fn redrive(&mut self) {
        let mut seen = BTreeSet::new();
        for visit in (0..self.visits.len()).rev() {
            if let Some(visit) = self.visits.get_mut(visit)
                && seen.insert(visit.name.clone())
                && visit.state_type != "Fail"
                && matches!(visit.end, Some(End::Failed | End::Aborted))
            {
                visit.retries += u64::from(visit.end == Some(End::Failed));
                visit.end = None;
                visit.until = None;
                visit.failed = false;
            }
        }
    }

    fn finish(mut self) -> Run {
        for visit in self.visits {
            let state = self.run.states.entry(visit.name.clone()).or_default();
            let end = match visit.end {
                // A Fail state has no event of its own end.
                None if visit.state_type == "Fail" => Some(End::Failed),
                end => end,
            };
            let mut one = StateRun {
                retries: visit.retries,
                error: visit.error,
                items: visit.items,
                map_runs: visit.map_runs,
                ..StateRun::default()
            };
            match end {
                Some(End::Succeeded) => one.succeeded = 1,
                Some(End::Caught) => one.caught = 1,
                Some(End::Failed) => one.failed = 1,
                Some(End::Aborted) => one.aborted = 1,
                None => one.running = 1,
            }
            if let (Some(since), Some(until)) = (visit.since, visit.until.or(self.last)) {
                one.duration = Duration::try_from(until.duration_since(since)).ok();
            }
            state.add(&one);
            // Where nothing follows a success, the scope ended there.
            if end == Some(End::Succeeded) {
                self.run
                    .transitions
                    .insert((visit.name, String::new(), false));
            }
        }
        self.run
    }
}
