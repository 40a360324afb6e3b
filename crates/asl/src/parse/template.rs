//! Templates: values with expressions in them.

use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::diagnostic::Severity;
use crate::intrinsic::Call;
use crate::jsonata::{self, Expression};
use crate::jsonpath::Path;
use crate::machine::QueryLanguage;
use crate::template::Template;

use super::{Findings, Pointer, hints};
use document::{Kind, Member, Node};

/// An expression that does not parse.
const INVALID_JSONATA: &str = "INVALID_JSONATA_EXPRESSION";
/// An expression that parses, but can not work in a state.
const UNSUPPORTED_JSONATA: &str = "UNSUPPORTED_JSONATA_EXPRESSION";

/// Compiles a field; `location` is its path within the state as AWS's messages show it.
pub(super) fn compile(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    location: &str,
    findings: &mut Findings,
) -> Option<Template> {
    let before = findings.errors;
    let template = match language {
        QueryLanguage::Jsonata => jsonata(node, at, location, findings),
        QueryLanguage::JsonPath => jsonpath(node, at, findings),
    };
    (findings.errors == before).then_some(template)
}

/// The optional field of a state.
pub(super) fn field(
    node: &Node,
    at: &Pointer,
    name: &str,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Template> {
    compile(node.get(name)?, &at.child(name), language, name, findings)
}

/// `Assign`: names and what they get.
pub(super) fn assign(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    location: &str,
    findings: &mut Findings,
) -> Vec<(Arc<str>, Template)> {
    let Some(value) = node.get("Assign") else {
        return Vec::new();
    };
    let at = at.child("Assign");
    if !value.is_object() {
        super::fields::wrong_type(value, &at, "Object", findings);
        return Vec::new();
    }
    for member in value.members() {
        let name = match language {
            QueryLanguage::JsonPath => member.key.strip_suffix(".$").unwrap_or(&member.key),
            QueryLanguage::Jsonata => &member.key,
        };
        if !is_variable_name(name) {
            let message = format!("Variable name '{name}' is not valid");
            findings.error_with_help(
                &at.child(&member.key),
                &member.key_span,
                message,
                "a name starts with a letter, goes on with letters, digits and `_`, has at most 80 characters, and is not `states`",
            );
        }
    }
    match compile(value, &at, language, location, findings) {
        Some(Template::Object(members)) => members
            .into_iter()
            .map(|(name, template)| (Arc::from(name), template))
            .collect(),
        Some(Template::Literal(Value::Object(map))) => map
            .into_iter()
            .map(|(name, value)| (Arc::from(name), Template::Literal(value)))
            .collect(),
        _ => Vec::new(),
    }
}

fn is_variable_name(name: &str) -> bool {
    let mut chars = name.chars();
    chars.next().is_some_and(char::is_alphabetic)
        && chars.all(|c| c.is_alphanumeric() || c == '_')
        && name.chars().count() <= 80
        && name != "states"
}

fn jsonata(node: &Node, at: &Pointer, location: &str, findings: &mut Findings) -> Template {
    match &node.kind {
        Kind::String(text) => match jsonata::unwrap(text) {
            Some(source) => match Expression::compile(source, location.to_owned()) {
                Ok(expression) => {
                    checked(&expression, location, at, &node.span, findings);
                    Template::Jsonata(Box::new(expression))
                }
                Err(why) => {
                    let severity = Severity::Error;
                    findings.report(INVALID_JSONATA, severity, at, &node.span, why, None);
                    Template::Literal(Value::Null)
                }
            },
            None => Template::Literal(Value::String(text.clone())),
        },
        Kind::Array(items) => {
            let items = items.iter().enumerate().map(|(index, item)| {
                jsonata(
                    item,
                    &at.item(index),
                    &format!("{location}[{index}]"),
                    findings,
                )
            });
            fold_array(items.collect())
        }
        Kind::Object(members) => {
            let members = members.iter().map(|member| {
                let key = member.key.clone();
                let location = format!("{location}/{key}");
                let template = jsonata(&member.value, &at.child(&key), &location, findings);
                (key, template)
            });
            fold_object(members.collect())
        }
        _ => Template::Literal(node.to_value()),
    }
}

/// Notes what an expression reads, and refuses what AWS does.
fn checked(
    expression: &Expression,
    location: &str,
    at: &Pointer,
    span: &Range<usize>,
    findings: &mut Findings,
) {
    let found = expression.inspect();
    let mut refuse = |code, message: String, help: &str| {
        let help = Some(help.to_owned());
        findings.report(code, Severity::Error, at, span, message, help);
    };
    for name in &found.unqualified {
        refuse(
            UNSUPPORTED_JSONATA,
            format!("Reference to '{name}' at the top level is not supported."),
            "there is no context to read it from: begin with `$states.input` or a variable",
        );
    }
    // Only a catcher has an error; only what follows the work has a result.
    let is_catcher = location.starts_with("Catch[");
    let has_result = location.starts_with("Output") || location.starts_with("Assign");
    for (member, there) in [("errorOutput", is_catcher), ("result", has_result)] {
        if found.states.contains(member) && !there {
            refuse(
                UNSUPPORTED_JSONATA,
                format!("Reference to '$states.{member}' is not supported."),
                "`$states.errorOutput` is there in a Catch, `$states.result` in the `Output` and `Assign` of a state",
            );
        }
    }
    for operator in &found.newer {
        refuse(
            INVALID_JSONATA,
            format!("The operator {operator} is not supported"),
            "AWS runs JSONata 2.0.6, which has no such operator: use `$exists(a) ? a : b`",
        );
    }
    if found.functions.contains("eval") {
        let message = "The function $eval is not available".to_owned();
        let help = Some("AWS fails the state when it is called: use `$parse` for JSON".to_owned());
        findings.report(
            "UNAVAILABLE_FUNCTION",
            Severity::Warning,
            at,
            span,
            message,
            help,
        );
    }
    for name in found.variables.iter().filter(|name| *name != "states") {
        findings.note(name, at, span);
    }
}

fn jsonpath(node: &Node, at: &Pointer, findings: &mut Findings) -> Template {
    match &node.kind {
        Kind::Array(items) => {
            let items = items
                .iter()
                .enumerate()
                .map(|(index, item)| jsonpath(item, &at.item(index), findings));
            fold_array(items.collect())
        }
        Kind::Object(members) => {
            let (computed, fixed): (Vec<_>, Vec<_>) = members
                .iter()
                .partition(|member| member.key.ends_with(".$"));
            for member in &computed {
                let name = member.key.strip_suffix(".$").unwrap_or(&member.key);
                if fixed.iter().any(|other| other.key == name) {
                    findings.error_with_help(
                        at,
                        &member.key_span,
                        format!(
                            "The fields '{name}' and '{}' cannot both be set",
                            member.key
                        ),
                        "both would become the same member",
                    );
                }
            }
            let mut list: Vec<(String, Template)> = fixed
                .into_iter()
                .map(|member| {
                    let at_member = at.child(&member.key);
                    hints::no_dollar(&member.key, &member.value, &at_member, findings);
                    let template = jsonpath(&member.value, &at.child(&member.key), findings);
                    (member.key.clone(), template)
                })
                .collect();
            let computed = computed
                .into_iter()
                .filter_map(|member| computed_member(member, at, findings));
            list.extend(java_order(computed.collect()));
            fold_object(list)
        }
        _ => Template::Literal(node.to_value()),
    }
}

fn computed_member(
    member: &Member,
    at: &Pointer,
    findings: &mut Findings,
) -> Option<(String, Template)> {
    let key = &member.key;
    let compiled = match member.value.as_str() {
        Some(text) => dynamic(text, key),
        None => Err("the value is not a string".to_owned()),
    };
    match compiled {
        Ok(template) => {
            findings.note_dynamic(&template, &at.child(key), &member.value.span);
            Some((key.strip_suffix(".$").unwrap_or(key).to_owned(), template))
        }
        Err(why) => {
            findings.error_with_help(
                at,
                &member.value.span,
                format!(
                    "The value for the field '{key}' must be a valid JSONPath or a valid intrinsic function call"
                ),
                why,
            );
            None
        }
    }
}

/// A path or an intrinsic function.
pub(super) fn dynamic(text: &str, field: &str) -> Result<Template, String> {
    let field = field.to_owned();
    if text.starts_with('$') {
        return Path::compile(text).map(|path| Template::Path { path, field });
    }
    Call::compile(text).map(|call| Template::Call { call, field })
}

/// The order in which a `java.util.HashMap` lists its keys: AWS keeps computed members in one.
fn java_order(mut members: Vec<(String, Template)>) -> Vec<(String, Template)> {
    let mut buckets = 16_usize;
    while members.len() * 4 > buckets * 3 {
        buckets *= 2;
    }
    members.sort_by_key(|(key, _)| {
        let hash = key.encode_utf16().fold(0_u32, |hash, unit| {
            hash.wrapping_mul(31).wrapping_add(u32::from(unit))
        });
        (hash ^ (hash >> 16)) as usize & (buckets - 1)
    });
    members
}

fn fold_array(items: Vec<Template>) -> Template {
    if items
        .iter()
        .all(|item| matches!(item, Template::Literal(_)))
    {
        let values = items.into_iter().filter_map(literal);
        return Template::Literal(Value::Array(values.collect()));
    }
    Template::Array(items)
}

fn fold_object(members: Vec<(String, Template)>) -> Template {
    if members
        .iter()
        .all(|(_, item)| matches!(item, Template::Literal(_)))
    {
        let members = members
            .into_iter()
            .filter_map(|(key, item)| literal(item).map(|value| (key, value)));
        return Template::Literal(Value::Object(members.collect::<Map<_, _>>()));
    }
    Template::Object(members)
}

fn literal(template: Template) -> Option<Value> {
    match template {
        Template::Literal(value) => Some(value),
        _ => None,
    }
}
