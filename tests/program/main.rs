//! The program itself: what it refuses, how it ends, what `footwork local` does.

mod local;
mod refusals;
