//! For people: what is wrong, with the lines it is about.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Checked, Finding, Source};
use crate::ui::count;

/// Everything, then a line that adds it up.
pub fn text(checked: &Checked) -> String {
    let mut text = String::new();
    for finding in &checked.findings {
        text.push_str(&self::finding(finding));
        text.push_str("\n\n");
    }
    let errors = checked.findings.iter().filter(|finding| finding.is_error());
    let errors = errors.count();
    let warnings = checked.findings.len() - errors;
    let looked_at = format!(
        "{}, {} and {} beside",
        count(checked.definitions as u64, "definition"),
        count(checked.templates as u64, "template"),
        count(checked.beside as u64, "file"),
    );
    text.push_str(&match (errors, warnings) {
        (0, 0) => format!("{looked_at}: nothing is wrong"),
        _ => format!(
            "{looked_at}: {}, {}",
            count(errors as u64, "error"),
            count(warnings as u64, "warning")
        ),
    });
    text
}

fn finding(finding: &Finding) -> String {
    let path = finding.file.display().to_string();
    let level = if finding.is_error() {
        Level::ERROR
    } else {
        Level::WARNING
    };
    let title = level.primary_title(&finding.message).id(&finding.code);
    let mut report = match &finding.source {
        Some(source) => {
            let (excerpt, first, span) = excerpt(source);
            let place = AnnotationKind::Primary.span(span);
            let place = match &finding.pointer {
                Some(pointer) => place.label(pointer),
                None => place,
            };
            title.element(
                Snippet::source(excerpt)
                    .line_start(first)
                    .path(&path)
                    .annotation(place),
            )
        }
        None => title.element(Level::NOTE.message(&path)),
    };
    if let Some(help) = &finding.help {
        report = report.element(Level::HELP.message(help));
    }
    Renderer::styled().render(&[report])
}

/// Most lines of an excerpt; of what is longer its beginning is shown.
const MOST_LINES: usize = 12;

/// The lines of a place, the number of the first, and the place within them. A file of a thousand
/// faults is not gone through for each.
fn excerpt(source: &Source) -> (&str, usize, Range<usize>) {
    let text = source.text.as_ref();
    let Range { start, end } = source.span;
    let begin = text.get(..start).and_then(|before| before.rfind('\n'));
    let begin = begin.map_or(0, |newline| newline + 1);
    let lines = text.get(begin..).unwrap_or_default();
    let inside = lines.get(..end.saturating_sub(begin)).unwrap_or_default();
    let inside = match inside.match_indices('\n').nth(MOST_LINES) {
        Some(_) => inside.find('\n').unwrap_or(inside.len()),
        None => inside.len(),
    };
    let after = lines.get(inside..).unwrap_or_default();
    let until = inside + after.find('\n').unwrap_or(after.len());
    let first = text.get(..begin).unwrap_or_default().matches('\n').count() + 1;
    let excerpt = lines.get(..until).unwrap_or_default();
    (excerpt, first, start - begin..inside)
}
