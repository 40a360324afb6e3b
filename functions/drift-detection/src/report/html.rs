//! The report as one HTML page: no script, no other file, everything from outside escaped. Pure.

use super::diff::{self, Line};
use super::markdown::why;
use super::{Report, coverage_line, tree, words};
use crate::{Difference, DifferenceType, Finding, Outcome};

const STYLE: &str = include_str!("report.css");

/// Renders a report.
pub(super) fn render(report: &Report) -> String {
    let (region, account) = report.run.place();
    let mut out = String::new();
    out.push_str("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str(&format!(
        "<title>Drift report: {}</title>\n",
        escape(&report.summary.sentence())
    ));
    out.push_str(&format!(
        "<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Drift report</h1>\n"
    ));
    out.push_str(&format!(
        "<p>{}, account {}, <time datetime=\"{2}\">{2}</time>, execution <code>{3}</code></p>\n",
        escape(region),
        escape(account),
        escape(&report.run.started_at),
        escape(&report.run.name),
    ));
    out.push_str(&format!(
        "<p><strong>{}.</strong> {}.</p>\n",
        escape(&report.summary.sentence()),
        escape(&coverage_line(&report.summary.coverage)),
    ));
    for warning in &report.warnings {
        out.push_str(&format!(
            "<p class=\"warning\">Warning: {}</p>\n",
            escape(warning)
        ));
    }
    overview(report, &mut out);
    for (i, finding) in report
        .stacks
        .iter()
        .enumerate()
        .filter(|(_, finding)| tells(finding))
    {
        stack(i, finding, &mut out);
    }
    uncovered(report, &mut out);
    skipped(report, &mut out);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

/// Whether a stack has a section of its own.
fn tells(finding: &Finding) -> bool {
    !finding.differences.is_empty() || finding.problem.is_some()
}

fn overview(report: &Report, out: &mut String) {
    if report.stacks.is_empty() {
        out.push_str("<p>No stack was to be checked.</p>\n");
        return;
    }
    out.push_str(
        "<table>\n<caption>Stacks; a nested stack stands below its parent</caption>\n<thead><tr>",
    );
    for title in ["Stack", "Result", "Differences", "Resources compared"] {
        out.push_str(&format!("<th scope=\"col\">{title}</th>"));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for row in tree::rows(&report.stacks) {
        let tree::Row { depth, finding } = row;
        let nested = row
            .parent_elsewhere()
            .map(|parent| format!(" (nested in {})", escape(parent)));
        let nested = nested.unwrap_or_default();
        let name = escape(&finding.stack_name);
        let section = report
            .stacks
            .iter()
            .position(|other| other.stack_id == finding.stack_id);
        let name = match section.filter(|_| tells(finding)) {
            Some(i) => format!("<a href=\"#stack-{i}\">{name}</a>"),
            None => name,
        };
        let branch = if depth == 0 { "" } else { "└ " };
        out.push_str(&format!(
            "<tr><th scope=\"row\" style=\"padding-left:{}rem\">{branch}{name}{nested}</th><td class=\"{}\">{}</td>\
             <td class=\"n\">{}</td><td class=\"n\">{} of {}</td></tr>\n",
            depth + 1,
            class(finding.outcome),
            words(finding.outcome),
            finding.differences.len(),
            finding.coverage.checked(),
            finding.coverage.resources,
        ));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn stack(i: usize, finding: &Finding, out: &mut String) {
    out.push_str(&format!(
        "<section aria-labelledby=\"stack-{i}\">\n<h2 id=\"stack-{i}\">{}: <span class=\"{}\">{}</span></h2>\n",
        escape(&finding.stack_name),
        class(finding.outcome),
        words(finding.outcome),
    ));
    out.push_str(&format!(
        "<p><code>{}</code></p>\n",
        escape(&finding.stack_id)
    ));
    if let Some(problem) = &finding.problem {
        out.push_str(&format!(
            "<p class=\"warning\">Not completely checked: {}.</p>\n",
            escape(problem)
        ));
    }
    out.push_str(&format!(
        "<p>{}.</p>\n",
        escape(&coverage_line(&finding.coverage))
    ));
    for resource in finding
        .differences
        .chunk_by(|a, b| a.logical_id == b.logical_id)
    {
        let Some(first) = resource.first() else {
            continue;
        };
        let (logical_id, kind) = (escape(&first.logical_id), escape(&first.resource_type));
        out.push_str(&format!("<h3>{logical_id} <small>{kind}</small></h3>\n"));
        if let Some(id) = &first.physical_id {
            out.push_str(&format!("<p><code>{}</code></p>\n", escape(id)));
        }
        out.push_str("<ul>\n");
        resource.iter().for_each(|difference| item(difference, out));
        out.push_str("</ul>\n");
    }
    out.push_str("</section>\n");
}

fn item(difference: &Difference, out: &mut String) {
    let (expected, actual) = (difference.expected.as_deref(), difference.actual.as_deref());
    let path = difference
        .path
        .as_deref()
        .map(|path| format!("<code>{}</code> ", escape(path)))
        .unwrap_or_default();
    let verb = match difference.difference {
        DifferenceType::Add => "added",
        DifferenceType::Remove => "removed",
        DifferenceType::NotEqual if difference.path.is_none() => "modified",
        DifferenceType::NotEqual => "changed",
        DifferenceType::Deleted => "deleted",
    };
    out.push_str(&format!("<li>{path}{verb}"));
    if !diff::is_short(expected) || !diff::is_short(actual) {
        out.push_str(":\n<pre>");
        diff::lines(expected, actual)
            .iter()
            .for_each(|line| block_line(line, out));
        out.push_str("</pre>");
    } else {
        let del = expected.map(|value| format!("<del>{}</del> expected", escape(value)));
        let ins = actual.map(|value| format!("<ins>{}</ins> found", escape(value)));
        let sides: Vec<_> = del.into_iter().chain(ins).collect();
        if !sides.is_empty() {
            out.push_str(&format!(": {}", sides.join(", ")));
        }
    }
    out.push_str("</li>\n");
}

fn block_line(line: &Line, out: &mut String) {
    // The sign stays in the text: colour alone would tell nothing to many readers.
    out.push_str(&match line {
        Line::Same(text) => format!("  {}\n", escape(text)),
        Line::Expected(text) => format!("<del>- {}</del>\n", escape(text)),
        Line::Actual(text) => format!("<ins>+ {}</ins>\n", escape(text)),
        Line::More(n) => format!("… {n} more lines, see report.json\n"),
    });
}

fn uncovered(report: &Report, out: &mut String) {
    let rows = report
        .stacks
        .iter()
        .flat_map(|finding| finding.uncovered.iter().map(move |r| (finding, r)));
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return;
    }
    out.push_str("<h2>Not compared</h2>\n<table>\n<caption>Resources that were not compared</caption>\n<thead><tr>");
    for title in ["Stack", "Resource", "Type", "Why"] {
        out.push_str(&format!("<th scope=\"col\">{title}</th>"));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (finding, resource) in rows {
        out.push_str(&format!(
            "<tr><td>{}</td><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
            escape(&finding.stack_name),
            escape(&resource.logical_id),
            escape(&resource.resource_type),
            escape(&why(resource.why, resource.reason.as_deref())),
        ));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn skipped(report: &Report, out: &mut String) {
    if report.skipped.is_empty() {
        return;
    }
    out.push_str("<h2>Skipped</h2>\n<ul>\n");
    for skipped in &report.skipped {
        out.push_str(&format!(
            "<li>{}: {}</li>\n",
            escape(&skipped.stack_name),
            escape(&skipped.reason)
        ));
    }
    out.push_str("</ul>\n");
}

fn class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Drifted => "drifted",
        Outcome::Failed => "failed",
        Outcome::NotCovered => "not-covered",
        Outcome::InSync => "in-sync",
    }
}

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() && !c.is_ascii_whitespace() => out.push('\u{fffd}'),
            _ => out.push(c),
        }
    }
    out
}
