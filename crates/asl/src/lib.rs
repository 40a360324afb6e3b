//! The Amazon States Language: parse, check, format, interpret.
//!
//! No I/O, no AWS, no clock, no randomness: what an execution needs from the world it asks for
//! with an [`Action`], and is told with a [`Signal`].

mod port;

pub use port::{
    Action, ChildResult, FailedPhase, Kind, MapRunId, Outcome, Pattern, Resource, Signal, Start,
    StartMapRun, StartTask, TaskId, TimerId,
};
