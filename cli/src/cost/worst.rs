//! The most transitions that a definition can take, as a formula: along the longest way, with a
//! count for what the definition does not bound, the items of Maps and the rounds of loops.
//!
//! Ways that exclude each other are bounded together where neither is always the longer one, so
//! the formula may say more than any run takes, and never less. What a Choice compares is not
//! looked at: a loop that a counter ends is a loop.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::graph::components;
use super::polynomial::Polynomial;
use crate::failure::{Failure, Result};

/// Retries of a retrier that says nothing else (Amazon States Language).
const RETRIES: u64 = 3;
/// Work that is done at the most: loops within loops within loops can hide any amount of it.
const BUDGET: usize = 20_000;

/// Something that the definition does not say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// What is counted.
    pub what: Counted,
    /// Name of the state.
    pub state: String,
    /// The definition's own bound, if it has one.
    pub bound: Option<u64>,
}

/// What an unknown counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counted {
    /// Items of a Map.
    Items,
    /// Batches of items of a Map.
    Batches,
    /// Rounds of a loop beyond the first.
    Rounds,
}

/// The formulas of a definition.
#[derive(Debug)]
pub struct Worst {
    /// The unknowns, in the order in which they are named.
    pub unknowns: Vec<Unknown>,
    /// The most transitions when nothing is retried.
    pub smooth: Polynomial,
    /// The most transitions when every retrier is used up each time.
    pub retried: Polynomial,
    /// Maps whose children are Express executions: they are no part of the formulas.
    pub express: Vec<String>,
}

/// The formulas of a definition.
pub fn of(definition: &Value) -> Result<Worst> {
    let mut analysis = Analysis {
        unknowns: Vec::new(),
        express: Vec::new(),
        retries: false,
        budget: BUDGET,
    };
    let smooth = analysis.machine(definition)?;
    analysis.retries = true;
    analysis.budget = BUDGET;
    let retried = analysis.machine(definition)?;
    analysis.express.sort();
    analysis.express.dedup();
    Ok(Worst {
        unknowns: analysis.unknowns,
        smooth,
        retried,
        express: analysis.express,
    })
}

struct Analysis {
    unknowns: Vec<Unknown>,
    express: Vec<String>,
    retries: bool,
    budget: usize,
}

/// The states of a machine: what each costs, and where it leads.
struct Graph<'a> {
    names: Vec<&'a str>,
    costs: Vec<Polynomial>,
    next: Vec<Vec<usize>>,
}

/// For states of a part of the graph: the most that follows when the part is left there, and
/// nothing where it cannot be left.
type Exits = BTreeMap<usize, Polynomial>;

impl Analysis {
    /// The longest way through a machine, a branch, or the processing of an item.
    fn machine(&mut self, machine: &Value) -> Result<Polynomial> {
        let states = machine.get("States").and_then(Value::as_object);
        let states: Vec<_> = states.into_iter().flatten().collect();
        let names: Vec<&str> = states.iter().map(|(name, _)| name.as_str()).collect();
        let index = |name: &str| names.iter().position(|known| *known == name);
        let start = machine.get("StartAt").and_then(Value::as_str);
        let start = start.and_then(index).ok_or_else(|| {
            Failure::new("the definition has no state to start at")
                .help("`footwork validate` tells what is wrong with it")
        })?;
        let mut graph = Graph {
            costs: Vec::new(),
            next: Vec::new(),
            names: names.clone(),
        };
        for (name, state) in &states {
            graph.costs.push(self.state(name, state)?);
            let leads_to = leads_to(state).into_iter();
            graph.next.push(leads_to.filter_map(index).collect());
        }
        let all: BTreeSet<usize> = (0..names.len()).collect();
        // Any state may be the last: a run may fail there.
        let anywhere = all.iter().map(|state| (*state, Polynomial::default()));
        let longest = self.longest(&graph, &all, start, &anywhere.collect())?;
        Ok(longest.unwrap_or_default())
    }

    /// A state with all that it holds, each time that it is entered.
    fn state(&mut self, name: &str, state: &Value) -> Result<Polynomial> {
        let mut once = Polynomial::constant(1);
        let branches = state.get("Branches").and_then(Value::as_array);
        for branch in branches.into_iter().flatten() {
            once = once.plus(&self.machine(branch)?);
        }
        let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
        if let Some(processor) = processor {
            let each = self.machine(processor)?;
            if processor.pointer("/ProcessorConfig/ExecutionType") == Some(&"EXPRESS".into()) {
                self.express.push(name.to_owned());
            } else {
                let items = self.unknown(items(name, state));
                once = once.plus(&items.times(&each));
            }
        }
        let retriers = state.get("Retry").and_then(Value::as_array);
        let retriers = retriers.into_iter().flatten().filter(|_| self.retries);
        // A retrier counts for itself, so all of them can be used up one after the other.
        let tries = retriers.fold(1_u64, |tries, retrier| {
            let most = retrier.get("MaxAttempts").and_then(Value::as_u64);
            tries.saturating_add(most.unwrap_or(RETRIES))
        });
        Ok(once.times(&Polynomial::constant(tries)))
    }

    fn unknown(&mut self, unknown: Unknown) -> Polynomial {
        let same = |known: &Unknown| (known.what, &known.state) == (unknown.what, &unknown.state);
        let index = self.unknowns.iter().position(same).unwrap_or_else(|| {
            self.unknowns.push(unknown.clone());
            self.unknowns.len() - 1
        });
        Polynomial::unknown(index)
    }

    /// The longest way from a state to an exit, within a part of the graph; `None` where no exit
    /// can be reached.
    fn longest(
        &mut self,
        graph: &Graph<'_>,
        part: &BTreeSet<usize>,
        from: usize,
        exits: &Exits,
    ) -> Result<Option<Polynomial>> {
        self.longest_without(graph, part, &BTreeSet::new(), from, exits)
    }

    /// The same, without the ways into some states.
    fn longest_without(
        &mut self,
        graph: &Graph<'_>,
        part: &BTreeSet<usize>,
        closed: &BTreeSet<usize>,
        from: usize,
        exits: &Exits,
    ) -> Result<Option<Polynomial>> {
        self.budget = self.budget.checked_sub(part.len()).ok_or_else(|| {
            Failure::new("the loops of the definition are too tangled for a formula")
        })?;
        let next = |state: usize| {
            let next = graph.next.get(state).into_iter().flatten().copied();
            next.filter(|to| part.contains(to) && !closed.contains(to))
        };
        // Each part of the graph that leads back to itself comes after all that it leads to.
        let components = components(from, next);
        let numbered = components.iter().enumerate();
        let of: BTreeMap<usize, usize> = numbered
            .flat_map(|(number, states)| states.iter().map(move |state| (*state, number)))
            .collect();
        // States that a way leads to from another component: a loop begins where it is entered.
        let mut entered = BTreeSet::from([from]);
        for (state, number) in &of {
            entered.extend(next(*state).filter(|to| of.get(to) != Some(number)));
        }
        let mut longest: Exits = BTreeMap::new();
        for component in &components {
            let inside: BTreeSet<usize> = component.iter().copied().collect();
            // From each state: what follows when the component is left there.
            let leaving = component.iter().filter_map(|state| {
                let onward = next(*state).filter(|to| !inside.contains(to));
                let onward = onward.filter_map(|to| longest.get(&to));
                let ends = exits.get(state).into_iter().chain(onward);
                let most = ends.cloned().reduce(|one, other| one.or(&other))?;
                Some((*state, most))
            });
            let leaving: Exits = leaving.collect();
            let is_loop = component.len() > 1
                || component
                    .iter()
                    .any(|state| next(*state).any(|to| to == *state));
            for state in component {
                let most = if is_loop {
                    if !entered.contains(state) {
                        continue;
                    }
                    self.rounds(graph, &inside, closed, *state, &leaving)?
                } else {
                    let cost = graph.costs.get(*state).cloned().unwrap_or_default();
                    leaving.get(state).map(|after| cost.plus(after))
                };
                if let Some(most) = most {
                    longest.insert(*state, most);
                }
            }
        }
        Ok(longest.remove(&from))
    }

    /// A loop that is entered at a state: rounds that lead back there, then the way out.
    fn rounds(
        &mut self,
        graph: &Graph<'_>,
        inside: &BTreeSet<usize>,
        closed: &BTreeSet<usize>,
        head: usize,
        leaving: &Exits,
    ) -> Result<Option<Polynomial>> {
        let mut closed = closed.clone();
        closed.insert(head);
        let back = inside.iter().copied().filter(|state| {
            let next = graph.next.get(*state);
            next.is_some_and(|next| next.contains(&head))
        });
        let back = back.map(|state| (state, Polynomial::default())).collect();
        let round = self.longest_without(graph, inside, &closed, head, &back)?;
        let out = self.longest_without(graph, inside, &closed, head, leaving)?;
        let rounds = self.unknown(Unknown {
            what: Counted::Rounds,
            state: graph
                .names
                .get(head)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            bound: None,
        });
        let round = round.unwrap_or_default();
        Ok(out.map(|out| out.plus(&rounds.times(&round))))
    }
}

/// Names of the states that a state leads to.
fn leads_to(state: &Value) -> Vec<&str> {
    let list = |name: &str| {
        state
            .get(name)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    let of_rules = list("Choices")
        .chain(list("Catch"))
        .map(|rule| rule.get("Next"));
    let own = ["Next", "Default"].map(|name| state.get(name));
    let all = own.into_iter().chain(of_rules).flatten();
    all.filter_map(Value::as_str).collect()
}

fn items(name: &str, state: &Value) -> Unknown {
    let number = |pointer: &str| state.pointer(pointer).and_then(Value::as_u64);
    let listed = state.get("Items").and_then(Value::as_array);
    let listed = listed.and_then(|items| u64::try_from(items.len()).ok());
    let batches = state.get("ItemBatcher").is_some();
    let bound = number("/ItemReader/ReaderConfig/MaxItems").or(listed);
    let bound = match (bound, number("/ItemBatcher/MaxItemsPerBatch")) {
        (Some(items), Some(each)) if each > 0 => Some(items.div_ceil(each)),
        // Batches by size alone may have an item each.
        (bound, _) => bound,
    };
    Unknown {
        what: if batches {
            Counted::Batches
        } else {
            Counted::Items
        },
        state: name.to_owned(),
        bound,
    }
}

#[cfg(test)]
mod tests;
