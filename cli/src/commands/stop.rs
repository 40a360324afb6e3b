//! `footwork stop`

use clap::Args;
use serde_json::{Value, json};

use super::deployment::DeploymentArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::runs;
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui, count, plain};

/// Stops a run. Containers that it waits for are stopped too.
#[derive(Debug, Args)]
pub struct StopArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    /// Name or ARN of the run [default: the one that goes on]
    #[arg(long, value_name = "RUN")]
    execution: Option<String>,
    /// Stop all runs that go on
    #[arg(long, conflicts_with = "execution")]
    all: bool,
    /// Why; kept as the cause in the history
    #[arg(long, default_value = "stopped with `footwork stop`")]
    reason: String,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

pub(super) async fn run(args: &StopArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed, name) = (opened.target, opened.deployed, opened.name);
    let machine = deployed.machine_arn()?;
    let executions: Vec<String> = match &args.execution {
        Some(name) => vec![runs::arn(machine, name)],
        None => {
            let running = runs::running(&target, machine).await?;
            let arns = running.iter().map(|run| run.execution_arn().to_owned());
            arns.collect()
        }
    };
    let names: Vec<_> = executions.iter().map(|arn| runs::name(arn)).collect();
    if names.is_empty() {
        ui.mark(Mark::Note, format!("`{}` has no run going on", name));
        ui.result(&json!([]), String::new);
        return Ok(Exit::Done);
    }
    if names.len() > 1 && !args.all {
        let failure = Failure::new(format!(
            "`{}` has {} going on:\n  - {}",
            name,
            count(names.len(), "run"),
            names.join("\n  - ")
        ));
        return Err(failure.help("name one with `--execution`, or stop them `--all`"));
    }
    let question = match names.as_slice() {
        [name] => format!("stop the run {} of {}?", plain(name), name),
        _ => format!("stop {} of {}?", count(names.len(), "run"), name),
    };
    if !args.yes && !target_args.implies_yes() && !ui.confirm(&question).await? {
        ui.mark(Mark::Note, "nothing was stopped");
        return Ok(Exit::Done);
    }
    for execution in &executions {
        let stop = target.sfn.stop_execution().execution_arn(execution);
        let stopped = stop.error("Stopped").cause(&args.reason).send().await;
        stopped.map_err(|error| Failure::aws("stop the run", error))?;
        ui.mark(Mark::Good, format!("stopped {}", runs::name(execution)));
    }
    let values = executions.iter().map(|arn| json!({"executionArn": arn}));
    ui.result(&values.collect::<Value>(), String::new);
    Ok(Exit::Done)
}
