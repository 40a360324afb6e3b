//! The definition itself: the language, and the parameters of the APIs that it calls.

use std::path::Path;
use std::sync::Arc;

use asl::{Diagnostic, Severity, StateMachine};

use super::{Finding, Source, Weight};

/// Everything that is to be said about a definition.
pub(super) fn check(path: &Path, text: &str) -> Vec<Finding> {
    let (_, diagnostics) = StateMachine::parse_with(text, integrations::apis());
    let whole: Arc<str> = text.into();
    let findings = diagnostics.into_iter();
    findings
        .map(|diagnostic| finding(path, &whole, diagnostic))
        .collect()
}

fn finding(path: &Path, text: &Arc<str>, diagnostic: Diagnostic) -> Finding {
    let weight = match diagnostic.severity {
        Severity::Error => Weight::Error,
        Severity::Warning => Weight::Warning,
    };
    Finding {
        file: path.to_owned(),
        code: diagnostic.code.to_owned(),
        weight,
        message: diagnostic.message,
        help: diagnostic.help,
        pointer: diagnostic.pointer,
        source: Some(Source {
            text: Arc::clone(text),
            span: diagnostic.span,
        }),
    }
}
