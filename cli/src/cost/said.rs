//! What a cost is in words, and for programs.

use std::collections::BTreeMap;
use std::fmt::Write;

use cases::{Bill, Transitions};
use serde_json::{Value, json};

use super::prices::money;
use super::worst::{Counted, Unknown, Worst};
use super::{EVENTS, Tariff};
use crate::ui::{count, table};

/// Letters for unknowns, as formulas have them.
const ITEMS: [&str; 4] = ["N", "M", "K", "L"];
const ROUNDS: [&str; 6] = ["p", "q", "r", "s", "t", "u"];

/// Short names of unknowns.
pub fn letters(unknowns: &[Unknown]) -> Vec<String> {
    let (mut items, mut rounds) = (0, 0);
    let letter = |unknown: &Unknown| {
        let (used, letters) = match unknown.what {
            Counted::Items | Counted::Batches => (&mut items, &ITEMS[..]),
            Counted::Rounds => (&mut rounds, &ROUNDS[..]),
        };
        *used += 1;
        let letter = letters.get(*used - 1).copied();
        let last = letters.last().copied().unwrap_or_default();
        letter.map_or_else(|| format!("{last}{used}"), str::to_owned)
    };
    unknowns.iter().map(letter).collect()
}

/// What an unknown is.
fn meaning(unknown: &Unknown) -> String {
    let state = &unknown.state;
    match unknown.what {
        Counted::Items => format!("items of `{state}`"),
        Counted::Batches => format!("batches of `{state}`"),
        Counted::Rounds => format!("further rounds of the loop that begins with `{state}`"),
    }
}

/// The formulas for people. `values` are those that somebody gave.
pub fn formula_text(worst: &Worst, values: &BTreeMap<usize, u64>, tariff: &Tariff) -> String {
    let names = letters(&worst.unknowns);
    let mut text = format!(
        "state transitions of a run at the most\n  nothing retried   {}\n  all retries used  {}\n",
        worst.smooth.written(&names),
        worst.retried.written(&names)
    );
    for (index, (name, unknown)) in names.iter().zip(&worst.unknowns).enumerate() {
        let bound = match (values.get(&index), unknown.bound) {
            (Some(value), _) => format!(", here {value}"),
            (None, Some(bound)) => format!(", at most {bound}"),
            (None, None) => ", not bounded by the definition".to_owned(),
        };
        let _ = writeln!(text, "  {name}: {}{bound}", meaning(unknown));
    }
    for map in &worst.express {
        let _ = writeln!(
            text,
            "  children of `{map}` are Express executions, billed by time and not counted here"
        );
    }
    let known = known(worst, values);
    for (what, formula) in [
        ("nothing retried", &worst.smooth),
        ("all retries used", &worst.retried),
    ] {
        if let Some(most) = formula.value(&known) {
            let amount = tariff.transitions(most);
            let month = tariff.month(amount);
            let month = month.map(|month| format!(", {} USD a month", money(month)));
            let _ = writeln!(
                text,
                "  {what}: {}, {} USD{}",
                count_of(most),
                money(amount),
                month.unwrap_or_default()
            );
        }
    }
    let is_unbounded = |(index, unknown): (usize, &Unknown)| {
        unknown.what == Counted::Rounds && known.get(index).copied().flatten().is_none()
    };
    if worst.unknowns.iter().enumerate().any(is_unbounded) {
        let most = EVENTS / 2;
        let _ = writeln!(
            text,
            "  no execution goes beyond {EVENTS} events, so none, children of distributed Maps aside, takes\n  \
             more than {most} transitions ({} USD), whatever its loops do",
            money(tariff.transitions(most))
        );
    }
    if known.iter().any(Option::is_none) {
        text.push_str("  `--set 'name=number'` puts a number in place of one\n");
    }
    text
}

/// What the unknowns are known to be at the most.
fn known(worst: &Worst, values: &BTreeMap<usize, u64>) -> Vec<Option<u64>> {
    let unknowns = worst.unknowns.iter().enumerate();
    unknowns
        .map(|(index, unknown)| values.get(&index).copied().or(unknown.bound))
        .collect()
}

/// The formulas for programs.
pub fn formula_json(worst: &Worst, values: &BTreeMap<usize, u64>, tariff: &Tariff) -> Value {
    let names = letters(&worst.unknowns);
    let known = known(worst, values);
    let unknowns = names.iter().zip(&worst.unknowns).enumerate();
    let unknowns = unknowns.map(|(index, (name, unknown))| {
        json!({
            "name": name,
            "state": unknown.state,
            "counts": match unknown.what {
                Counted::Items => "items",
                Counted::Batches => "batches",
                Counted::Rounds => "rounds",
            },
            "bound": unknown.bound,
            "value": values.get(&index),
        })
    });
    let formula = |formula: &super::polynomial::Polynomial| {
        let most = formula.value(&known);
        let amount = most.map(|most| tariff.transitions(most));
        json!({
            "transitions": formula.written(&names),
            "most": most,
            "usd": amount,
            "usdPerMonth": amount.and_then(|amount| tariff.month(amount)),
        })
    };
    json!({
        "nothingRetried": formula(&worst.smooth),
        "allRetriesUsed": formula(&worst.retried),
        "unknowns": unknowns.collect::<Value>(),
        "expressMaps": worst.express,
    })
}

fn count_of(transitions: u64) -> String {
    let number = usize::try_from(transitions).unwrap_or(usize::MAX);
    count(number, "transition")
}

/// Costs of several runs, a line each.
pub fn runs_text(runs: &[(String, Bill)], tariff: &Tariff) -> String {
    let express = runs.iter().any(|(_, bill)| !bill.express.is_empty());
    let rows = runs.iter().map(|(name, bill)| {
        let [run, month] = amounts(bill, tariff);
        let mut transitions = count_of(bill.transitions());
        if express {
            let number = count(bill.express.len(), "Express execution");
            transitions = format!("{transitions}, {number}");
        }
        [name.clone(), transitions, run, month]
    });
    let month = tariff.monthly.map_or("", |_| "USD A MONTH");
    table(["CASE", "BILLED", "USD A RUN", month], rows)
}

/// A run and a month, in words.
fn amounts(bill: &Bill, tariff: &Tariff) -> [String; 2] {
    let total = tariff.total(bill);
    let month = total.and_then(|total| tariff.month(total));
    let unknown = "price not known";
    [
        total.map_or_else(|| unknown.to_owned(), money),
        month.map(money).unwrap_or_default(),
    ]
}

/// The cost of one run, by states, the dearest first.
pub fn run_text(bill: &Bill, tariff: &Tariff) -> String {
    let all = bill.transitions();
    let mut states: Vec<(&String, &Transitions)> = bill.states.iter().collect();
    let billed = |state: &Transitions| state.entered + state.retried;
    states.sort_by(|one, two| billed(two.1).cmp(&billed(one.1)).then(one.0.cmp(two.0)));
    let rows = states.into_iter().map(|(name, state)| {
        let share = billed(state).saturating_mul(100).checked_div(all);
        [
            name.clone(),
            state.entered.to_string(),
            state.retried.to_string(),
            money(tariff.transitions(billed(state))),
            format!("{} %", share.unwrap_or(0)),
        ]
    });
    let mut text = table(["STATE", "ENTERED", "RETRIED", "USD", "SHARE"], rows);
    let [run, month] = amounts(bill, tariff);
    let _ = write!(text, "\n\n{}", count_of(all));
    if !bill.express.is_empty() {
        let seconds: f64 = bill.express.iter().sum();
        let _ = write!(
            text,
            " and {} ({seconds:.1} s in all, taken to use {} MB)",
            count(bill.express.len(), "Express execution"),
            tariff.megabytes
        );
    }
    let _ = write!(text, ": {run} USD");
    if !month.is_empty() {
        let _ = write!(text, ", {month} USD a month");
    }
    text
}

/// The cost of one run for programs.
pub fn run_json(name: &str, bill: &Bill, tariff: &Tariff) -> Value {
    let states = bill.states.iter().map(|(name, state)| {
        json!({
            "state": name,
            "entered": state.entered,
            "retried": state.retried,
            "usd": tariff.transitions(state.entered + state.retried),
        })
    });
    let total = tariff.total(bill);
    json!({
        "name": name,
        "transitions": bill.transitions(),
        "executions": bill.standard,
        "expressExecutions": bill.express.len(),
        "expressSeconds": bill.express.iter().sum::<f64>(),
        "usd": total,
        "usdPerMonth": total.and_then(|total| tariff.month(total)),
        "states": states.collect::<Value>(),
    })
}
