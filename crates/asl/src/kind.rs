//! What a definition may not have in an Express state machine.

use crate::diagnostic::{Diagnostic, Severity};
use crate::machine::StateMachine;
use crate::port::Kind;

impl StateMachine {
    /// Faults that the definition only has as a machine of this type: Express ones run no jobs and
    /// wait for no tokens, and have neither activities nor distributed Maps.
    #[must_use]
    pub fn check_kind(&self, kind: Kind) -> Vec<Diagnostic> {
        if kind == Kind::Standard {
            return Vec::new();
        }
        let mut faults = Vec::new();
        for (pointer, resource) in self.resources() {
            let message = if resource.contains(".waitForTaskToken") {
                // The space at the end is AWS's.
                "Express state machine does not support '.waitForTaskToken' service integration "
            } else if resource.contains(".sync") {
                "Express state machine does not support '.sync' service integration"
            } else if resource.contains(":activity:") {
                "Express state machine does not support Activity ARN"
            } else {
                continue;
            };
            faults.push(fault(pointer.to_owned(), message));
        }
        for (pointer, _) in &self.processors {
            faults.push(fault(
                format!("{pointer}/ItemProcessor/ProcessorConfig"),
                "Express state machine does not support DISTRIBUTED mode",
            ));
        }
        faults
    }
}

fn fault(pointer: String, message: &str) -> Diagnostic {
    Diagnostic {
        code: "SCHEMA_VALIDATION_FAILED",
        severity: Severity::Error,
        pointer: Some(pointer),
        span: 0..0,
        message: message.to_owned(),
        help: Some("make it a STANDARD state machine".to_owned()),
    }
}
