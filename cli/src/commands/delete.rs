//! `footwork delete`

use clap::Args;

use crate::deploy::change_set::Events;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::runs;
use crate::source::Named;
use crate::stack;
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui, count};

/// Deletes a deployment. What holds data is kept and named.
#[derive(Debug, Args)]
pub struct DeleteArgs {
    /// Name of the deployment, or the directory that it was deployed from
    name: String,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Delete although runs are going on; they are stopped
    #[arg(long)]
    force: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(args: &DeleteArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let named = Named::find(&args.name, args.env.as_deref())?;
    let target = target_args.at(named.environment()).connect(ui).await?;
    let deployed = Deployed::find(&target, &named.name).await?;
    if let Ok(machine) = deployed.machine_arn() {
        let running = runs::running(&target, machine).await?.len();
        if running > 0 && !args.force {
            let running = count(running, "run");
            return Err(
                Failure::new(format!("`{}` has {running} going on", named.name))
                    .help("wait until they end, or delete with `--force`"),
            );
        }
    }
    let stack_id = deployed.stack.stack_id().unwrap_or_default().to_owned();
    let question = format!(
        "delete the stack {} in {}?",
        stack::stack_name(&named.name),
        stack::place(&stack_id)
    );
    if !args.yes && !target_args.implies_yes() && !ui.confirm(&question).await? {
        ui.mark(Mark::Note, "nothing was deleted");
        return Ok(Exit::Done);
    }
    ui.on_interrupt(&["stopped watching; the deletion goes on".to_owned()]);
    let mut events = Events::after_now(&target, &stack_id).await?;
    let delete = target.cloudformation.delete_stack().stack_name(&stack_id);
    delete
        .send()
        .await
        .map_err(|error| Failure::aws("delete the stack", error))?;
    events.until_rest(&target, ui).await?;
    ui.mark(Mark::Good, format!("{} is deleted", named.name));
    Ok(Exit::Done)
}
