//! What a definition may not have in an Express state machine.

use std::ops::Range;

use crate::check::each_state;
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
        for resource in &self.resources {
            let text = resource.text.as_str();
            let message = if text.contains(".waitForTaskToken") {
                // The space at the end is AWS's.
                "Express state machine does not support '.waitForTaskToken' service integration "
            } else if text.contains(".sync") {
                "Express state machine does not support '.sync' service integration"
            } else if text.contains(":activity:") {
                "Express state machine does not support Activity ARN"
            } else {
                continue;
            };
            faults.push(fault(
                resource.pointer.clone(),
                resource.span.clone(),
                message,
            ));
        }
        for (pointer, _) in &self.processors {
            faults.push(fault(
                format!("{pointer}/ItemProcessor/ProcessorConfig"),
                self.span_of(pointer),
                "Express state machine does not support DISTRIBUTED mode",
            ));
        }
        faults
    }

    /// Of the name of the state with that pointer.
    fn span_of(&self, pointer: &str) -> Range<usize> {
        let mut span = 0..0;
        each_state(&self.program, &mut |state| {
            if state.pointer == pointer {
                span = state.span.clone();
            }
        });
        span
    }
}

fn fault(pointer: String, span: Range<usize>, message: &str) -> Diagnostic {
    Diagnostic {
        code: "SCHEMA_VALIDATION_FAILED",
        severity: Severity::Error,
        pointer: Some(pointer),
        span,
        message: message.to_owned(),
        help: Some("make it a STANDARD state machine".to_owned()),
    }
}
