//! The parts that executions tried, read from their histories.

use std::collections::{BTreeMap, BTreeSet};

use asl::{Details, Event, Execution};
use serde_json::Value;

use super::possible::{handlers, is_last, list, states};
use super::{Coverage, Way};

pub(super) fn parts(definition: &Value, executions: &[Execution]) -> Coverage {
    let states: BTreeMap<_, _> = states(definition).into_iter().collect();
    let mut parts = Coverage::default();
    for execution in executions {
        let history = History {
            events: execution.events(),
            states: &states,
        };
        history.read(&mut parts);
    }
    parts
}

struct History<'a> {
    events: &'a [Event],
    states: &'a BTreeMap<&'a str, &'a Value>,
}

impl History<'_> {
    fn read(&self, parts: &mut Coverage) {
        let mut left = BTreeSet::new();
        for event in self.events {
            let before = self.before(event);
            match &event.details {
                Details::StateEntered {
                    name, state_type, ..
                } => {
                    parts.states.insert(name.to_string());
                    if let Some(Details::StateExited { name: from, .. }) =
                        before.map(|e| &e.details)
                    {
                        left.insert(event.previous_id);
                        self.caught(parts, before, from, name);
                        parts.ways.insert(Way {
                            from: from.to_string(),
                            to: Some(name.to_string()),
                        });
                    }
                    // It has no event of its end.
                    if *state_type == "Fail" {
                        parts.ways.insert(Way {
                            from: name.to_string(),
                            to: None,
                        });
                    }
                }
                Details::TaskScheduled(_)
                | Details::MapStateStarted { .. }
                | Details::ParallelStateStarted => self.retried(parts, event, before),
                _ => {}
            }
        }
        for event in self.events {
            if let Details::StateExited { name, .. } = &event.details
                && !left.contains(&event.id)
                && self.states.get(name.as_ref()).is_some_and(|s| is_last(s))
            {
                parts.ways.insert(Way {
                    from: name.to_string(),
                    to: None,
                });
            }
        }
    }

    /// The event that led to another.
    fn before(&self, event: &Event) -> Option<&Event> {
        let index = usize::try_from(event.previous_id).ok()?.checked_sub(1)?;
        self.events.get(index)
    }

    /// A state was left for `to`: by a catcher, if a failure led to it.
    fn caught(&self, parts: &mut Coverage, exit: Option<&Event>, from: &str, to: &str) {
        let failure = exit.and_then(|exit| self.before(exit));
        let Some(failure) = failure.filter(|event| is_failure(event)) else {
            return;
        };
        let Some(state) = self.states.get(from) else {
            return;
        };
        let error = self.error(failure);
        let catchers = list(state, "Catch").zip(handlers(from, state, "Catch"));
        let mut there =
            catchers.filter(|(rule, _)| rule.get("Next").and_then(Value::as_str) == Some(to));
        let found = there.find(|(rule, _)| handles(rule, error.as_deref()));
        parts.catches.extend(found.map(|(_, handler)| handler));
    }

    /// A state began again after a failure: its retrier did that.
    fn retried(&self, parts: &mut Coverage, again: &Event, before: Option<&Event>) {
        let Some(failure) = before.filter(|event| is_failure(event)) else {
            return;
        };
        let is_task = matches!(again.details, Details::TaskScheduled(_));
        let name = match &failure.details {
            Details::EvaluationFailed { state, .. } if is_task || self.is_fork(state) => {
                Some(state.as_ref())
            }
            Details::MapRunFailed(_) => self.inside(failure, 0),
            // A Map or Parallel begins again after the failure of a state within it.
            _ => self.inside(failure, usize::from(!is_task)),
        };
        let Some(name) = name else {
            return;
        };
        let Some(state) = self.states.get(name) else {
            return;
        };
        let error = self.error(failure);
        let mut retriers = list(state, "Retry").zip(handlers(name, state, "Retry"));
        let found = retriers.find(|(rule, _)| handles(rule, error.as_deref()));
        parts.retries.extend(found.map(|(_, handler)| handler));
    }

    /// The state that an event belongs to, or the one so many levels around it: the last one that
    /// was entered and not left on the way to it.
    fn inside<'a>(&'a self, event: &'a Event, levels: usize) -> Option<&'a str> {
        // A failed Map or Parallel lies outside of the state in which it failed.
        let is_outside = matches!(event.details, Details::StateFailed { .. });
        let mut outwards = levels + usize::from(is_outside);
        let mut at = Some(event);
        while let Some(event) = at {
            match &event.details {
                Details::StateEntered { name, .. } => match outwards.checked_sub(1) {
                    None => return Some(name),
                    Some(less) => outwards = less,
                },
                Details::StateExited { .. } => outwards += 1,
                _ => {}
            }
            at = self.before(event);
        }
        None
    }

    fn is_fork(&self, state: &str) -> bool {
        let kind = self.states.get(state).and_then(|state| state.get("Type"));
        matches!(kind.and_then(Value::as_str), Some("Map" | "Parallel"))
    }

    /// The error of a failure, or of what led to it.
    fn error(&self, failure: &Event) -> Option<String> {
        let mut at = Some(failure);
        while let Some(event) = at {
            match &event.details {
                Details::TaskEnded { details, .. } | Details::MapRunFailed(details) => {
                    return details.error.clone();
                }
                Details::EvaluationFailed { .. } => {
                    return Some("States.QueryEvaluationError".to_owned());
                }
                // Of all states only Fail has an error without an event of its own.
                Details::StateEntered { name, .. } => {
                    let error = self.states.get(name.as_ref())?.get("Error")?.as_str()?;
                    return Some(error.to_owned());
                }
                _ => at = self.before(event),
            }
        }
        None
    }
}

fn is_failure(event: &Event) -> bool {
    matches!(
        event.details,
        Details::TaskEnded { .. }
            | Details::MapRunFailed(_)
            | Details::StateFailed { .. }
            | Details::MapIterationFailed { .. }
            | Details::EvaluationFailed { .. }
    )
}

/// Whether a retrier or catcher is for an error; without a name only `States.ALL` is sure.
fn handles(rule: &Value, error: Option<&str>) -> bool {
    let mut names = list(rule, "ErrorEquals").filter_map(Value::as_str);
    names.any(|name| match (name, error) {
        ("States.ALL", _) => true,
        ("States.TaskFailed", Some(error)) => error != "States.Timeout",
        ("States.HeartbeatTimeout", Some("States.Timeout")) => true,
        (name, Some(error)) => name == error,
        (_, None) => false,
    })
}
