//! What an expression can see: input, result, error, context object, variables; and how it fails.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::data::Data;
use crate::random::Random;

/// Why an expression has no value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// A JSONata expression failed: `States.QueryEvaluationError`, with an `EvaluationFailed`
    /// event; can be caught.
    Query {
        cause: String,
        /// Path of the field, where AWS names one.
        location: Option<String>,
    },
    /// `States.Runtime`: ends the execution, nothing catches it.
    Runtime(String),
    /// An error with a name of its own that can be caught (`States.IntrinsicFailure`, …).
    Named { error: &'static str, cause: String },
}

impl Fault {
    pub(crate) fn query(cause: impl Into<String>, location: &str) -> Self {
        Self::Query {
            cause: cause.into(),
            location: Some(location.to_owned()),
        }
    }

    pub(crate) fn runtime(cause: impl Into<String>) -> Self {
        Self::Runtime(cause.into())
    }
}

/// Variables of one scope and, behind it, those of the scopes around it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Variables {
    own: HashMap<Arc<str>, Data>,
    outer: Option<Arc<Variables>>,
}

impl Variables {
    pub(crate) fn inside(outer: Arc<Variables>) -> Self {
        Self {
            own: HashMap::new(),
            outer: Some(outer),
        }
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Data> {
        let mut scope = self;
        loop {
            if let Some(data) = scope.own.get(name) {
                return Some(data);
            }
            scope = scope.outer.as_deref()?;
        }
    }

    pub(crate) fn set(&mut self, name: Arc<str>, data: Data) {
        self.own.insert(name, data);
    }
}

/// The parts of the context object (`$$`, `$states.context`) that differ from state to state.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ContextParts<'a> {
    pub(crate) execution_arn: &'a str,
    pub(crate) execution_name: &'a str,
    pub(crate) input: &'a Data,
    pub(crate) start_time: Timestamp,
    pub(crate) role_arn: &'a str,
    /// Not in synchronous executions.
    pub(crate) redrive_count: Option<u64>,
    /// Of the last redrive.
    pub(crate) redrive_time: Option<Timestamp>,
    pub(crate) machine_arn: &'a str,
    pub(crate) machine_name: &'a str,
    pub(crate) state: &'a str,
    pub(crate) entered: Timestamp,
    /// Only in Task states.
    pub(crate) retry_count: Option<u64>,
    pub(crate) token: Option<&'a str>,
    /// `$$.Map`.
    pub(crate) map: Option<MapContext<'a>>,
    /// Stands for all of the above but `map`, where a test of a single state gives it.
    pub(crate) given: Option<&'a Value>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum MapContext<'a> {
    Item {
        index: usize,
        key: Option<&'a Value>,
        value: &'a Value,
        source: Option<&'a str>,
    },
    Given(&'a Value),
}

impl MapContext<'_> {
    /// `Map` of the context object.
    pub(crate) fn to_value(self) -> Value {
        let (index, key, value, source) = match self {
            Self::Given(value) => return value.clone(),
            Self::Item {
                index,
                key,
                value,
                source,
            } => (index, key, value, source),
        };
        let mut item = serde_json::Map::new();
        item.insert("Index".to_owned(), index.into());
        if let Some(key) = key {
            item.insert("Key".to_owned(), key.clone());
        }
        item.insert("Value".to_owned(), value.clone());
        if let Some(source) = source {
            item.insert("Source".to_owned(), source.into());
        }
        serde_json::json!({ "Item": item })
    }
}

/// Milliseconds always, as AWS writes times: `2026-11-22T10:00:00.000Z`.
pub(crate) fn iso(time: Timestamp) -> String {
    format!("{time:.3}")
}

/// Parts of the context object that somebody asks for; the others are not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Needs {
    pub(crate) execution: bool,
    /// As large as its author likes, so told apart.
    pub(crate) execution_input: bool,
    pub(crate) machine: bool,
    pub(crate) state: bool,
    pub(crate) task: bool,
    pub(crate) map: bool,
}

impl Needs {
    pub(crate) const ALL: Self = Self {
        execution: true,
        execution_input: true,
        machine: true,
        state: true,
        task: true,
        map: true,
    };

    /// What a path into the context object needs; a step that is not a name is `None`.
    pub(crate) fn of(first: Option<&str>, second: Option<&str>) -> Self {
        let mut needs = Self::default();
        match first {
            Some("Execution") => {
                needs.execution = true;
                needs.execution_input = second.is_none_or(|name| name == "Input");
            }
            Some("StateMachine") => needs.machine = true,
            Some("State") => needs.state = true,
            Some("Task") => needs.task = true,
            Some("Map") => needs.map = true,
            _ => return Self::ALL,
        }
        needs
    }

    pub(crate) fn any(self) -> bool {
        self != Self::default()
    }

    pub(crate) fn add(&mut self, other: Self) {
        self.execution |= other.execution;
        self.execution_input |= other.execution_input;
        self.machine |= other.machine;
        self.state |= other.state;
        self.task |= other.task;
        self.map |= other.map;
    }
}

impl ContextParts<'_> {
    /// The needed parts of the context object, in AWS's order of members.
    pub(crate) fn to_value(self, needs: Needs) -> Value {
        use serde_json::{Map, json};
        if let Some(given) = self.given {
            return self.given_value(given);
        }
        let mut context = Map::new();
        if needs.execution {
            context.insert("Execution".into(), self.execution(needs.execution_input));
        }
        if needs.machine {
            context.insert(
                "StateMachine".into(),
                json!({"Id": self.machine_arn, "Name": self.machine_name}),
            );
        }
        if needs.state {
            let mut state = Map::new();
            state.insert("Name".into(), self.state.into());
            state.insert("EnteredTime".into(), iso(self.entered).into());
            if let Some(count) = self.retry_count {
                state.insert("RetryCount".into(), count.into());
            }
            context.insert("State".into(), Value::Object(state));
        }
        if let Some(token) = self.token.filter(|_| needs.task) {
            context.insert("Task".into(), json!({ "Token": token }));
        }
        if let Some(map) = self.map.filter(|_| needs.map) {
            context.insert("Map".into(), map.to_value());
        }
        Value::Object(context)
    }

    fn execution(self, with_input: bool) -> Value {
        let mut execution = serde_json::Map::new();
        execution.insert("Id".into(), self.execution_arn.into());
        if with_input {
            execution.insert("Input".into(), self.input.value().clone());
        }
        execution.insert("StartTime".into(), iso(self.start_time).into());
        execution.insert("Name".into(), self.execution_name.into());
        execution.insert("RoleArn".into(), self.role_arn.into());
        if let Some(count) = self.redrive_count {
            execution.insert("RedriveCount".into(), count.into());
        }
        if let Some(time) = self.redrive_time {
            execution.insert("RedriveTime".into(), iso(time).into());
        }
        Value::Object(execution)
    }
}

impl ContextParts<'_> {
    fn given_value(self, given: &Value) -> Value {
        let mut context = given.clone();
        if let Some(members) = context.as_object_mut()
            && let Some(map @ MapContext::Item { .. }) = self.map
        {
            members.insert("Map".into(), map.to_value());
        }
        context
    }
}

/// Everything that the expressions of one state can see at one moment.
pub(crate) struct Env<'a> {
    /// `$` of JSONPath, `$states.input` of JSONata.
    pub(crate) input: &'a Data,
    /// `$states.result`.
    pub(crate) result: Option<&'a Data>,
    /// `$states.errorOutput`.
    pub(crate) error_output: Option<&'a Data>,
    pub(crate) variables: &'a Variables,
    pub(crate) context: ContextParts<'a>,
    pub(crate) random: &'a RefCell<Random>,
    pub(crate) now: Timestamp,
    /// `$$`, made when first asked for.
    pub(crate) context_value: OnceCell<Value>,
}

impl Env<'_> {
    pub(crate) fn context_value(&self) -> &Value {
        self.context_value
            .get_or_init(|| self.context.to_value(Needs::ALL))
    }
}
