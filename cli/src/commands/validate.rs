//! `footwork validate`

use std::path::PathBuf;

use clap::Args;

use crate::check;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::ui::Ui;

/// Checks workflows and the files beside them: no AWS is asked.
///
/// Language faults, API parameters that do not exist or have the wrong type, substitutions that
/// nothing defines, faults of templates, permissions that are missing or unused, example inputs that
/// do not fit the schema, cases that cannot be played. Every fault of every file is told. Exits with
/// 3 when there are errors.
#[derive(Debug, Args)]
pub struct ValidateArgs {
    /// Definitions, templates, or folders with them
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Fail on warnings too
    #[arg(long)]
    strict: bool,
    /// Write a SARIF report
    #[arg(long, value_name = "FILE")]
    sarif: Option<PathBuf>,
}

pub(super) fn run(args: &ValidateArgs, ui: &Ui) -> Result<Exit> {
    let checked = check::check(&args.paths);
    if let Some(file) = &args.sarif {
        let report = format!("{:#}\n", check::sarif(&checked));
        std::fs::write(file, report)
            .map_err(|error| Failure::io(format!("write {}", file.display()), &error))?;
    }
    ui.result(&check::json(&checked), || check::text(&checked));
    let found = checked.has_errors() || (args.strict && !checked.findings.is_empty());
    Ok(if found { Exit::Findings } else { Exit::Done })
}
