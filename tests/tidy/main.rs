//! House rules that no compiler checks.
#![expect(clippy::unwrap_used, reason = "test code")]

mod arrows;
mod diagrams;
mod docs;
mod findings;
mod locks;
mod mirrors;
mod sources;
mod workflows;
