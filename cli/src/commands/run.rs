//! `footwork run`

use aws_sdk_sfn::types::ExecutionStatus;
use clap::Args;
use serde_json::{Value, json};

use crate::catalogue::UseCase;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::input;
use crate::target::{Target, TargetArgs};
use crate::ui::{Mark, Ui, duration};
use crate::watch::{self, Ended};

/// Runs a deployed workflow and watches it.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Name of the deployment (the workflow's, unless it was deployed with `--name`)
    name: String,
    /// Input: JSON, a file, `-` for stdin, or the name of an example [default: {}]
    #[arg(short, long)]
    input: Option<String>,
    /// Exit with 1 when the run finds something, such as drift
    #[arg(long)]
    fail: bool,
    /// Start only; do not watch
    #[arg(long, conflicts_with = "fail")]
    detach: bool,
}

pub(super) async fn run(args: &RunArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let target = target_args.connect(ui).await?;
    let flags = target_args.flags();
    let deployed = Deployed::find(&target, &args.name, &flags).await?;
    let text = input::read(args.input.as_deref(), deployed.use_case)?;
    if let Some(case) = deployed.use_case {
        input::check(&text, case)?;
    }
    let execution = start(&target, &deployed, &text).await?;
    ui.mark(Mark::Going, &execution);
    if args.detach {
        ui.result(&json!({"executionArn": execution}), || execution.clone());
        ui.say(format!(
            "watch it: footwork history {} --follow{flags}",
            args.name
        ));
        return Ok(Exit::Done);
    }
    let Some(ended) = watch::follow(&target, &execution, ui).await? else {
        ui.say("\nstopped watching; the run goes on");
        ui.say(format!(
            "watch it again: footwork history {} --follow{flags}",
            args.name
        ));
        return Ok(Exit::Interrupted);
    };
    finish(&execution, &ended, ui);
    Ok(verdict(&ended, deployed.use_case, args.fail))
}

/// Starts an execution; returns its ARN.
pub(super) async fn start(target: &Target, deployed: &Deployed, input: &str) -> Result<String> {
    let start = target
        .sfn
        .start_execution()
        .state_machine_arn(deployed.start_arn()?)
        .input(input);
    let started = start
        .send()
        .await
        .map_err(|error| Failure::aws("start the run", error))?;
    Ok(started.execution_arn)
}

/// Says how it ended; the output is the result.
pub(super) fn finish(execution: &str, ended: &Ended, ui: &Ui) {
    let took = duration(ended.duration);
    if ended.status == ExecutionStatus::Succeeded {
        ui.mark(Mark::Good, format!("succeeded in {took}"));
    } else {
        let status = ended.status.as_str().to_lowercase().replace('_', " ");
        ui.mark(Mark::Bad, format!("{status} after {took}"));
        if let Some(error) = &ended.error {
            ui.say(format!(
                "  {error}: {}",
                ended.cause.as_deref().unwrap_or_default()
            ));
        }
    }
    let value = json!({
        "executionArn": execution,
        "status": ended.status.as_str(),
        "output": ended.output,
        "error": ended.error,
        "cause": ended.cause,
        "durationSeconds": ended.duration.as_secs_f64(),
    });
    ui.result(&value, || {
        serde_json::to_string_pretty(&ended.output).unwrap_or_default()
    });
}

fn verdict(ended: &Ended, use_case: Option<&UseCase>, fail: bool) -> Exit {
    if ended.status != ExecutionStatus::Succeeded {
        return Exit::Failed;
    }
    let findings = use_case.and_then(|case| ended.output.pointer(case.findings));
    match findings.and_then(Value::as_u64) {
        Some(1..) if fail => Exit::Failed,
        _ => Exit::Done,
    }
}
