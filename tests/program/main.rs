//! The program itself: what it refuses, how it ends, what `footwork local` does.

#![expect(clippy::unwrap_used, reason = "test code")]

mod bad_files;
mod corpora;
mod endings;
mod files;
mod jobs;
mod local;
mod mutations;
mod refusals;
