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

    /// The same with a JSON pointer of its place.
    #[must_use]
    pub(super) fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// The same with a word on how to mend it.
    #[must_use]
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Findings are told file by file, from above to below.
    pub(super) fn order(&self) -> (&Path, usize) {
        let start = self.source.as_ref().map_or(0, |source| source.span.start);
        (&self.file, start)
    }

    /// Whether it would be refused.
    pub fn is_error(&self) -> bool {
        self.weight == Weight::Error
    }

    /// Line and column of its first and last byte, from 1, columns in characters.
    pub fn place(&self) -> Option<[(usize, usize); 2]> {
        let source = self.source.as_ref()?;
        let Range { start, end } = source.span;
        Some([start, end].map(|at| document::line_and_column(&source.text, at)))
    }
}
