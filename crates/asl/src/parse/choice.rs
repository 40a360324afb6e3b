//! Choice states: rules and, in JSONPath, their comparisons.

use crate::jsonpath::Path;
use crate::machine::{Choice, Comparand, Condition, QueryLanguage, Rule};

use super::program::Scope;
use super::{Findings, Pointer, fields, hints, template, timestamp};
use document::{Kind, Node};

/// Conditions nested deeper are refused.
const MAX_DEPTH: usize = 64;

/// What a comparison compares, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    String(Ordering),
    Numeric(Ordering),
    Timestamp(Ordering),
    BooleanEquals,
    StringMatches,
    IsNull,
    IsPresent,
    IsNumeric,
    IsString,
    IsBoolean,
    IsTimestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ordering {
    Equals,
    LessThan,
    GreaterThan,
    LessThanEquals,
    GreaterThanEquals,
}

/// The operator of a field, and whether it compares with a path.
fn operator(field: &str) -> Option<(Operator, bool)> {
    let (name, with_path) = match field.strip_suffix("Path") {
        Some(name) => (name, true),
        None => (field, false),
    };
    let ordering = |text: &str| {
        Some(match text {
            "Equals" => Ordering::Equals,
            "LessThan" => Ordering::LessThan,
            "GreaterThan" => Ordering::GreaterThan,
            "LessThanEquals" => Ordering::LessThanEquals,
            "GreaterThanEquals" => Ordering::GreaterThanEquals,
            _ => return None,
        })
    };
    let operator = match name {
        "BooleanEquals" => Operator::BooleanEquals,
        "StringMatches" if !with_path => Operator::StringMatches,
        "IsNull" if !with_path => Operator::IsNull,
        "IsPresent" if !with_path => Operator::IsPresent,
        "IsNumeric" if !with_path => Operator::IsNumeric,
        "IsString" if !with_path => Operator::IsString,
        "IsBoolean" if !with_path => Operator::IsBoolean,
        "IsTimestamp" if !with_path => Operator::IsTimestamp,
        _ => {
            if let Some(rest) = name.strip_prefix("String") {
                Operator::String(ordering(rest)?)
            } else if let Some(rest) = name.strip_prefix("Numeric") {
                Operator::Numeric(ordering(rest)?)
            } else {
                Operator::Timestamp(ordering(name.strip_prefix("Timestamp")?)?)
            }
        }
    };
    Some((operator, with_path))
}

pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Choice> {
    let default = match node.get("Default") {
        Some(_) => Some(scope.target(node, at, "Default", findings)?),
        None => None,
    };
    let Some(value) = node.get("Choices") else {
        findings.error(at, &node.span, "These fields are required: [Choices]");
        return None;
    };
    let here = at.child("Choices");
    let Kind::Array(items) = &value.kind else {
        fields::wrong_type(value, &here, "Array", findings);
        return None;
    };
    if items.is_empty() {
        findings.error(&here, &value.span, "Value cannot be empty");
    }
    let rules: Vec<Option<Rule>> = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let at = here.item(index);
            rule(item, &at, index, language, scope, findings)
        })
        .collect();
    Some(Choice {
        rules: rules.into_iter().collect::<Option<_>>()?,
        default,
    })
}

fn rule(
    node: &Node,
    at: &Pointer,
    index: usize,
    language: QueryLanguage,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Rule> {
    let location = format!("Choices[{index}]");
    let assign = template::assign(node, at, language, &format!("{location}/Assign"), findings);
    let (condition, output) = match language {
        QueryLanguage::Jsonata => {
            let known = ["Condition", "Next", "Comment", "Assign", "Output"];
            fields::only(node, at, &known, findings);
            let Some(value) = node.get("Condition") else {
                findings.error(at, &node.span, "These fields are required: [Condition]");
                return None;
            };
            let here = at.child("Condition");
            let place = format!("{location}/Condition");
            let condition = template::compile(value, &here, language, &place, findings)?;
            let output = match node.get("Output") {
                Some(value) => {
                    let place = format!("{location}/Output");
                    let here = at.child("Output");
                    Some(template::compile(value, &here, language, &place, findings)?)
                }
                None => None,
            };
            (Some(Condition::Template(condition)), output)
        }
        QueryLanguage::JsonPath => (condition(node, at, 0, findings), None),
    };
    if node.get("Next").is_none() {
        findings.error(at, &node.span, "These fields are required: [Next]");
    }
    let next = scope.target(node, at, "Next", findings);
    Some(Rule {
        condition: condition?,
        assign,
        output,
        next: next?,
    })
}

fn condition(
    node: &Node,
    at: &Pointer,
    depth: usize,
    findings: &mut Findings,
) -> Option<Condition> {
    if !node.is_object() || depth > MAX_DEPTH {
        fields::wrong_type(node, at, "Object", findings);
        return None;
    }
    for (field, all) in [("And", true), ("Or", false)] {
        if let Some(value) = node.get(field) {
            let at = at.child(field);
            let Kind::Array(items) = &value.kind else {
                fields::wrong_type(value, &at, "Array", findings);
                return None;
            };
            let list: Vec<Option<Condition>> = items
                .iter()
                .enumerate()
                .map(|(index, item)| condition(item, &at.item(index), depth + 1, findings))
                .collect();
            let list = list.into_iter().collect::<Option<Vec<_>>>()?;
            return Some(if all {
                Condition::And(list)
            } else {
                Condition::Or(list)
            });
        }
    }
    if let Some(value) = node.get("Not") {
        let inner = condition(value, &at.child("Not"), depth + 1, findings)?;
        return Some(Condition::Not(Box::new(inner)));
    }
    test(node, at, findings)
}

fn test(node: &Node, at: &Pointer, findings: &mut Findings) -> Option<Condition> {
    let mut found = None;
    for member in node.members() {
        match (operator(&member.key), member.key.as_str()) {
            (Some((operator, with_path)), _) => found = Some((member, operator, with_path)),
            (None, "Variable" | "Next" | "Comment" | "Assign") => {}
            (None, _) => {
                let message = format!("Field '{}' is not supported", member.key);
                findings.error(at, &member.key_span, message);
                return None;
            }
        }
    }
    let Some((member, operator, with_path)) = found else {
        findings.error(
            at,
            &node.span,
            "A choice rule must contain a comparison operator",
        );
        return None;
    };
    if node.get("Variable").is_none() {
        findings.error(at, &node.span, "These fields are required: [Variable]");
    }
    let variable = fields::path(node, at, "Variable", findings)?;
    let here = at.child(&member.key);
    if with_path {
        return match member.value.as_str().map(Path::compile) {
            Some(Ok(path)) => {
                findings.note_path(&path, &here, &member.value.span);
                Some(Condition::Test(variable, operator, Comparand::Path(path)))
            }
            _ => {
                findings.error(&here, &member.value.span, "Value must be a valid JSONPath.");
                None
            }
        };
    }
    let fits = match (operator, &member.value.kind) {
        (Operator::String(_) | Operator::StringMatches, Kind::String(_))
        | (Operator::Numeric(_), Kind::Number(_)) => true,
        (Operator::Timestamp(_), Kind::String(text)) => timestamp::parse(text).is_some(),
        (Operator::String(_) | Operator::StringMatches | Operator::Numeric(_), _)
        | (Operator::Timestamp(_), _) => false,
        (_, kind) => matches!(kind, Kind::Bool(_)),
    };
    if !fits {
        let message = match operator {
            Operator::Timestamp(_) => "String does not match RFC3339 timestamp",
            Operator::String(_) | Operator::StringMatches => "Expected value of type String",
            Operator::Numeric(_) => "Expected value of type Number",
            _ => "Expected value of type Boolean",
        };
        findings.error(&here, &member.value.span, message);
        return None;
    }
    hints::no_path(&member.key, &member.value, &here, findings);
    let literal = Comparand::Literal(member.value.to_value());
    Some(Condition::Test(variable, operator, literal))
}
