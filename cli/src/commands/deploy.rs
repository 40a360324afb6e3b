//! `footwork deploy`

use clap::Args;
use serde_json::{Map, Value, json};

use crate::catalogue;
use crate::deploy::{self, Deployment};
use crate::exit::Exit;
use crate::failure::Result;
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui};

/// Deploys a workflow, or changes a deployment.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// Name of the workflow
    workflow: String,
    /// Name of this deployment, so that several can live side by side [default: the workflow's]
    #[arg(long)]
    name: Option<String>,
    /// Value of a template parameter; can be given several times
    #[arg(long = "param", value_name = "KEY=VALUE")]
    parameters: Vec<String>,
    /// Show what would change; change and upload nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(args: &DeployArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let use_case = catalogue::find(&args.workflow)?;
    let name = args.name.as_deref().unwrap_or(use_case.name);
    let target = target_args.connect(ui).await?;
    let deployment = Deployment {
        use_case,
        name,
        parameters: &args.parameters,
        dry_run: args.dry_run,
        yes: args.yes || target_args.implies_yes(),
    };
    let Some(stack) = deploy::deploy(&deployment, &target, ui).await? else {
        return Ok(Exit::Done);
    };
    if args.dry_run {
        return Ok(Exit::Done);
    }
    let outputs: Map<String, Value> = stack
        .outputs()
        .iter()
        .filter_map(|output| {
            Some((
                output.output_key()?.to_owned(),
                json!(output.output_value()?),
            ))
        })
        .collect();
    ui.heading("outputs");
    ui.result(
        &json!({"name": name, "stack": stack.stack_name(), "outputs": outputs}),
        || {
            let lines = outputs
                .iter()
                .map(|(key, value)| format!("{key}: {}", value.as_str().unwrap_or_default()));
            lines.collect::<Vec<_>>().join("\n")
        },
    );
    ui.say("");
    ui.mark(
        Mark::Good,
        format!("run it with: footwork run {name}{}", target.flags),
    );
    Ok(Exit::Done)
}
