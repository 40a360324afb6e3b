//! `footwork demo`

use std::path::PathBuf;

use clap::Args;

use crate::catalogue;
use crate::demo;
use crate::exit::Exit;
use crate::failure::Result;
use crate::target::TargetArgs;
use crate::ui::Ui;

/// Shows a workflow at work on sample data, on this machine: no account, nothing left running.
#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Name of the workflow
    workflow: String,
    /// Folder for what the demo makes
    #[arg(long, default_value = "footwork-demo")]
    out: PathBuf,
}

pub(super) async fn run(args: &DemoArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let use_case = catalogue::find(&args.workflow)?;
    demo::run(use_case, &args.out, target_args, ui).await
}
