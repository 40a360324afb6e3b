//! What is wrong with a definition, and where.

use std::fmt;
use std::ops::Range;

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Severity {
    /// AWS refuses the definition.
    Error,
    /// AWS accepts it, but it does not do what it seems to.
    Warning,
}

/// One fault of a definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// As in `ValidateStateMachineDefinition`: `SCHEMA_VALIDATION_FAILED`,
    /// `INVALID_JSON_DESCRIPTION`, `MISSING_TRANSITION_TARGET`, …
    pub code: &'static str,
    /// Whether AWS refuses it.
    pub severity: Severity,
    /// JSON pointer of the faulty member, as AWS writes it (`/States/X/Next`; the root is `/`).
    /// Absent when the text as a whole is at fault.
    pub pointer: Option<String>,
    /// Bytes of the source.
    pub span: Range<usize>,
    /// A sentence, in AWS's words where they are known.
    pub message: String,
    /// How to mend it.
    pub help: Option<String>,
}

impl Diagnostic {
    /// Whether AWS refuses the definition for it.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

impl fmt::Display for Diagnostic {
    /// As it stands in the message of `InvalidDefinition`:
    /// `SCHEMA_VALIDATION_FAILED: … at /States/X`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code, self.message)?;
        match &self.pointer {
            Some(pointer) => write!(f, " at {pointer}"),
            None if self.code == "MISSING_END_STATE" => f.write_str(" at null"),
            None => Ok(()),
        }
    }
}
