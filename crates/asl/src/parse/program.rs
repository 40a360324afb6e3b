//! A set of states: a machine, a branch, a processor.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Severity;
use crate::machine::{Program, QueryLanguage, State, StateKind};

use super::json::Node;
use super::{Findings, Pointer, fields, state};

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
                format!("Missing '{field}' target: {name}"),
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
        findings.error(at, &node.span, "States nest too deep");
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
        if scope.targets.insert(&member.key, index).is_some() {
            findings.error(
                &states_at.child(&member.key),
                &member.key_span,
                format!("There are two states named '{}'", member.key),
            );
        }
        if member.key.is_empty() || member.key.chars().count() > 80 {
            findings.error(
                &states_at.child(&member.key),
                &member.key_span,
                "State name must have 1 to 80 characters",
            );
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
    let list: Vec<State> = parsed.into_iter().collect::<Option<_>>()?;
    let program = Program {
        start: start?,
        states: list,
    };
    reachable(&program, states, &states_at, findings);
    Some(program)
}

/// Warns of states that no way leads to.
fn reachable(program: &Program, states: &Node, at: &Pointer, findings: &mut Findings) {
    let mut seen = HashSet::from([program.start]);
    let mut open = vec![program.start];
    while let Some(state) = open.pop().and_then(|index| program.states.get(index)) {
        let mut ways: Vec<usize> = state.next.into_iter().collect();
        ways.extend(state.catch.iter().map(|catcher| catcher.next));
        if let StateKind::Choice(choice) = &state.kind {
            ways.extend(choice.rules.iter().map(|rule| rule.next));
            ways.extend(choice.default);
        }
        open.extend(ways.into_iter().filter(|way| seen.insert(*way)));
    }
    for (index, member) in states.members().iter().enumerate() {
        if !seen.contains(&index) {
            findings.report(
                MISSING_TARGET,
                Severity::Warning,
                &at.child(&member.key),
                &member.key_span,
                format!("State \"{}\" is not reachable", member.key),
                Some("remove it, or name it in a `Next`".to_owned()),
            );
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
