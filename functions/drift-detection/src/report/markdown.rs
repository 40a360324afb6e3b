//! The report as Markdown. Pure.

use super::diff::{self, Line};
use super::{Report, coverage_line, tree, words};
use crate::{Difference, DifferenceType, Finding, Why};

/// Renders a report.
pub(super) fn render(report: &Report) -> String {
    let mut out = String::from("# Drift report\n\n");
    let (region, account) = report.run.place();
    let (started, name) = (&report.run.started_at, code(&report.run.name));
    out.push_str(&format!(
        "{region}, account {account}, {started}, execution {name}\n\n"
    ));
    out.push_str(&format!(
        "**{}.** {}.\n",
        report.summary.sentence(),
        coverage_line(&report.summary.coverage)
    ));
    for warning in &report.warnings {
        out.push_str(&format!("\n> Warning: {}\n", escape(warning)));
    }
    overview(report, &mut out);
    let telling = |finding: &&Finding| !finding.differences.is_empty() || finding.problem.is_some();
    for finding in report.stacks.iter().filter(telling) {
        stack(finding, &mut out);
    }
    uncovered(report, &mut out);
    if !report.skipped.is_empty() {
        out.push_str("\n## Skipped\n\n");
        for skipped in &report.skipped {
            out.push_str(&format!(
                "- {}: {}\n",
                escape(&skipped.stack_name),
                escape(&skipped.reason)
            ));
        }
    }
    out
}

fn overview(report: &Report, out: &mut String) {
    if report.stacks.is_empty() {
        out.push_str("\nNo stack was to be checked.\n");
        return;
    }
    out.push_str("\n| Stack | Result | Differences | Resources compared |\n|---|---|--:|--:|\n");
    for row in tree::rows(&report.stacks) {
        let tree::Row { depth, finding } = row;
        let nested = row
            .parent_elsewhere()
            .map(|parent| format!(" (nested in {})", escape(parent)));
        let branch = if depth == 0 {
            String::new()
        } else {
            format!("{}└ ", "&emsp;".repeat(depth - 1))
        };
        out.push_str(&format!(
            "| {branch}{}{} | {} | {} | {} of {} |\n",
            escape(&finding.stack_name),
            nested.unwrap_or_default(),
            words(finding.outcome),
            finding.differences.len(),
            finding.coverage.checked(),
            finding.coverage.resources,
        ));
    }
}

fn stack(finding: &Finding, out: &mut String) {
    out.push_str(&format!(
        "\n## {}: {}\n\n",
        escape(&finding.stack_name),
        words(finding.outcome)
    ));
    if let Some(problem) = &finding.problem {
        out.push_str(&format!("Not completely checked: {}.\n\n", escape(problem)));
    }
    out.push_str(&format!("{}.\n", coverage_line(&finding.coverage)));
    let mut shown = None;
    for difference in &finding.differences {
        if shown != Some(&difference.logical_id) {
            shown = Some(&difference.logical_id);
            out.push_str(&format!(
                "\n### {} ({})\n\n",
                escape(&difference.logical_id),
                escape(&difference.resource_type)
            ));
            if let Some(id) = &difference.physical_id {
                out.push_str(&format!("{}\n\n", code(id)));
            }
        }
        line(difference, out);
    }
}

fn line(difference: &Difference, out: &mut String) {
    let (expected, actual) = (difference.expected.as_deref(), difference.actual.as_deref());
    let path = difference.path.as_deref().map(code).unwrap_or_default();
    if !diff::is_short(expected) || !diff::is_short(actual) {
        let verb = match difference.difference {
            DifferenceType::Add => "added",
            DifferenceType::Remove => "removed",
            DifferenceType::NotEqual | DifferenceType::Deleted => "changed",
        };
        out.push_str(&format!("- {path} {verb}:\n\n"));
        block(expected, actual, out);
        return;
    }
    let (expected, actual) = (
        code(expected.unwrap_or_default()),
        code(actual.unwrap_or_default()),
    );
    out.push_str(&match difference.difference {
        DifferenceType::Add => format!("- {path} added: {actual}\n"),
        DifferenceType::Remove => format!("- {path} removed: was {expected}\n"),
        DifferenceType::NotEqual if difference.path.is_none() => "- modified\n".to_owned(),
        DifferenceType::NotEqual => {
            format!("- {path} changed: {expected} expected, {actual} found\n")
        }
        DifferenceType::Deleted => "- deleted\n".to_owned(),
    });
}

fn block(expected: Option<&str>, actual: Option<&str>, out: &mut String) {
    let signed = |line| match line {
        Line::Same(text) => format!("  {text}"),
        Line::Expected(text) => format!("- {text}"),
        Line::Actual(text) => format!("+ {text}"),
        Line::More(n) => format!("… {n} more lines, see report.json"),
    };
    let lines: Vec<_> = diff::lines(expected, actual)
        .into_iter()
        .map(signed)
        .collect();
    let fence = "`".repeat(longest_run(&lines.join("\n")).max(2) + 1);
    out.push_str(&format!("  {fence}diff\n"));
    lines
        .iter()
        .for_each(|line| out.push_str(&format!("  {line}\n")));
    out.push_str(&format!("  {fence}\n\n"));
}

fn uncovered(report: &Report, out: &mut String) {
    if report
        .stacks
        .iter()
        .all(|finding| finding.uncovered.is_empty())
    {
        return;
    }
    out.push_str("\n## Not compared\n\n| Stack | Resource | Type | Why |\n|---|---|---|---|\n");
    for finding in &report.stacks {
        for resource in &finding.uncovered {
            out.push_str(&format!(
                "| {} | {} | {} | {} |\n",
                escape(&finding.stack_name),
                escape(&resource.logical_id),
                escape(&resource.resource_type),
                escape(&why(resource.why, resource.reason.as_deref())),
            ));
        }
    }
}

/// Why a resource was not compared, for people.
pub(super) fn why(why: Why, reason: Option<&str>) -> String {
    let words = match why {
        Why::Unsupported => "CloudFormation cannot compare this type",
        Why::NotChecked => "not checked",
        Why::Failed => "failed",
    };
    reason.map_or_else(|| words.to_owned(), |reason| format!("{words}: {reason}"))
}

/// A code span, with more backticks around it than inside, on one line.
fn code(text: &str) -> String {
    let text = text.replace(char::is_control, " ");
    let ticks = "`".repeat(longest_run(&text) + 1);
    let pad = if text.is_empty() || text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!("{ticks}{pad}{text}{pad}{ticks}")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`')
        .map(str::len)
        .max()
        .unwrap_or_default()
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_control() => out.push(' '),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '<' | '>' | '&' | '~' => {
                out.extend(['\\', c]);
            }
            _ => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_break_out() {
        assert_eq!(escape("a|b<i>*\r&lt;"), "a\\|b\\<i\\>\\* \\&lt;");
        assert_eq!(code("a\r# b\x1b"), "`a # b `");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
    }
}
