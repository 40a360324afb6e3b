//! The program itself: what it refuses, how it ends, what `footwork local` does.

mod endings;
mod files;
mod local;
mod refusals;
