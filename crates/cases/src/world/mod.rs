//! `world.json`: what every task answers, call by call, and what it was asked.

mod answer;

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

pub(crate) use answer::{Answer, End, Thrown};

/// The world of a case.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    tasks: BTreeMap<String, Task>,
    maps: BTreeMap<String, Result<Vec<Value>, Thrown>>,
    complaints: Vec<String>,
}

#[derive(Debug, Clone, Default)]
struct Task {
    answers: Vec<(RangeInclusive<usize>, Answer)>,
    calls: Vec<Value>,
}

impl World {
    /// Takes the members of `world.json`, by name of the state; says everything that is wrong.
    pub(crate) fn parse(value: &Value) -> Result<Self, Vec<String>> {
        let Value::Object(states) = value else {
            return Err(vec!["a world is an object of states".to_owned()]);
        };
        let mut world = Self::default();
        let mut faults = Vec::new();
        for (state, value) in states {
            // Editors look for their schema there.
            if state == "$schema" {
                if !value.is_string() {
                    faults.push("`$schema` is a text".to_owned());
                }
            } else if let Err(more) = world.add(state, value) {
                faults.extend(more.into_iter().map(|fault| format!("`{state}`: {fault}")));
            }
        }
        if faults.is_empty() {
            Ok(world)
        } else {
            Err(faults)
        }
    }

    /// What a state finds.
    pub(crate) fn add(&mut self, state: &str, value: &Value) -> Result<(), Vec<String>> {
        let Value::Object(members) = value else {
            return Err(vec!["neither calls nor `Items`".to_owned()]);
        };
        if members.contains_key("Items") || members.contains_key("Throw") {
            let items = items(members).map_err(|fault| vec![fault])?;
            self.maps.insert(state.to_owned(), items);
            return Ok(());
        }
        let mut task = Task::default();
        let mut faults = Vec::new();
        for (calls, answer) in members {
            match (range(calls), Answer::parse(answer)) {
                (Some(range), Ok(answer)) => task.answers.push((range, answer)),
                (None, _) => faults.push(format!("`{calls}` is no call: write `0` or `1-2`")),
                (_, Err(fault)) => faults.push(format!("call {calls}: {fault}")),
            }
        }
        self.tasks.insert(state.to_owned(), task);
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
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
        Answer::throw(Thrown {
            error: "Case.NoAnswer".to_owned(),
            cause: complaint,
        })
    }

    /// Reads the items of a distributed map.
    pub(crate) fn items(&mut self, state: &str) -> Result<Vec<Value>, Thrown> {
        self.maps.remove(state).unwrap_or_else(|| {
            let complaint = format!("the world has no `Items` for `{state}`");
            self.complaints.push(complaint);
            Ok(Vec::new())
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
            let answers = task.answers.iter();
            let late = answers.filter(|(calls, _)| *calls.end() >= task.calls.len());
            late.map(move |(calls, _)| format!("nobody makes call {} of `{state}`", calls.end()))
        });
        let unread = self.maps.keys();
        let unread = unread.map(|state| format!("nobody reads the items of `{state}`"));
        let lacking = self.complaints.iter().cloned();
        lacking.chain(unused).chain(unread).collect()
    }
}

fn items(members: &Map<String, Value>) -> Result<Result<Vec<Value>, Thrown>, String> {
    let mut members = members.iter();
    match (members.next(), members.next()) {
        (Some((name, Value::Array(items))), None) if name == "Items" => Ok(Ok(items.clone())),
        (Some((name, thrown)), None) if name == "Throw" => Ok(Err(Thrown::parse(thrown)?)),
        _ => Err("a map has either a list of `Items` or `Throw`".to_owned()),
    }
}

/// `2` or `0-3`, in digits and nothing else.
fn range(calls: &str) -> Option<RangeInclusive<usize>> {
    const DIGITS: usize = 9;
    let number = |text: &str| {
        let is_number = text.len() <= DIGITS && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse().ok().filter(|_| is_number)
    };
    let (first, last) = calls.split_once('-').unwrap_or((calls, calls));
    let range = number(first)?..=number(last)?;
    (!range.is_empty()).then_some(range)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_fault_of_a_world_is_told() {
        let world = json!({
            "A": { "0": { "Return": null, "After": 3, "HeartbeatsAfter": [1, 2] }, "1-2": { "Never": true } },
            "B": { "x": { "Return": 1 }, "1": { "Return": 1, "Throw": { "Error": "E" } }, "2": { "After": -1 } },
            "C": { "Items": [], "Throw": { "Error": "E" } },
            "D": { "3-1": { "Throw": { "Cause": "no name" } } },
            "E": [],
        });
        let faults = World::parse(&world).unwrap_err();
        assert_eq!(faults.len(), 6, "{faults:#?}");
        assert!(faults.iter().all(|fault| !fault.starts_with("`A`")));
    }

    #[test]
    fn calls_are_counted_and_what_is_left_is_told() {
        let world = json!({ "A": { "0-1": { "Return": 1 }, "2": { "Throw": { "Error": "E" } } } });
        let mut world = World::parse(&world).unwrap();
        assert_eq!(world.call("A", &json!(1)).end, End::Return(json!(1)));
        assert_eq!(world.call("A", &json!(2)).end, End::Return(json!(1)));
        assert_eq!(world.complaints(), ["nobody makes call 2 of `A`"]);
        assert!(matches!(world.call("B", &json!({})).end, End::Throw(_)));
        assert_eq!(world.complaints().len(), 2);
        assert_eq!(world.calls()["A"], json!([1, 2]));
    }
}
