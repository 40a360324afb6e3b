//! `world.json`: what every task answers, call by call, and what it was asked.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::Deserialize;
use serde_json::{Map, Value};

/// The world of a case.
pub(crate) struct World {
    tasks: BTreeMap<String, Task>,
    maps: BTreeMap<String, Items>,
    complaints: Vec<String>,
}

#[derive(Default)]
struct Task {
    answers: Vec<(RangeInclusive<usize>, Answer)>,
    calls: Vec<Value>,
}

/// An answer of a task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Answer {
    /// Its result.
    Return(Value),
    /// Its error.
    Throw(Thrown),
}

/// An error.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(crate) struct Thrown {
    /// Its name.
    pub(crate) error: String,
    /// Text for people.
    pub(crate) cause: String,
}

/// What the reader of a distributed map finds.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) enum Items {
    /// These items.
    Items(Vec<Value>),
    /// An error.
    Throw(Thrown),
}

impl World {
    /// Reads it; says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let states: BTreeMap<String, Value> =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        let mut world = Self {
            tasks: BTreeMap::new(),
            maps: BTreeMap::new(),
            complaints: Vec::new(),
        };
        for (state, value) in states {
            if value.get("Items").is_some() || value.get("Throw").is_some() {
                let items = serde_json::from_value(value).map_err(|e| format!("`{state}`: {e}"))?;
                world.maps.insert(state, items);
                continue;
            }
            let answers: BTreeMap<String, Answer> =
                serde_json::from_value(value).map_err(|e| format!("`{state}`: {e}"))?;
            let mut task = Task::default();
            for (calls, answer) in answers {
                let range =
                    range(&calls).ok_or_else(|| format!("`{state}`: `{calls}` is no call"))?;
                task.answers.push((range, answer));
            }
            world.tasks.insert(state, task);
        }
        Ok(world)
    }

    /// Answers the next call of a task.
    pub(crate) fn call(&mut self, state: &str, arguments: &Value) -> Answer {
        let task = self.tasks.entry(state.to_owned()).or_default();
        let number = task.calls.len();
        task.calls.push(arguments.clone());
        let mut answers = task.answers.iter();
        if let Some((_, answer)) = answers.find(|(calls, _)| calls.contains(&number)) {
            return answer.clone();
        }
        let complaint = format!("the world has no answer to call {number} of `{state}`");
        self.complaints.push(complaint.clone());
        Answer::Throw(Thrown {
            error: "Case.NoAnswer".to_owned(),
            cause: complaint,
        })
    }

    /// Reads the items of a map.
    pub(crate) fn items(&mut self, state: &str) -> Items {
        self.maps.remove(state).unwrap_or_else(|| {
            let complaint = format!("the world has no items for `{state}`");
            self.complaints.push(complaint);
            Items::Items(Vec::new())
        })
    }

    /// Arguments of all calls, by state.
    pub(crate) fn calls(&self) -> Map<String, Value> {
        let called = self.tasks.iter().filter(|(_, task)| !task.calls.is_empty());
        called
            .map(|(state, task)| (state.clone(), task.calls.clone().into()))
            .collect()
    }

    /// What the world lacks, and what nobody asked it for.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let unused = self.tasks.iter().flat_map(|(state, task)| {
            let late = task
                .answers
                .iter()
                .filter(|(calls, _)| *calls.end() >= task.calls.len());
            late.map(move |(calls, _)| format!("nobody makes call {} of `{state}`", calls.end()))
        });
        let unread = self.maps.keys();
        let unread = unread.map(|state| format!("nobody reads the items of `{state}`"));
        self.complaints
            .iter()
            .cloned()
            .chain(unused)
            .chain(unread)
            .collect()
    }
}

/// `2` or `0-3`.
fn range(calls: &str) -> Option<RangeInclusive<usize>> {
    let (first, last) = calls.split_once('-').unwrap_or((calls, calls));
    Some(first.parse().ok()?..=last.parse().ok()?)
}
