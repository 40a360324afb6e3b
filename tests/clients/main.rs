//! Other people's clients against the served local AWS, as they come.

mod aws_cli;
mod package;
