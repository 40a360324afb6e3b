//! For people: what is wrong, with the lines it is about.

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Checked, Finding};
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
        "{} and {} beside",
        count(checked.definitions as u64, "definition"),
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
            let place = AnnotationKind::Primary.span(source.span.clone());
            let place = match &finding.pointer {
                Some(pointer) => place.label(pointer),
                None => place,
            };
            title.element(
                Snippet::source(source.text.as_ref())
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
