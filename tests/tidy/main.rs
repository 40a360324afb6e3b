//! House rules that no compiler checks.
#![expect(clippy::unwrap_used, reason = "test code")]

mod arrows;
mod docs;
mod mirrors;
mod sources;
mod workflows;
