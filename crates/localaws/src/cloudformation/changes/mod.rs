//! What an update would change: compared property by property, before anything happens.
//!
//! The engine asks the same question with the real values while it works ([`difference`]); a
//! change set asks it ahead, when the ids of new resources are not known yet ([`plan`]).

mod details;
mod lookup;
mod paths;
mod plan;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CloudFormation;
use super::engine::context;
use super::stack::{Live, Stack};
use crate::resources::{Replacement, Schema};

pub(crate) use paths::{Change, changes_between};
pub(crate) use plan::plan;

/// What must happen to a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Difference {
    None,
    InPlace,
    Replace,
}

/// A change of one resource, as change sets show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ResourceChange {
    /// `Add`, `Modify` or `Remove`.
    pub(crate) action: String,
    pub(crate) logical: String,
    pub(crate) physical: Option<String>,
    pub(crate) kind: String,
    /// `True`, `False` or `Conditional`, of modified resources.
    pub(crate) replacement: Option<String>,
    pub(crate) policy_action: Option<String>,
    pub(crate) scope: Vec<String>,
    /// `ResourceChangeDetail`s as the API has them, values included.
    pub(crate) details: Vec<Value>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// Compares a resource with what is wanted, both with the schema's types and the stack's tags.
pub(crate) fn difference(
    cfn: &CloudFormation,
    stack: &Stack,
    logical: &str,
    old: &Live,
    new: &Live,
) -> Difference {
    // Whether a nested stack changes is known only when its template is read.
    if new.kind == "AWS::CloudFormation::Stack" {
        return Difference::InPlace;
    }
    let changes = property_changes(cfn, stack, logical, old, new);
    if changes.is_empty() {
        return Difference::None;
    }
    let Some(schema) = Schema::of(&new.kind) else {
        return Difference::InPlace;
    };
    let always = changes
        .iter()
        .any(|change| schema.replaces(&change.path) == Replacement::Always);
    if always || !schema.is_mutable() {
        Difference::Replace
    } else {
        Difference::InPlace
    }
}

/// The properties that differ, deepest paths.
fn property_changes(
    cfn: &CloudFormation,
    stack: &Stack,
    logical: &str,
    old: &Live,
    new: &Live,
) -> Vec<Change> {
    let before = cfn
        .resources
        .wanted(&context(stack, logical, old), &old.properties);
    let after = cfn
        .resources
        .wanted(&context(stack, logical, new), &new.properties);
    changes_between(&before, &after)
}

/// The name that a replacement would have to share with what it replaces.
pub(crate) fn kept_name(old: &Live, new: &Live) -> Option<String> {
    let schema = Schema::of(&new.kind)?;
    let [name] = schema.primary_identifier() else {
        return None;
    };
    let (before, after) = (old.properties.get(name)?, new.properties.get(name)?);
    (before == after).then(|| before.as_str().unwrap_or_default().to_owned())
}
