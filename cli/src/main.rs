//! The program `footwork`; everything it does is in the library beside it.

use std::process::ExitCode;

fn main() -> ExitCode {
    footwork::main().into()
}
