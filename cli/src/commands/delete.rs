//! `footwork delete`

use aws_sdk_cloudformation::types::ResourceStatus;
use clap::Args;

use super::status;
use crate::deploy::change_set::Events;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::{Target, TargetArgs};
use crate::ui::{Mark, Ui, count};

/// Deletes a deployment. What holds data is kept and named.
#[derive(Debug, Args)]
pub struct DeleteArgs {
    /// Name of the deployment
    name: String,
    /// Delete although runs are going on; they are stopped
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(args: &DeleteArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let target = target_args.connect(ui).await?;
    let deployed = Deployed::find(&target, &args.name, &target_args.flags()).await?;
    if let Ok(machine) = deployed.machine_arn() {
        let running = status::running(&target, machine).await?;
        if running > 0 && !args.force {
            let running = count(u64::try_from(running).unwrap_or(u64::MAX), "run");
            return Err(
                Failure::new(format!("`{}` has {running} going on", args.name))
                    .help("wait until they end, or delete with `--force`"),
            );
        }
    }
    let stack_id = deployed.stack.stack_id().unwrap_or_default().to_owned();
    let question = format!(
        "delete the stack {} in {}?",
        crate::stack::stack_name(&args.name),
        target.region
    );
    if !args.yes && !target_args.implies_yes() && !ui.confirm(&question)? {
        ui.mark(Mark::Note, "nothing was deleted");
        return Ok(Exit::Done);
    }
    let mut events = Events::after_now(&target, &stack_id).await?;
    let delete = target.cloudformation.delete_stack().stack_name(&stack_id);
    delete
        .send()
        .await
        .map_err(|error| Failure::aws("delete the stack", error))?;
    events.until_rest(&target, ui).await?;
    for kept in kept(&target, &stack_id).await? {
        ui.mark(Mark::Note, format!("kept, because it holds data: {kept}"));
    }
    ui.mark(Mark::Good, format!("{} is deleted", args.name));
    Ok(Exit::Done)
}

/// Resources that the stack left behind.
async fn kept(target: &Target, stack_id: &str) -> Result<Vec<String>> {
    let found = target
        .cloudformation
        .describe_stack_events()
        .stack_name(stack_id)
        .send()
        .await;
    let found = found.map_err(|error| Failure::aws("read the stack's events", error))?;
    let skipped = found.stack_events.unwrap_or_default().into_iter();
    let skipped =
        skipped.filter(|event| event.resource_status() == Some(&ResourceStatus::DeleteSkipped));
    Ok(skipped
        .map(|event| {
            let kind = event.resource_type().unwrap_or_default();
            format!(
                "{} ({kind})",
                event.physical_resource_id().unwrap_or_default()
            )
        })
        .collect())
}
