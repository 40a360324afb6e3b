//! AWS's own warnings: values that look like paths or functions, in places that do not read them.

use std::ops::Range;

use crate::diagnostic::Severity;

use super::{Findings, Pointer};
use document::{Kind, Node};

fn looks_dynamic(text: &str) -> bool {
    text == "$"
        || text.starts_with("$.")
        || text.starts_with("$[")
        || text.starts_with("$$.")
        || (text.starts_with("States.") && text.ends_with(')'))
}

fn warn(
    code: &'static str,
    at: &Pointer,
    span: &Range<usize>,
    message: String,
    help: &str,
    findings: &mut Findings,
) {
    let help = Some(help.to_owned());
    findings.report(code, Severity::Warning, at, span, message, help);
}

/// `NO_DOLLAR`: a literal member of a JSONPath template that looks like a path or function.
pub(super) fn no_dollar(key: &str, value: &Node, at: &Pointer, findings: &mut Findings) {
    if value.as_str().is_some_and(looks_dynamic) {
        warn(
            "NO_DOLLAR",
            at,
            &value.span,
            format!("No .$ on a field that appears to be a JSONPath or Intrinsic Function: {key}"),
            "end the member's name with `.$` to have it computed",
            findings,
        );
    }
}

/// `NO_PATH`: a literal field that has a `…Path` twin and looks like a path.
pub(super) fn no_path(field: &str, value: &Node, at: &Pointer, findings: &mut Findings) {
    if value.as_str().is_some_and(looks_dynamic) {
        warn(
            "NO_PATH",
            at,
            &value.span,
            format!(
                "Field value looks like a path, but field name does not end with 'Path': {field}"
            ),
            "use the field's twin whose name ends with `Path`",
            findings,
        );
    }
}

/// `PASS_RESULT_IS_STATIC`: `Result` is literal, whatever it looks like.
pub(super) fn static_result(value: &Node, at: &Pointer, findings: &mut Findings) {
    let mut tell = |span: &Range<usize>| {
        warn(
            "PASS_RESULT_IS_STATIC",
            at,
            span,
            "Attempt to use a path in the result of a pass state".to_owned(),
            "use `Parameters`, whose members are computed where their names end with `.$`",
            findings,
        );
    };
    let mut open = vec![value];
    while let Some(node) = open.pop() {
        match &node.kind {
            Kind::String(text) if looks_dynamic(text) => tell(&node.span),
            Kind::Array(items) => open.extend(items),
            Kind::Object(members) => open.extend(members.iter().map(|member| &member.value)),
            _ => {}
        }
    }
}
