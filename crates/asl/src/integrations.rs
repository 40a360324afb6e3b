//! The door through which somebody who knows AWS's APIs checks what Task states pass to them.
//!
//! This crate knows no API: it asks, and puts the answers where they belong.

use std::fmt;

use serde_json::Value;

use crate::port::Resource;

/// What is known of the APIs behind Task states. Answers depend on the arguments alone: an
/// execution that is replayed asks again and must hear the same.
pub trait Integrations: fmt::Debug + Send + Sync {
    /// Why AWS does not have the resource, if it does not; in AWS's words.
    fn resource_fault(&self, resource: &Resource) -> Option<String> {
        let _ = resource;
        None
    }

    /// What is wrong with `Parameters` or `Arguments` as they are written: members that the API
    /// does not have, required ones that are missing, literals of the wrong type.
    fn parameter_faults(&self, resource: &Resource, written: &Written) -> Vec<ParameterFault> {
        let _ = (resource, written);
        Vec::new()
    }

    /// Why a task cannot be started with evaluated parameters, if it cannot: what AWS puts between
    /// the brackets of `could not be used to start the Task: […]`.
    fn refusal(&self, resource: &Resource, parameters: &Value) -> Option<String> {
        let _ = (resource, parameters);
        None
    }
}

/// Service and action of every optimised integration that the language knows, as in `Resource`.
pub fn optimised_actions() -> impl Iterator<Item = (&'static str, &'static str)> {
    crate::parse::optimised_actions()
}

/// A value of a definition, as far as it is known before it runs.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// This very value.
    Literal(Value),
    /// What a path, a function or an expression will yield.
    Computed,
    /// Members by their names without `.$`; some of them are computed.
    Object(Vec<(String, Written)>),
    /// Items; some of them are computed.
    Array(Vec<Written>),
}

impl Written {
    /// The member of that name, if the value is an object that has it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Written> {
        match self {
            Self::Literal(value) => value.get(name).cloned().map(Self::Literal),
            Self::Object(members) => members
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone()),
            Self::Computed | Self::Array(_) => None,
        }
    }

    /// Names of the members, if the value is an object.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        match self {
            Self::Literal(Value::Object(map)) => map.keys().map(String::as_str).collect(),
            Self::Object(members) => members.iter().map(|(name, _)| name.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

/// Something wrong with a parameter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParameterFault {
    /// Names of members (without `.$`) and indices of items that lead to it; empty for the
    /// parameters as a whole.
    pub path: Vec<String>,
    /// In AWS's words where they are known.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}
