//! `footwork diff`

use std::path::PathBuf;

use clap::Args;

use crate::deploy::{self, Deployment};
use crate::exit::Exit;
use crate::failure::Result;
use crate::source::Source;
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui};
use crate::upstream;

/// Shows what a directory would change where it is deployed, or how it differs from what ships.
///
/// With `--upstream`, no AWS is asked: every file is compared with what this version of the program
/// writes, and who changed it is told apart. Exits with 0 whatever it shows, unless `--fail` is
/// given.
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// Directory made by `footwork init`
    #[arg(default_value = ".")]
    directory: PathBuf,
    /// Compare with the shipped workflow
    #[arg(long)]
    upstream: bool,
    /// Show states and names of files only, not their lines
    #[arg(long, requires = "upstream")]
    brief: bool,
    /// Exit with 1 when something differs
    #[arg(long, requires = "upstream")]
    fail: bool,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME", conflicts_with = "upstream")]
    env: Option<String>,
}

pub(super) async fn run(args: &DiffArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    if !args.upstream {
        return planned(args, target_args, ui).await;
    }
    let comparison = upstream::compare(&args.directory)?;
    let json = upstream::json(&comparison);
    ui.result(&json, || upstream::text(&comparison, args.brief));
    let changed = !comparison.files.is_empty();
    if changed {
        ui.mark(Mark::Note, upstream::tally(&comparison));
    }
    Ok(if changed && args.fail {
        Exit::Failed
    } else {
        Exit::Done
    })
}

/// What a deployment would change: a dry run of it.
async fn planned(args: &DiffArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let source = Source::read(&args.directory, args.env.as_deref())?;
    let place = source.directory.as_ref().map(|one| &one.environment);
    let target = target_args.at(place).connect(ui).await?;
    let deployment = Deployment {
        source: &source,
        name: &source.deployment,
        parameters: &[],
        dry_run: true,
        yes: true,
        build: true,
    };
    deploy::deploy(&deployment, &target, ui).await?;
    Ok(Exit::Done)
}
