//! A value or message that does not fit its shape.

use std::fmt;

/// A value or message that does not fit its shape, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// Members from the innermost to the outermost.
    path: Vec<String>,
    reason: String,
}

impl Mismatch {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self {
            path: Vec::new(),
            reason: reason.into(),
        }
    }

    /// Path of the misfit: `Entries.0.Id`; empty for the message as a whole.
    pub fn path(&self) -> String {
        let parts: Vec<_> = self.path.iter().rev().map(String::as_str).collect();
        parts.join(".")
    }

    /// What is wrong there.
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            return f.write_str(&self.reason);
        }
        write!(f, "`{}`: {}", self.path(), self.reason)
    }
}

impl std::error::Error for Mismatch {}

/// Adds to an error where it happened.
pub(crate) trait Within {
    fn within(self, step: impl fmt::Display) -> Self;
}

impl<T> Within for Result<T, Mismatch> {
    fn within(self, step: impl fmt::Display) -> Self {
        self.map_err(|mut mismatch| {
            mismatch.path.push(step.to_string());
            mismatch
        })
    }
}
