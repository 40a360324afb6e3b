//! What a comparison says: to people, to programs.

use std::fmt::Write;

use owo_colors::OwoColorize;
use serde_json::{Value, json};
use similar::TextDiff;

use super::{By, Comparison, FileChange, StateChange};
use crate::kit;
use crate::ui::count;

impl By {
    fn words(self) -> &'static str {
        match self {
            Self::You => "changed by you",
            Self::Upstream => "changed upstream",
            Self::Both => "changed by you and upstream",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::You => "you",
            Self::Upstream => "upstream",
            Self::Both => "both",
        }
    }
}

impl FileChange {
    fn kind(&self) -> &'static str {
        match (&self.shipped, &self.here) {
            (None, Some(_)) => "only here",
            (Some(_), None) => "not here",
            _ => "differs",
        }
    }

    /// From what is shipped to what is here; the other way round where only upstream changed, so
    /// that it shows what taking it would do.
    fn unified(&self) -> String {
        let shipped = self.shipped.as_deref().unwrap_or_default();
        let here = self.here.as_deref().unwrap_or_default();
        let (left, right) = (
            format!("shipped/{}", self.path),
            format!("here/{}", self.path),
        );
        let (from, to, left, right) = match self.by {
            By::Upstream => (here, shipped, right, left),
            By::You | By::Both => (shipped, here, left, right),
        };
        TextDiff::from_lines(from, to)
            .unified_diff()
            .header(&left, &right)
            .to_string()
    }
}

/// The comparison for people: states first, then files line by line.
pub fn text(comparison: &Comparison, brief: bool) -> String {
    let mut text = String::new();
    let origin = &comparison.origin;
    let shipped = env!("CARGO_PKG_VERSION");
    if comparison.files.is_empty() {
        return format!("as shipped: {} {shipped}", origin.workflow);
    }
    let _ = writeln!(
        text,
        "made from {} {}, compared with {shipped}\n",
        origin.workflow, origin.version
    );
    for file in &comparison.files {
        let by = match file.by {
            By::You => file.by.words().cyan().to_string(),
            By::Upstream => file.by.words().yellow().to_string(),
            By::Both => file.by.words().red().to_string(),
        };
        let _ = writeln!(text, "{}: {by}, {}", file.path, file.kind());
    }
    let states = comparison.states.iter().flatten().map(state);
    let states: Vec<_> = states.collect();
    if !states.is_empty() {
        let _ = write!(text, "\n{}\n{}", kit::WORKFLOW.bold(), states.concat());
    }
    if !brief {
        for file in &comparison.files {
            let _ = write!(text, "\n{}", coloured(&file.unified()));
        }
    }
    text
}

fn state(change: &StateChange) -> String {
    match change {
        StateChange::Machine(what) => format!("  {} {}\n", "~".yellow(), what.join(", ")),
        StateChange::Added(name, kind) => format!("  {} {name} ({kind})\n", "+".green()),
        StateChange::Removed(name, kind) => format!("  {} {name} ({kind})\n", "-".red()),
        StateChange::Changed(name, what) => {
            format!("  {} {name}: {}\n", "~".yellow(), what.join(", "))
        }
    }
}

fn coloured(diff: &str) -> String {
    let lines = diff.lines().map(|line| match line.chars().next() {
        Some('+') => format!("{}\n", line.green()),
        Some('-') => format!("{}\n", line.red()),
        Some('@') => format!("{}\n", line.cyan()),
        _ => format!("{line}\n"),
    });
    lines.collect()
}

/// The comparison for programs.
pub fn json(comparison: &Comparison) -> Value {
    let files = comparison.files.iter().map(|file| {
        json!({
            "path": file.path,
            "changedBy": file.by.name(),
            "shipped": file.shipped.is_some(),
            "here": file.here.is_some(),
            "diff": file.unified(),
        })
    });
    let states = comparison.states.as_ref().map(|states| {
        let states = states.iter().map(|state| match state {
            StateChange::Machine(what) => json!({"change": "machine", "what": what}),
            StateChange::Added(name, kind) => {
                json!({"change": "added", "state": name, "type": kind})
            }
            StateChange::Removed(name, kind) => {
                json!({"change": "removed", "state": name, "type": kind})
            }
            StateChange::Changed(name, what) => {
                json!({"change": "changed", "state": name, "what": what})
            }
        });
        states.collect::<Value>()
    });
    json!({
        "workflow": comparison.origin.workflow,
        "madeWith": comparison.origin.version,
        "comparedWith": env!("CARGO_PKG_VERSION"),
        "files": files.collect::<Value>(),
        "states": states,
    })
}

/// How many files each side changed, in words.
pub fn tally(comparison: &Comparison) -> String {
    let by = |by: By| comparison.files.iter().filter(|file| file.by == by).count();
    let parts = [By::You, By::Upstream, By::Both].map(|who| (by(who), who));
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, who)| format!("{} {}", count(*number, "file"), who.words()))
        .collect();
    parts.join(", ")
}
