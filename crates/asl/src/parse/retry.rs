//! `Retry` and `Catch`.

use crate::machine::{Catcher, PathField, QueryLanguage, Retrier};

use super::program::Scope;
use super::{Findings, Pointer, fields, template};
use document::{Kind, Node};

/// The items of an optional list field, each with its pointer.
fn items<'n>(
    node: &'n Node,
    at: &Pointer,
    field: &str,
    findings: &mut Findings,
) -> Vec<(Pointer, &'n Node)> {
    let Some(value) = node.get(field) else {
        return Vec::new();
    };
    let here = at.child(field);
    let Kind::Array(items) = &value.kind else {
        fields::wrong_type(value, &here, "Array", findings);
        return Vec::new();
    };
    items
        .iter()
        .enumerate()
        .map(|(index, item)| (here.item(index), item))
        .collect()
}

/// `ErrorEquals`; `States.ALL` stands alone and last.
fn errors(node: &Node, at: &Pointer, is_last: bool, findings: &mut Findings) -> Vec<String> {
    let Some(value) = node.get("ErrorEquals") else {
        findings.error(at, &node.span, "These fields are required: [ErrorEquals]");
        return Vec::new();
    };
    let here = at.child("ErrorEquals");
    let Kind::Array(items) = &value.kind else {
        fields::wrong_type(value, &here, "Array", findings);
        return Vec::new();
    };
    if items.is_empty() {
        findings.error(&here, &value.span, "Value cannot be empty");
    }
    let mut names = Vec::new();
    for item in items {
        match item.as_str() {
            Some(name) => names.push(name.to_owned()),
            None => fields::wrong_type(item, &here, "String", findings),
        }
    }
    if names.iter().any(|name| name == "States.ALL") {
        if names.len() > 1 {
            findings.error(&here, &value.span, "'States.ALL' must appear alone");
        } else if !is_last {
            findings.error(
                &here,
                &value.span,
                "'States.ALL' must appear in the last one only",
            );
        }
    }
    names
}

pub(super) fn retriers(node: &Node, at: &Pointer, findings: &mut Findings) -> Vec<Retrier> {
    let items = items(node, at, "Retry", findings);
    let count = items.len();
    let mut retriers = Vec::with_capacity(count);
    for (index, (at, item)) in items.into_iter().enumerate() {
        let known = [
            "ErrorEquals",
            "IntervalSeconds",
            "MaxAttempts",
            "BackoffRate",
            "MaxDelaySeconds",
            "JitterStrategy",
            "Comment",
        ];
        fields::only(item, &at, &known, findings);
        let interval = fields::whole_number(item, &at, "IntervalSeconds", 1, findings);
        let max_delay = fields::whole_number(item, &at, "MaxDelaySeconds", 1, findings);
        let jitter = fields::text(item, &at, "JitterStrategy", findings).unwrap_or("NONE");
        if !matches!(jitter, "NONE" | "FULL") {
            findings.error(
                &at.child("JitterStrategy"),
                &item.span,
                "The field 'JitterStrategy' should have one of these values: [FULL, NONE]",
            );
        }
        retriers.push(Retrier {
            errors: errors(item, &at, index + 1 == count, findings),
            interval: interval.unwrap_or(1) as f64,
            max_attempts: fields::whole_number(item, &at, "MaxAttempts", 0, findings).unwrap_or(3),
            backoff: fields::number(item, &at, "BackoffRate", 1.0, findings).unwrap_or(2.0),
            max_delay: max_delay.map(|seconds| seconds as f64),
            jitter: jitter == "FULL",
        });
    }
    retriers
}

pub(super) fn catchers(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Vec<Catcher> {
    let items = items(node, at, "Catch", findings);
    let count = items.len();
    let mut catchers = Vec::with_capacity(count);
    for (index, (at, item)) in items.into_iter().enumerate() {
        let own = match language {
            QueryLanguage::JsonPath => "ResultPath",
            QueryLanguage::Jsonata => "Output",
        };
        let known = ["ErrorEquals", "Next", "Comment", "Assign", own];
        fields::only(item, &at, &known, findings);
        let location = format!("Catch[{index}]");
        let result_path = match language {
            QueryLanguage::JsonPath => {
                fields::path_or_null(item, &at, "ResultPath", true, findings)
            }
            QueryLanguage::Jsonata => PathField::Whole,
        };
        let output = item.get("Output").and_then(|value| {
            let location = format!("{location}/Output");
            template::compile(value, &at.child("Output"), language, &location, findings)
        });
        let assign = template::assign(item, &at, language, &format!("{location}/Assign"), findings);
        let errors = errors(item, &at, index + 1 == count, findings);
        if item.get("Next").is_none() {
            findings.error(&at, &item.span, "These fields are required: [Next]");
        }
        if let Some(next) = scope.target(item, &at, "Next", findings) {
            catchers.push(Catcher {
                errors,
                result_path,
                output,
                assign,
                next,
            });
        }
    }
    catchers
}
