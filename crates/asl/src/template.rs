//! Values with expressions in them: `Arguments`, `Output`, `Assign`, `Parameters`, `ItemSelector`.

use serde_json::{Map, Value};

use crate::env::{Env, Fault};
use crate::integrations::Written;
use crate::intrinsic::Call;
use crate::jsonata::Expression;
use crate::jsonpath::Path;

/// A compiled template; both query languages end in this form.
#[derive(Debug)]
pub(crate) enum Template {
    Literal(Value),
    Array(Vec<Template>),
    /// Members in the order in which AWS writes them.
    Object(Vec<(String, Template)>),
    Jsonata(Box<Expression>),
    /// A `.$` member that holds a path; `field` is its name as written (`value.$`).
    Path {
        path: Path,
        field: String,
    },
    /// A `.$` member that holds an intrinsic function.
    Call {
        call: Call,
        field: String,
    },
}

impl Template {
    pub(crate) fn evaluate(&self, env: &Env<'_>) -> Result<Value, Fault> {
        match self {
            Self::Literal(value) => Ok(value.clone()),
            Self::Array(items) => items
                .iter()
                .map(|item| item.evaluate(env))
                .collect::<Result<_, _>>()
                .map(Value::Array),
            Self::Object(members) => {
                let mut map = Map::with_capacity(members.len());
                for (key, template) in members {
                    map.insert(key.clone(), template.evaluate(env)?);
                }
                Ok(Value::Object(map))
            }
            Self::Jsonata(expression) => expression.evaluate(env),
            Self::Path { path, field } => path.select_for_field(env, field),
            Self::Call { call, field } => call.evaluate(env, field),
        }
    }

    /// Whether any of it reads the context object.
    pub(crate) fn reads_context(&self) -> bool {
        match self {
            Self::Literal(_) => false,
            Self::Array(items) => items.iter().any(Self::reads_context),
            Self::Object(members) => members.iter().any(|(_, item)| item.reads_context()),
            Self::Jsonata(expression) => expression.reads_context(),
            Self::Path { path, .. } => path.is_context(),
            Self::Call { call, .. } => call.reads_context(),
        }
    }

    /// What is known of the value before it is computed.
    pub(crate) fn written(&self) -> Written {
        match self {
            Self::Literal(value) => Written::Literal(value.clone()),
            Self::Array(items) => Written::Array(items.iter().map(Self::written).collect()),
            Self::Object(members) => Written::Object(
                members
                    .iter()
                    .map(|(key, value)| (key.clone(), value.written()))
                    .collect(),
            ),
            Self::Jsonata(_) | Self::Path { .. } | Self::Call { .. } => Written::Computed,
        }
    }

    /// The expression, if the template is nothing else.
    pub(crate) fn expression(&self) -> Option<&Expression> {
        match self {
            Self::Jsonata(expression) => Some(expression),
            _ => None,
        }
    }
}
