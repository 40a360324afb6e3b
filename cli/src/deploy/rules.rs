//! The `Rules` of a template: what values must be together. CloudFormation checks them too, but
//! only after artifacts were built and uploaded, and it stops at the first.
//!
//! A rule about a value that is not known here, because the stack keeps it, and one with functions
//! other than the logical ones, is CloudFormation's to check.

use document::{Member, Node};
use serde_json::Value;

/// What one rule asserts.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// When it holds; always, if nothing is said.
    condition: Option<Value>,
    assertion: Value,
    /// What it means, in the template's words.
    description: String,
}

/// Reads the rules of a template.
pub(super) fn read(section: &[Member]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for Member { value: rule, .. } in section {
        let assertions = rule.get("Assertions").map(Node::items).unwrap_or_default();
        for one in assertions {
            let Some(assertion) = one.get("Assert") else {
                continue;
            };
            let description = one.get("AssertDescription").and_then(Node::as_str);
            rules.push(Rule {
                condition: rule.get("RuleCondition").map(Node::to_value),
                assertion: assertion.to_value(),
                description: description.unwrap_or("a rule is not kept").to_owned(),
            });
        }
    }
    rules
}

impl Rule {
    /// What is wrong with the values, `None` for nothing. `value` tells that of a parameter where
    /// it is known.
    pub(super) fn broken<'v>(&'v self, value: &dyn Fn(&str) -> Option<&'v str>) -> Option<&'v str> {
        let applies = match &self.condition {
            Some(condition) => holds(condition, value)?,
            None => true,
        };
        (applies && !holds(&self.assertion, value)?).then_some(self.description.as_str())
    }
}

/// Whether a condition holds; `None` where that cannot be told.
fn holds<'v>(condition: &Value, value: &dyn Fn(&str) -> Option<&'v str>) -> Option<bool> {
    let (function, argument) = condition.as_object()?.iter().next()?;
    let arguments = argument.as_array().map(Vec::as_slice).unwrap_or_default();
    let each = || arguments.iter().map(|one| holds(one, value));
    match (function.as_str(), arguments) {
        ("Fn::Equals", [one, two]) => Some(text(one, value)? == text(two, value)?),
        ("Fn::Contains", [list, one]) => {
            let one = text(one, value)?;
            let list = list.as_array()?.iter();
            let list = list.map(|item| text(item, value));
            Some(list.collect::<Option<Vec<_>>>()?.contains(&one))
        }
        ("Fn::Not", [one]) => holds(one, value).map(|holds| !holds),
        // One that is false decides, whatever the unknown ones are.
        ("Fn::And", _) if each().any(|one| one == Some(false)) => Some(false),
        ("Fn::And", _) => each().collect::<Option<Vec<_>>>().map(|_| true),
        ("Fn::Or", _) if each().any(|one| one == Some(true)) => Some(true),
        ("Fn::Or", _) => each().collect::<Option<Vec<_>>>().map(|_| false),
        _ => None,
    }
}

fn text<'v>(node: &Value, value: &dyn Fn(&str) -> Option<&'v str>) -> Option<String> {
    match node {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => value(node.get("Ref")?.as_str()?).map(str::to_owned),
    }
}
