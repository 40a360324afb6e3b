//! Fields of plain types, and what is wrong with them.

use crate::jsonpath::Path;
use crate::machine::{PathField, Quantity, QueryLanguage, Source};
use crate::template::Template;

use super::{Findings, Pointer, hints, template};
use document::{Kind, Node};

/// Reports members that are none of `known`.
pub(super) fn only(node: &Node, at: &Pointer, known: &[&str], findings: &mut Findings) {
    for member in node.members() {
        let key = member.key.as_str();
        if !known.contains(&key) {
            findings.error_with_help(
                at,
                &member.key_span,
                format!("Field '{key}' is not supported"),
                format!("the fields here are {}", known.join(", ")),
            );
        }
    }
}

/// [`only`], where some fields (`foreign`) belong to the other query language.
pub(super) fn only_of(
    language: QueryLanguage,
    node: &Node,
    at: &Pointer,
    (known, foreign): (&[&str], &[&str]),
    findings: &mut Findings,
) {
    let other = match language {
        QueryLanguage::JsonPath => QueryLanguage::Jsonata,
        QueryLanguage::Jsonata => QueryLanguage::JsonPath,
    };
    let mut all = known.to_vec();
    for member in node.members() {
        let key = member.key.as_str();
        if foreign.contains(&key) && !known.contains(&key) {
            all.push(key);
            findings.error(
                at,
                &member.key_span,
                format!(
                    "The QueryLanguage is set to '{}', but field '{key}' is only supported for the '{}' QueryLanguage",
                    language.as_str(),
                    other.as_str()
                ),
            );
        }
    }
    only(node, at, &all, findings);
}

pub(super) fn wrong_type(node: &Node, at: &Pointer, expected: &str, findings: &mut Findings) {
    findings.error(at, &node.span, format!("Expected value of type {expected}"));
}

pub(super) fn text<'n>(
    node: &'n Node,
    at: &Pointer,
    field: &str,
    findings: &mut Findings,
) -> Option<&'n str> {
    let value = node.get(field)?;
    let text = value.as_str();
    if text.is_none() {
        wrong_type(value, &at.child(field), "String", findings);
    }
    text
}

/// A whole number from `least` up.
pub(super) fn whole_number(
    node: &Node,
    at: &Pointer,
    field: &str,
    least: u64,
    findings: &mut Findings,
) -> Option<u64> {
    let value = node.get(field)?;
    let at = at.child(field);
    let number = match &value.kind {
        Kind::Number(number) => number,
        _ => {
            wrong_type(value, &at, "Integer", findings);
            return None;
        }
    };
    match number.as_u64() {
        Some(number) if (least..=MOST).contains(&number) => Some(number),
        _ => {
            within(number, Range::Whole(least, MOST), value, &at, findings);
            None
        }
    }
}

pub(super) fn number(
    node: &Node,
    at: &Pointer,
    field: &str,
    least: f64,
    findings: &mut Findings,
) -> Option<f64> {
    let value = node.get(field)?;
    let at = at.child(field);
    match &value.kind {
        Kind::Number(number) => {
            let number = number.as_f64().unwrap_or(0.0);
            if number < least {
                findings.error(&at, &value.span, format!("Minimum value is {least:?}"));
            }
            Some(number)
        }
        _ => {
            wrong_type(value, &at, "Number", findings);
            None
        }
    }
}

pub(super) fn language(
    node: &Node,
    at: &Pointer,
    findings: &mut Findings,
) -> Option<QueryLanguage> {
    match text(node, at, "QueryLanguage", findings)? {
        "JSONPath" => Some(QueryLanguage::JsonPath),
        "JSONata" => Some(QueryLanguage::Jsonata),
        _ => {
            if let Some(value) = node.get("QueryLanguage") {
                findings.error(
                    &at.child("QueryLanguage"),
                    &value.span,
                    "The field 'QueryLanguage' should have one of these values: [JSONPath, JSONata]",
                );
            }
            // What is not JSONPath to the letter is read as JSONata, as on AWS.
            Some(QueryLanguage::Jsonata)
        }
    }
}

/// A field that holds a path.
pub(super) fn path(
    node: &Node,
    at: &Pointer,
    field: &str,
    findings: &mut Findings,
) -> Option<Path> {
    let value = node.get(field)?;
    let at = at.child(field);
    let Some(text) = value.as_str() else {
        wrong_type(value, &at, "String", findings);
        return None;
    };
    match Path::compile(text) {
        Ok(path) => {
            findings.note_path(&path, &at, &value.span);
            Some(path)
        }
        Err(why) => {
            findings.error_with_help(&at, &value.span, "Value must be a valid JSONPath.", why);
            None
        }
    }
}

/// `InputPath` and `OutputPath`: a path or null. `ResultPath`: a reference path or null.
pub(super) fn path_or_null(
    node: &Node,
    at: &Pointer,
    field: &str,
    reference: bool,
    findings: &mut Findings,
) -> PathField {
    match node.get(field) {
        None => PathField::Whole,
        Some(value) if matches!(value.kind, Kind::Null) => PathField::Null,
        Some(value) => match path(node, at, field, findings) {
            Some(path) if reference && !path.is_reference() => {
                findings.error(
                    &at.child(field),
                    &value.span,
                    "Value is not a Reference Path",
                );
                PathField::Whole
            }
            Some(path) if path.is_whole_input() => PathField::Whole,
            Some(path) => PathField::Path(path),
            None => PathField::Whole,
        },
    }
}

/// A number, its `…Path` twin in JSONPath, or an expression in JSONata. `range` is what a literal
/// may be.
pub(super) fn quantity(
    node: &Node,
    at: &Pointer,
    (field, path_field): (&'static str, &'static str),
    language: QueryLanguage,
    range: Range,
    findings: &mut Findings,
) -> Option<Quantity> {
    if node.get(path_field).is_some() && language == QueryLanguage::JsonPath {
        exclusive(node, at, field, path_field, findings);
        return Some(Quantity {
            field,
            source: Source::Path(path(node, at, path_field, findings)?),
        });
    }
    let value = node.get(field)?;
    let here = at.child(field);
    let source = match &value.kind {
        Kind::Number(number) => {
            within(number, range, value, &here, findings);
            Source::Literal(value.to_value())
        }
        Kind::String(text)
            if language == QueryLanguage::Jsonata && crate::jsonata::unwrap(text).is_some() =>
        {
            let template = template::compile(value, &here, language, field, findings)?;
            Source::Template(template)
        }
        _ => {
            wrong_type(value, &here, "Number", findings);
            return None;
        }
    };
    Some(Quantity { field, source })
}

/// What a literal number may be.
#[derive(Debug, Clone, Copy)]
pub(super) enum Range {
    Whole(u64, u64),
    /// Fractions too.
    Real(f64, f64),
}

/// Seconds, and whatever else has no limit of its own.
pub(super) const MOST: u64 = 99_999_999;

fn within(
    number: &serde_json::Number,
    range: Range,
    value: &Node,
    at: &Pointer,
    findings: &mut Findings,
) {
    let given = number.as_f64().unwrap_or(0.0);
    let (least, most, limits) = match range {
        Range::Whole(..) if given.fract() != 0.0 => {
            wrong_type(value, at, "Integer", findings);
            return;
        }
        Range::Whole(least, most) => (
            least as f64,
            most as f64,
            (least.to_string(), most.to_string()),
        ),
        Range::Real(least, most) => (least, most, (format!("{least:?}"), format!("{most:?}"))),
    };
    if given < least {
        findings.error(at, &value.span, format!("Minimum value is {}", limits.0));
    } else if given > most {
        findings.error(at, &value.span, format!("Maximum value is {}", limits.1));
    }
}

/// [`quantity`] of a Map state, whose path must be a reference path into the input or a variable.
pub(super) fn map_quantity(
    node: &Node,
    at: &Pointer,
    names: (&'static str, &'static str),
    language: QueryLanguage,
    range: Range,
    findings: &mut Findings,
) -> Option<Quantity> {
    let found = quantity(node, at, names, language, range, findings)?;
    if let (Source::Path(path), Some(value)) = (&found.source, node.get(names.1))
        && (path.is_context() || !path.is_reference())
    {
        let message = "Value is not a Reference Path";
        findings.error(&at.child(names.1), &value.span, message);
        return None;
    }
    Some(found)
}

/// A text, its `…Path` twin (a path or an intrinsic function) in JSONPath, or an expression.
pub(super) fn text_source(
    node: &Node,
    at: &Pointer,
    (field, path_field): (&'static str, &'static str),
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Source> {
    if let Some(value) = node.get(path_field)
        && language == QueryLanguage::JsonPath
    {
        let here = at.child(path_field);
        exclusive(node, at, field, path_field, findings);
        let Some(text) = value.as_str() else {
            wrong_type(value, &here, "String", findings);
            return None;
        };
        let template = template::dynamic(text, path_field);
        if let Ok(template) = &template {
            findings.note_dynamic(template, &here, &value.span);
        }
        return match template {
            Ok(Template::Path { path, .. }) => Some(Source::Path(path)),
            Ok(template) => Some(Source::Template(template)),
            Err(why) => {
                let message = "Value must be a valid JSONPath or a valid intrinsic function call";
                findings.error_with_help(&here, &value.span, message, why);
                None
            }
        };
    }
    let value = node.get(field)?;
    let here = at.child(field);
    if value.as_str().is_none() {
        wrong_type(value, &here, "String", findings);
        return None;
    }
    if language == QueryLanguage::JsonPath {
        hints::no_path(field, value, &here, findings);
    }
    match template::compile(value, &here, language, field, findings)? {
        Template::Literal(value) => Some(Source::Literal(value)),
        template => Some(Source::Template(template)),
    }
}

/// Reports fields that stand for the same thing.
pub(super) fn exclusive(
    node: &Node,
    at: &Pointer,
    field: &str,
    other: &str,
    findings: &mut Findings,
) {
    if let (Some(_), Some(value)) = (node.get(field), node.get(other)) {
        let message =
            format!("There should only be one of the following fields: [{field}, {other}]");
        findings.error(at, &value.span, message);
    }
}

/// `Seconds` of a Wait state.
pub(super) fn seconds(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Quantity> {
    let range = Range::Whole(0, MOST);
    quantity(
        node,
        at,
        ("Seconds", "SecondsPath"),
        language,
        range,
        findings,
    )
}
