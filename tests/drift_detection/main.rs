//! Drift detection end to end: the served local AWS, the real functions, the program, and changes
//! made with the AWS CLI.
#![expect(clippy::unwrap_used, clippy::panic, reason = "test code")]

mod case;
mod direct;
mod many;
mod parts;
mod real_templates;
mod schedule;
