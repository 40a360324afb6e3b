//! What the tests of the whole house share: where things are, and how to find other people's tools.
//!
//! Tests may panic: a panic is how they fail.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "test code"
)]

mod house;
mod tools;
mod tree;

pub use house::{House, binary, program};
pub use tools::{Python, python};
pub use tree::{files, folders, read, root, shared};
