//! A set of states: a machine, a branch, a processor.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::machine::{Program, QueryLanguage, State};

use super::{Findings, Pointer, fields, state};
use document::{Kind, Node};

const MISSING_TARGET: &str = "MISSING_TRANSITION_TARGET";

/// What holds for all states of a program.
pub(super) struct Scope<'a> {
    /// Of the machine; states may differ.
    pub(super) language: QueryLanguage,
    /// Names of the states, once they are known.
    pub(super) targets: HashMap<&'a str, usize>,
    /// How many programs this one is inside of.
    pub(super) depth: usize,
}

/// Programs nested deeper are refused.
const MAX_NESTING: usize = 40;

impl Scope<'_> {
    pub(super) fn top(language: QueryLanguage) -> Self {
        Self {
            language,
            targets: HashMap::new(),
            depth: 0,
        }
    }

    pub(super) fn inner(&self) -> Scope<'static> {
        Scope {
            language: self.language,
            targets: HashMap::new(),
            depth: self.depth + 1,
        }
    }

    /// Index of the state that a field names.
    pub(super) fn target(
        &self,
        node: &Node,
        at: &Pointer,
        field: &str,
        findings: &mut Findings,
    ) -> Option<usize> {
        let name = fields::text(node, at, field, findings)?;
        let found = self.targets.get(name).copied();
        if found.is_none() {
            let span = node.get(field).map_or(0..0, |value| value.span.clone());
            findings.report(
                MISSING_TARGET,
                Severity::Error,
                &at.child(field),
                &span,
                // AWS says `Next` whatever the field is.
                format!("Missing 'Next' target: {name}"),
                closest(name, self.targets.keys().copied())
                    .map(|other| format!("did you mean `{other}`?")),
            );
        }
        found
    }
}

pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    outer: &Scope<'_>,
    findings: &mut Findings,
) -> Option<Program> {
    let missing: Vec<&str> = ["States", "StartAt"]
        .into_iter()
        .filter(|field| node.get(field).is_none())
        .collect();
    if !missing.is_empty() {
        let message = format!("These fields are required: [{}]", missing.join(", "));
        findings.error(at, &node.span, message);
    }
    if outer.depth > MAX_NESTING {
        let message = "The states are too deeply nested".to_owned();
        let code = "TOO_DEEPLY_NESTED";
        findings.report(code, Severity::Error, at, &node.span, message, None);
        return None;
    }
    let states = node.get("States")?;
    let states_at = at.child("States");
    if !states.is_object() {
        fields::wrong_type(states, &states_at, "Object", findings);
        return None;
    }
    if states.members().is_empty() {
        findings.error(&states_at, &states.span, "Value cannot be empty");
        return None;
    }
    let mut scope = Scope {
        language: outer.language,
        targets: HashMap::new(),
        depth: outer.depth,
    };
    for (index, member) in states.members().iter().enumerate() {
        scope.targets.insert(&member.key, index);
        let at = states_at.child(&member.key);
        let mut refuse = |code, message: String, help: &str| {
            let help = Some(help.to_owned());
            findings.report(code, Severity::Error, &at, &member.key_span, message, help);
        };
        if member.key.is_empty() || member.key.chars().count() > 80 {
            refuse(
                "INVALID_STATE_NAME",
                format!("Invalid State name: {}", member.key),
                "a name has 1 to 80 characters",
            );
        }
        if !findings.names.insert(member.key.clone()) {
            let message = format!("Duplicate State name: {}", member.key);
            let help = Some("names are unique in the whole machine, branches included".to_owned());
            let code = "DUPLICATE_STATE_NAME";
            findings.report(code, Severity::Error, &at, &member.key_span, message, help);
        }
    }
    let start = scope.target(node, at, "StartAt", findings);
    let parsed: Vec<Option<State>> = states
        .members()
        .iter()
        .map(|member| {
            let at = states_at.child(&member.key);
            state::parse(member, &at, &scope, findings)
        })
        .collect();
    transitions(node, states, at, findings);
    Some(Program {
        start: start?,
        states: parsed.into_iter().collect::<Option<_>>()?,
    })
}

/// What the transitions as a whole lack: an end, ways to every state.
fn transitions(node: &Node, states: &Node, at: &Pointer, findings: &mut Findings) {
    let is_end = |state: &Node| {
        matches!(
            state.get("End").map(|end| &end.kind),
            Some(Kind::Bool(true))
        ) || matches!(
            state.get("Type").and_then(Node::as_str),
            Some("Succeed" | "Fail")
        )
    };
    let states_at = at.child("States");
    if !states.members().iter().any(|member| is_end(&member.value)) {
        // AWS names no place here, and says nothing of unreachable states then.
        let pointer = (at.as_str() != "/").then(|| at.as_str().to_owned());
        findings.push(Diagnostic {
            code: "MISSING_END_STATE",
            severity: Severity::Error,
            pointer,
            span: states.span.clone(),
            message: "Workflow has no terminal state".to_owned(),
            help: Some(
                "set `\"End\": true` on a state, or go to a Succeed or Fail state".to_owned(),
            ),
        });
        return;
    }
    let Some(start) = node.get("StartAt").and_then(Node::as_str) else {
        return;
    };
    // To AWS a state is reachable if any other names it, reachable or not.
    let mut named = HashSet::from([start]);
    for member in states.members() {
        ways(&member.value, &mut named);
    }
    let by_name: HashMap<&str, &Node> = states
        .members()
        .iter()
        .map(|member| (member.key.as_str(), &member.value))
        .collect();
    let mut reached = HashSet::from([start]);
    let mut open = vec![start];
    while let Some(name) = open.pop() {
        let Some(state) = by_name.get(name) else {
            continue;
        };
        let mut next = HashSet::new();
        ways(state, &mut next);
        open.extend(next.into_iter().filter(|name| reached.insert(name)));
    }
    for member in states.members() {
        let (name, at) = (member.key.as_str(), states_at.child(&member.key));
        let help = Some("remove it, or name it in a `Next`".to_owned());
        if !named.contains(name) {
            let message = format!("State \"{name}\" is not reachable.");
            let severity = Severity::Error;
            findings.report(
                MISSING_TARGET,
                severity,
                &at,
                &member.key_span,
                message,
                help,
            );
        } else if !reached.contains(name) && by_name.contains_key(start) {
            let message = format!("State \"{name}\" is only reachable from states that are not");
            let severity = Severity::Warning;
            findings.report(
                "UNREACHABLE_STATE",
                severity,
                &at,
                &member.key_span,
                message,
                help,
            );
        }
    }
}

/// The states that a state names as the next.
fn ways<'n>(state: &'n Node, named: &mut HashSet<&'n str>) {
    let mut note = |node: &'n Node, field: &str| {
        named.extend(node.get(field).and_then(Node::as_str));
    };
    note(state, "Next");
    note(state, "Default");
    for field in ["Choices", "Catch"] {
        if let Some(Kind::Array(items)) = state.get(field).map(|value| &value.kind) {
            for item in items {
                note(item, "Next");
            }
        }
    }
}

/// The name that was probably meant.
fn closest<'a>(name: &str, others: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    others
        .map(|other| (distance(name, other), other))
        .filter(|(distance, other)| *distance <= other.chars().count().max(3) / 3)
        .min()
        .map(|(_, other)| other)
}

/// Levenshtein's distance, without regard to case.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.to_lowercase().chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, cb) in row.iter_mut().skip(1).zip(&b) {
            let cost = (diagonal + usize::from(ca != *cb))
                .min(*cell + 1)
                .min(left + 1);
            diagonal = *cell;
            *cell = cost;
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}
