//! `footwork deploy`

use clap::Args;
use serde_json::{Map, Value, json};

use crate::deploy::{self, Deployment};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::source::Source;
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui};

/// Deploys a workflow, or changes a deployment.
#[derive(Debug, Args)]
pub struct DeployArgs {
    /// Name of a shipped workflow, or a directory with one, such as `.`
    workflow: String,
    /// Name of this deployment, so that several can live side by side [default: that of the
    /// workflow or directory]
    #[arg(long)]
    name: Option<String>,
    /// Value of a template parameter; can be given several times
    #[arg(long = "param", value_name = "KEY=VALUE")]
    parameters: Vec<String>,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Take the code where the template names it, as it is, instead of building it
    #[arg(long)]
    no_build: bool,
    /// Show what would change; change and upload nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(args: &DeployArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let source = Source::find(&args.workflow, args.env.as_deref())?;
    if args.no_build && source.directory.is_none() {
        return Err(Failure::new(
            "`--no-build` is for directories: what ships with the program is built",
        ));
    }
    let name = args.name.as_deref().unwrap_or(&source.deployment);
    let place = source.directory.as_ref().map(|one| &one.environment);
    let target = target_args.at(place).connect(ui).await?;
    let deployment = Deployment {
        source: &source,
        name,
        parameters: &args.parameters,
        dry_run: args.dry_run,
        yes: args.yes || target_args.implies_yes(),
        build: !args.no_build,
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
    // The directory knows the input's schema; another name than its own it does not know.
    let named = match &args.name {
        None => source.named(),
        Some(name) => name.clone(),
    };
    let env = args.env.as_ref().filter(|_| args.name.is_none());
    let env = env.map(|env| format!(" --env {env}")).unwrap_or_default();
    ui.mark(
        Mark::Good,
        format!("run it with: footwork run {named}{env}{}", target.flags),
    );
    Ok(Exit::Done)
}
