//! The task functions of the drift-detection workflow.
//!
//! | module | state of the workflow | what it does |
//! |---|---|---|
//! | [`plan`] | `Plan` | checks the input, chooses the stacks, writes the plan |
//! | [`collect`] | `Collect findings` | folds what CloudFormation found in one stack into a finding |
//! | [`report`] | `Write report` | merges the findings into a report and a summary |
//!
//! Nothing here waits for CloudFormation or starts a detection: that is the workflow's work.

pub mod collect;
mod error;
mod finding;
pub mod log;
pub mod plan;
pub mod ports;
pub mod report;
mod run;

pub use error::Error;
pub use finding::{Coverage, Difference, DifferenceType, Finding, Outcome, Uncovered, Why};
pub use run::Run;
