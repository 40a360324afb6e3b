//! `footwork list`

use clap::Args;
use serde_json::json;

use crate::catalogue::USE_CASES;
use crate::exit::Exit;
use crate::failure::Result;
use crate::ui::{Ui, table};

/// Lists the workflows that ship with the program.
#[derive(Debug, Args)]
pub struct ListArgs {}

pub(super) fn run(_: &ListArgs, ui: &Ui) -> Result<Exit> {
    let entries = USE_CASES
        .iter()
        .map(|case| json!({"name": case.name, "summary": case.summary}));
    ui.result(&entries.collect(), || {
        let rows = USE_CASES
            .iter()
            .map(|case| [case.name.to_owned(), case.summary.to_owned()]);
        table(["WORKFLOW", "WHAT IT DOES"], rows)
    });
    ui.say("\n`footwork show <workflow>` tells more; `footwork demo <workflow>` shows it at work.");
    Ok(Exit::Done)
}
