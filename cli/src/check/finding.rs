//! One thing that is wrong, and where.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It would be refused.
    Error,
    /// It is taken, and does not do what it seems to.
    Warning,
}

/// The text that a finding points into.
#[derive(Debug, Clone)]
pub struct Source {
    /// The whole file.
    pub text: Arc<str>,
    /// Bytes of it.
    pub span: Range<usize>,
}

/// One thing that is wrong.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The file.
    pub file: PathBuf,
    /// Short name of the rule, as AWS has it where AWS has one.
    pub code: String,
    /// How bad it is.
    pub weight: Weight,
    /// A sentence.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
    /// JSON pointer of the place, if there is one.
    pub pointer: Option<String>,
    /// The place in the text, if there is one.
    pub source: Option<Source>,
}

impl Finding {
    /// An error of a file as a whole.
    pub(super) fn of_file(file: &Path, code: &str, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            code: code.to_owned(),
            weight: Weight::Error,
            message: message.into(),
            help: None,
            pointer: None,
            source: None,
        }
    }

    /// Whether it would be refused.
    pub fn is_error(&self) -> bool {
        self.weight == Weight::Error
    }

    /// Line and column of its first and last byte, from 1, columns in characters.
    pub fn place(&self) -> Option<[(usize, usize); 2]> {
        let source = self.source.as_ref()?;
        let Range { start, end } = source.span;
        Some([start, end].map(|at| line_and_column(&source.text, at)))
    }
}

fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_for_people() {
        let text = "a\nü\"x\"\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 4), (2, 2));
        assert_eq!(line_and_column(text, text.len()), (3, 1));
    }
}
