//! One state.

use std::sync::Arc;

use crate::data::Data;
use crate::machine::{Fail, Paths, Program, QueryLanguage, Source, State, StateKind};
use crate::template::Template;

use super::program::{self, Scope};
use super::{
    Findings, Pointer, choice, fields, hints, map, parameters, retry, task, template, wait,
};
use document::{Kind, Member, Node};

const TYPES: &str = "Task, Wait, Pass, Succeed, Fail, Choice, Parallel, Map";

pub(super) fn parse(
    member: &Member,
    at: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<State> {
    // What is read inside of a Map or Parallel state is read by the states there.
    let around = std::mem::take(&mut findings.reads);
    let state = parse_own(&member.key, &member.value, at, scope, findings);
    let reads = std::mem::replace(&mut findings.reads, around);
    let span = member.key_span.clone();
    state.map(|state| State {
        span,
        reads,
        ..state
    })
}

fn parse_own(
    name: &str,
    node: &Node,
    at: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<State> {
    if !node.is_object() {
        fields::wrong_type(node, at, "Object", findings);
        return None;
    }
    let Some(kind_node) = node.get("Type") else {
        findings.error(at, &node.span, "These fields are required: [Type]");
        return None;
    };
    let language = language(node, at, scope, findings);
    let type_name = kind_node.as_str().unwrap_or_default();
    let Some(known) = known_fields(type_name, language) else {
        findings.error(
            &at.child("Type"),
            &kind_node.span,
            format!("The field 'Type' should have one of these values: [{TYPES}]"),
        );
        return None;
    };
    let other = match language {
        QueryLanguage::JsonPath => QueryLanguage::Jsonata,
        QueryLanguage::Jsonata => QueryLanguage::JsonPath,
    };
    let foreign = known_fields(type_name, other).unwrap_or_default();
    fields::only_of(language, node, at, (&known, &foreign), findings);
    fields::text(node, at, "Comment", findings);
    let kind = kind(type_name, node, at, language, scope, findings);
    if let Some(result) = node.get("Result").filter(|_| type_name == "Pass") {
        hints::static_result(result, &at.child("Result"), findings);
    }
    let paths = match language {
        QueryLanguage::JsonPath => Paths {
            input: fields::path_or_null(node, at, "InputPath", false, findings),
            result: fields::path_or_null(node, at, "ResultPath", true, findings),
            output: fields::path_or_null(node, at, "OutputPath", false, findings),
        },
        QueryLanguage::Jsonata => Paths::default(),
    };
    let arguments_field = match language {
        QueryLanguage::JsonPath if type_name == "Map" => "",
        QueryLanguage::JsonPath => "Parameters",
        QueryLanguage::Jsonata => "Arguments",
    };
    let arguments = template::field(node, at, arguments_field, language, findings);
    let selector = template::field(node, at, "ResultSelector", language, findings);
    if let (Some(StateKind::Task(task)), Some(written)) = (&kind, node.get(arguments_field)) {
        let at = at.child(arguments_field);
        parameters::check(&task.resource, written, arguments.as_ref(), &at, findings);
    }
    let output = template::field(node, at, "Output", language, findings);
    let assign = template::assign(node, at, language, "Assign", findings);
    let retry = retry::retriers(node, at, findings);
    let catch = retry::catchers(node, at, language, scope, findings);
    let next = transition(type_name, node, at, scope, findings);
    Some(State {
        name: Arc::from(name),
        pointer: at.as_str().to_owned(),
        span: 0..0,
        reads: Vec::new(),
        language,
        kind: kind?,
        paths,
        arguments,
        result_selector: selector,
        output,
        assign,
        retry,
        catch,
        next: next?,
    })
}

fn language(
    node: &Node,
    at: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> QueryLanguage {
    let own = fields::language(node, at, findings).unwrap_or(scope.language);
    if own == QueryLanguage::JsonPath && scope.language == QueryLanguage::Jsonata {
        findings.error(
            at,
            &node.span,
            "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
        );
    }
    own
}

/// The fields that a state of the type may have.
fn known_fields(type_name: &str, language: QueryLanguage) -> Option<Vec<&'static str>> {
    let jsonpath = language == QueryLanguage::JsonPath;
    let mut known = vec!["Type", "Comment", "QueryLanguage"];
    let mut add = |always: &[&'static str], path: &[&'static str], jsonata: &[&'static str]| {
        known.extend_from_slice(always);
        known.extend_from_slice(if jsonpath { path } else { jsonata });
    };
    let paths = ["InputPath", "OutputPath"];
    match type_name {
        "Succeed" => add(&[], &paths, &["Output"]),
        "Fail" => add(&["Error", "Cause"], &["ErrorPath", "CausePath"], &[]),
        "Choice" => add(&["Choices", "Default", "Assign"], &paths, &["Output"]),
        "Wait" => {
            add(
                &["Seconds", "Timestamp", "Next", "End", "Assign"],
                &paths,
                &["Output"],
            );
            add(&[], &["SecondsPath", "TimestampPath"], &[]);
        }
        "Pass" => {
            add(&["Next", "End", "Assign"], &paths, &["Output"]);
            add(&[], &["Result", "ResultPath", "Parameters"], &[]);
        }
        "Task" | "Parallel" | "Map" => {
            add(
                &["Next", "End", "Assign", "Retry", "Catch"],
                &paths,
                &["Output"],
            );
            add(&[], &["ResultPath", "ResultSelector"], &[]);
        }
        _ => return None,
    }
    match type_name {
        "Task" => {
            add(
                &[
                    "Resource",
                    "TimeoutSeconds",
                    "HeartbeatSeconds",
                    "Credentials",
                ],
                &["Parameters", "TimeoutSecondsPath", "HeartbeatSecondsPath"],
                &["Arguments"],
            );
        }
        "Parallel" => add(&["Branches"], &["Parameters"], &["Arguments"]),
        "Map" => {
            add(
                &[
                    "ItemProcessor",
                    "Iterator",
                    "ItemSelector",
                    "ItemReader",
                    "ItemBatcher",
                    "ResultWriter",
                    "MaxConcurrency",
                    "ToleratedFailureCount",
                    "ToleratedFailurePercentage",
                    "Label",
                ],
                &[
                    "ItemsPath",
                    "Parameters",
                    "MaxConcurrencyPath",
                    "ToleratedFailureCountPath",
                    "ToleratedFailurePercentagePath",
                ],
                &["Items"],
            );
        }
        _ => {}
    }
    Some(known)
}

fn kind(
    type_name: &str,
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<StateKind> {
    Some(match type_name {
        "Pass" => StateKind::Pass(node.get("Result").map(|value| Data::new(value.to_value()))),
        "Succeed" => StateKind::Succeed,
        "Fail" => StateKind::Fail(Fail {
            error: fail_text(node, at, ("Error", "ErrorPath"), language, findings),
            cause: fail_text(node, at, ("Cause", "CausePath"), language, findings),
        }),
        "Task" => StateKind::Task(Box::new(task::parse(node, at, language, findings)?)),
        "Wait" => StateKind::Wait(wait::parse(node, at, language, findings)?),
        "Choice" => StateKind::Choice(choice::parse(node, at, language, scope, findings)?),
        "Parallel" => StateKind::Parallel(branches(node, at, scope, findings)?),
        _ => StateKind::Map(Box::new(map::parse(node, at, language, scope, findings)?)),
    })
}

/// `Error` and `Cause`; a function in their `…Path` must return a text.
fn fail_text(
    node: &Node,
    at: &Pointer,
    names: (&'static str, &'static str),
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Source> {
    let source = fields::text_source(node, at, names, language, findings)?;
    if let Source::Template(Template::Call { call, .. }) = &source
        && !call.returns_text()
    {
        let span = node.get(names.1).map_or(0..0, |value| value.span.clone());
        findings.error(
            &at.child(names.1),
            &span,
            "The value for the field must be a valid JSONPath or an intrinsic function expression that returns a string (ArrayGetItem, Base64Encode, Base64Decode, Format, JsonToString, Hash, or UUID)",
        );
    }
    Some(source)
}

fn branches(
    node: &Node,
    at: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Vec<Arc<Program>>> {
    let Some(value) = node.get("Branches") else {
        findings.error(at, &node.span, "These fields are required: [Branches]");
        return None;
    };
    let here = at.child("Branches");
    let Kind::Array(items) = &value.kind else {
        fields::wrong_type(value, &here, "Array", findings);
        return None;
    };
    if items.is_empty() {
        findings.error(&here, &value.span, "Value cannot be empty");
        return None;
    }
    let inner = scope.inner();
    let parsed: Vec<Option<Program>> = items
        .iter()
        .enumerate()
        .map(|(index, item)| {
            let at = here.item(index);
            fields::only(item, &at, &["Comment", "StartAt", "States"], findings);
            program::parse(item, &at, &inner, findings)
        })
        .collect();
    parsed
        .into_iter()
        .map(|program| program.map(Arc::new))
        .collect()
}

/// `Next` or `End`. The outer `None` is a fault, the inner one the end.
#[expect(clippy::option_option, reason = "a fault is not an end")]
fn transition(
    type_name: &str,
    node: &Node,
    at: &Pointer,
    scope: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Option<usize>> {
    if matches!(type_name, "Choice" | "Succeed" | "Fail") {
        return Some(None);
    }
    let end = match node.get("End").map(|value| &value.kind) {
        None | Some(Kind::Bool(false)) => false,
        Some(Kind::Bool(true)) => true,
        Some(_) => {
            let span = node.get("End").map_or(0..0, |value| value.span.clone());
            findings.error(&at.child("End"), &span, "Expected value of type Boolean");
            return None;
        }
    };
    match (node.get("Next"), end) {
        (Some(_), true) | (None, false) => {
            findings.error(
                at,
                &node.span,
                "State must contain exactly one of 'Next' or 'End'",
            );
            None
        }
        (Some(_), false) => scope.target(node, at, "Next", findings).map(Some),
        (None, true) => Some(None),
    }
}
