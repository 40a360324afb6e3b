//! The Amazon States Language: parse, check, format, draw, interpret.
//!
//! No I/O, no AWS, no clock, no randomness: what an execution needs from the world it asks for
//! with an [`Action`], and is told with a [`Signal`].

mod check;
mod data;
mod diagnostic;
pub mod draw;
mod env;
mod format;
mod hash;
mod history;
mod integrations;
mod interpret;
mod intrinsic;
mod jsonata;
mod jsonpath;
mod kind;
mod machine;
mod parse;
mod port;
mod random;
mod template;

pub use data::Data;
pub use diagnostic::{Diagnostic, Severity};
pub use format::{FormatError, format, format_yaml};
pub use history::{Details, ErrorDetails, Event, Scheduled, TaskFailure, TaskKind};
pub use integrations::{Integrations, ParameterFault, Written, optimised_actions};
pub use interpret::{Execution, Limits, Mock, Status, Test, TestStatus, Tested};
pub use machine::{QueryLanguage, StateMachine};
pub use port::{
    Action, ChildResult, FailedPhase, Kind, MapRunId, Outcome, Pattern, Resource, Signal, Start,
    StartMapRun, StartTask, TaskId, TimerId,
};
