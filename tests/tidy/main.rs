//! House rules that no compiler checks.

mod arrows;
mod docs;
mod mirrors;
mod sources;
mod workflows;
