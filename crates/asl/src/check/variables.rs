//! Which variables a state reads, and which of them nothing can have assigned before.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::diagnostic::Diagnostic;
use crate::jsonata;
use crate::machine::{Program, State, StateKind, StateMachine};

use super::{each_state, warning};

impl StateMachine {
    /// The variables that each state's expressions read, in alphabetical order; states that read
    /// none are left out. As `variableReferences` of `DescribeStateMachine` has it.
    #[must_use]
    pub fn variable_references(&self) -> BTreeMap<String, Vec<String>> {
        let assigned = Names::of(&self.program);
        let mut references = BTreeMap::new();
        each_state(&self.program, &mut |state| {
            let names: BTreeSet<String> = state
                .reads
                .iter()
                .map(|read| read.name.to_string())
                // `$sum` is a function, unless somebody assigns it.
                .filter(|name| assigned.has(name) || !jsonata::is_function(name))
                .collect();
            if !names.is_empty() {
                references.insert(state.name.to_string(), names.into_iter().collect());
            }
        });
        references
    }
}

pub(super) fn check(program: &Program, found: &mut Vec<Diagnostic>) {
    let names = Names::of(program);
    let none = names.none();
    program_check(program, &none, &names, found);
}

/// Numbers for the names that the machine assigns anywhere, so that sets of them are bits.
struct Names<'m>(HashMap<&'m str, usize>);

type Set = Vec<u64>;

impl<'m> Names<'m> {
    fn of(program: &'m Program) -> Self {
        let mut names = Self(HashMap::new());
        names.collect(program);
        names
    }

    fn collect(&mut self, program: &'m Program) {
        for state in &program.states {
            for (_, assigned) in ways(state) {
                for name in assigned {
                    let next = self.0.len();
                    self.0.entry(name).or_insert(next);
                }
            }
            for inner in state.inner() {
                self.collect(inner);
            }
        }
    }

    fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    fn none(&self) -> Set {
        vec![0; self.0.len().div_ceil(64)]
    }

    fn contains(&self, set: &Set, name: &str) -> bool {
        let Some(index) = self.0.get(name) else {
            return false;
        };
        set.get(index / 64)
            .is_some_and(|bits| bits & (1 << (index % 64)) != 0)
    }

    fn insert(&self, set: &mut Set, name: &str) {
        if let Some(index) = self.0.get(name)
            && let Some(bits) = set.get_mut(index / 64)
        {
            *bits |= 1 << (index % 64);
        }
    }
}

/// Where a state may lead, and what is assigned on the way; `None` is the end.
fn ways(state: &State) -> Vec<(Option<usize>, Vec<&str>)> {
    let own: Vec<&str> = state.assign.iter().map(|(name, _)| &**name).collect();
    let mut ways = Vec::new();
    if let StateKind::Choice(choice) = &state.kind {
        for rule in &choice.rules {
            let assigned = rule.assign.iter().map(|(name, _)| &**name);
            ways.push((Some(rule.next), assigned.collect()));
        }
        ways.push((choice.default, own));
    } else {
        ways.push((state.next, own));
    }
    for catcher in &state.catch {
        let assigned = catcher.assign.iter().map(|(name, _)| &**name);
        ways.push((Some(catcher.next), assigned.collect()));
    }
    ways
}

/// What may be assigned when each state is entered: grows until nothing changes.
fn program_check(program: &Program, outer: &Set, names: &Names<'_>, found: &mut Vec<Diagnostic>) {
    let mut entered: Vec<Option<Set>> = vec![None; program.states.len()];
    if let Some(start) = entered.get_mut(program.start) {
        *start = Some(outer.clone());
    }
    let mut open = vec![program.start];
    while let Some(index) = open.pop() {
        let (Some(state), Some(Some(before))) =
            (program.states.get(index), entered.get(index).cloned())
        else {
            continue;
        };
        for (next, assigned) in ways(state) {
            let Some((next, slot)) =
                next.and_then(|next| entered.get_mut(next).map(|slot| (next, slot)))
            else {
                continue;
            };
            let mut after = before.clone();
            for name in assigned {
                names.insert(&mut after, name);
            }
            let grew = match slot {
                Some(known) => {
                    let mut grew = false;
                    for (bits, new) in known.iter_mut().zip(&after) {
                        grew |= *bits | new != *bits;
                        *bits |= new;
                    }
                    grew
                }
                None => {
                    *slot = Some(after);
                    true
                }
            };
            if grew {
                open.push(next);
            }
        }
    }
    for (state, set) in program.states.iter().zip(&entered) {
        let Some(set) = set else { continue };
        for read in &state.reads {
            let is_set = names.contains(set, &read.name);
            if !is_set && !jsonata::is_function(&read.name) {
                found.push(warning(
                    "VARIABLE_NEVER_SET",
                    &read.pointer,
                    &read.span,
                    format!(
                        "The variable ${} is never assigned before this state",
                        read.name
                    ),
                    "assign it in a state that comes before, outside of branches and iterations",
                ));
            }
        }
        for inner in state.inner() {
            // Children of a distributed Map are executions of their own.
            let is_apart = matches!(&state.kind, StateKind::Map(map) if map.distributed.is_some());
            let none = names.none();
            program_check(inner, if is_apart { &none } else { set }, names, found);
        }
    }
}
