//! Other people's clients against the served local AWS, as they come.

#![expect(clippy::unwrap_used, reason = "test code")]

mod aws_cli;
mod package;
