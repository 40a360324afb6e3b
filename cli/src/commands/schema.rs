//! `footwork schema`

use clap::{Args, ValueEnum};
use serde_json::Value;

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::settings;
use crate::ui::Ui;

/// Prints the JSON Schema of a file that people write, for editors.
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// Which file
    #[arg(value_enum)]
    file: File,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum File {
    /// footwork.toml of a directory
    Config,
    /// case.json: settings of a case
    Case,
    /// world.json: what every task of a case answers
    World,
    /// expected.json: what must come of a case
    Expected,
}

pub(super) fn run(args: &SchemaArgs, ui: &Ui) -> Result<Exit> {
    let text = match args.file {
        File::Config => settings::SCHEMA,
        File::Case => cases::schemas::CASE,
        File::World => cases::schemas::WORLD,
        File::Expected => cases::schemas::EXPECTED,
    };
    let value: Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the schema cannot be read: {error}")))?;
    ui.result(&value, || text.to_owned());
    Ok(Exit::Done)
}
