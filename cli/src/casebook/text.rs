//! For people.

use std::fmt::Write;
use std::time::Duration;

use cases::Run;
use owo_colors::OwoColorize;

use super::{Played, Report};
use crate::ui::{count, duration};

/// The whole report: a line a case, more where it failed, then what no case tried.
pub fn text(report: &Report, took: Duration) -> String {
    let mut text = String::new();
    for suite in &report.suites {
        self::suite(&mut text, suite, report.whole);
    }
    for fault in &report.faults {
        let _ = writeln!(text, "{} {fault}", "✗".red());
    }
    let (all, failed) = (report.runs().count() as u64, report.failed() as u64);
    let _ = write!(text, "{}: {} passed", count(all, "case"), all - failed);
    if failed > 0 {
        let _ = write!(text, ", {failed} failed");
    }
    if !report.faults.is_empty() {
        let faults = report.faults.len() as u64;
        let _ = write!(text, ", {} in files", count(faults, "fault"));
    }
    let _ = write!(text, ", in {}", duration(took));
    text
}

fn suite(text: &mut String, suite: &Played, whole: bool) {
    let name = suite.workflow.name.bold();
    let _ = writeln!(text, "{name}  {}", suite.workflow.file.display().dimmed());
    let width = suite.runs.iter().map(|run| run.name.chars().count()).max();
    for run in &suite.runs {
        case(text, run, width.unwrap_or_default());
    }
    if whole {
        coverage(text, suite);
    }
    text.push('\n');
}

fn case(text: &mut String, run: &Run, width: usize) {
    let told = |name: &str| run.result.get(name);
    let status = told("status").and_then(serde_json::Value::as_str);
    let mut facts = vec![status.unwrap_or_default().to_lowercase().replace('_', " ")];
    if let Some(billed) = told("billedTransitions").and_then(serde_json::Value::as_u64) {
        facts.push(count(billed, "transition"));
    }
    if let Some(seconds) = told("seconds").and_then(serde_json::Value::as_u64)
        && seconds > 0
    {
        facts.push(duration(Duration::from_secs(seconds)));
    }
    if !run.was_expected {
        facts.push("nothing is expected of it; `--update` writes it down".to_owned());
    }
    let mark = if run.passed() {
        "✓".green().to_string()
    } else {
        "✗".red().to_string()
    };
    let facts = facts.join(", ");
    let _ = writeln!(text, "  {mark} {:width$}  {}", run.name, facts.dimmed());
    for complaint in &run.complaints {
        let _ = writeln!(text, "      {complaint}");
    }
    for difference in &run.differences {
        for line in difference.to_string().lines() {
            let _ = writeln!(text, "      {line}");
        }
    }
}

fn coverage(text: &mut String, suite: &Played) {
    let kinds = suite.kinds();
    let tried: Vec<_> = kinds
        .iter()
        .filter(|(_, all, _)| *all > 0)
        .map(|(kind, all, gaps)| format!("{kind} {}/{all}", all - gaps.len()))
        .collect();
    let _ = writeln!(text, "  tried: {}", tried.join(", "));
    for (kind, _, gaps) in kinds {
        for gap in gaps {
            let _ = writeln!(text, "    {} {kind}: {gap}", "not tried,".yellow());
        }
    }
}
