//! Other people's clients against the served local AWS, as they come.

#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod aws_cli;
mod boto;
mod package;
mod step_functions_cli;
