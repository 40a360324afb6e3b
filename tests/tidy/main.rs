//! House rules that no compiler checks.
#![expect(clippy::unwrap_used, reason = "test code")]

mod arrows;
mod diagrams;
mod docs;
mod locks;
mod mirrors;
mod permissions;
mod sources;
mod workflows;
