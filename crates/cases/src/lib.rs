//! Plays cases of state machines: an input, a world that somebody wrote down, and what is expected.
//!
//! A case is a folder (`input.json`, `world.json`, `expected.json`, and `case.json` for settings
//! that differ from the usual). It runs on the interpreter under a clock of its own that jumps from
//! one event to the next: no AWS, no functions, no waiting. It prints nothing; `footwork test` and
//! the project's own tests show what it answers.

mod bill;
mod case;
mod coverage;
mod difference;
mod fault;
mod find;
mod mock_config;
mod play;
mod run;
pub mod schemas;
mod shape;
mod workflow;
mod world;

pub use bill::{Bill, Step, Transitions};
pub use case::{Case, Settings};
pub use coverage::{Coverage, Handler, Way};
pub use difference::Difference;
pub use fault::Fault;
pub use find::{Suite, find};
pub use run::{Options, Run};
pub use workflow::Workflow;
