//! `footwork run`

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use clap::Args;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::input;
use crate::source::{Named, Source};
use crate::stack;
use crate::target::{Target, TargetArgs};
use crate::ui::{self, Mark, Ui, duration};
use crate::watch::{self, Ended};

/// Runs a deployed workflow and watches it.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Name of the deployment (the workflow's, unless it was deployed with `--name`), or the
    /// directory that it was deployed from
    name: String,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
    /// Input: JSON, a file, `-` for stdin, or an example of the workflow [default: {}]
    #[arg(short, long)]
    input: Option<String>,
    /// Exit with 1 when the run finds something, such as drift
    #[arg(long)]
    fail: bool,
    /// Like `--fail`, and exit with 1 also when something could not be looked at
    #[arg(long)]
    strict: bool,
    /// Watch no longer than this, such as `30m`, and exit with 3; the run goes on
    #[arg(long, value_name = "DURATION", value_parser = watched)]
    timeout: Option<Duration>,
    /// Start only; do not watch
    #[arg(long, conflicts_with_all = ["fail", "strict", "timeout"])]
    detach: bool,
}

pub(super) async fn run(args: &RunArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let named = Named::find(&args.name, args.env.as_deref())?;
    let target = target_args.at(named.environment()).connect(ui).await?;
    let deployed = Deployed::find(&target, &named.name).await?;
    let source = source(named.source, &deployed)?;
    if args.fail || args.strict {
        can_judge(source.as_ref(), &named.name)?;
    }
    // What is typed on stdin takes as long as it takes.
    let text = block_in_place(|| input::read(args.input.as_deref(), source.as_ref(), ui))?;
    if let Some(source) = &source {
        input::check(&text, source)?;
    }
    let execution = start(&target, &deployed, &text).await?;
    ui.mark(Mark::Going, &execution);
    let (_, run) = execution.rsplit_once(':').unwrap_or_default();
    let again = format!(
        "watch it: footwork history {} {run} --follow{}",
        named.name, target.flags
    );
    if args.detach {
        ui.result(&json!({"executionArn": execution}), || execution.clone());
        ui.say(again);
        return Ok(Exit::Done);
    }
    let goodbye = [
        "stopped watching; the run goes on".to_owned(),
        again.clone(),
    ];
    ui.on_interrupt(&goodbye);
    let following = watch::follow(&target, &execution, ui);
    let ended = match args.timeout {
        None => following.await,
        Some(timeout) => match tokio::time::timeout(timeout, following).await {
            Ok(ended) => ended,
            Err(_) => {
                goodbye.iter().for_each(|line| ui.say(line));
                return Ok(Exit::StillRunning);
            }
        },
    };
    let ended = ended.map_err(|failure| failure.help(format!("the run goes on; {again}")))?;
    finish(&execution, &ended, ui);
    Ok(verdict(&ended, source.as_ref(), args.fail, args.strict))
}

/// What is known of a deployed workflow: what its directory says, else what the program ships.
fn source(named: Option<Source>, deployed: &Deployed) -> Result<Option<Source>> {
    let Some(source) = named else {
        return Ok(deployed.use_case.map(Source::from));
    };
    if deployed.workflow() == source.workflow {
        return Ok(Some(source));
    }
    let (stack, other) = (stack::stack_name(&deployed.name), deployed.workflow());
    Err(Failure::new(format!(
        "the stack {stack} carries the workflow `{}`, and {} holds `{}`",
        ui::plain(other),
        source.named(),
        source.workflow
    )))
}

/// A gate that cannot see anything must not look open.
fn can_judge(source: Option<&Source>, name: &str) -> Result<()> {
    if source.is_some_and(|source| source.findings.is_some()) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "nothing says what a run of `{name}` finds, so `--fail` and `--strict` cannot tell"
    ))
    .help("run it by its directory, whose footwork.toml says `findings = \"/…\"`"))
}

/// Reads a duration such as `90s`, `30m` or `1h 30m`.
fn watched(text: &str) -> Result<Duration, String> {
    let duration = text.parse::<jiff::SignedDuration>().ok();
    let duration = duration.and_then(|duration| Duration::try_from(duration).ok());
    duration.ok_or_else(|| "say it like `90s`, `30m` or `1h 30m`".to_owned())
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
        let error = ui::plain(ended.error.as_deref().unwrap_or_default());
        let cause = watch::cause_in_words(ended.cause.as_deref().unwrap_or_default());
        let why = [error, cause].join(": ");
        if why != ": " {
            ui.say(format!("  {}", ui::shorten(&why, 2000)));
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
    ui.result(&value, || match ended.output {
        Value::Null => String::new(),
        _ => serde_json::to_string_pretty(&ended.output).unwrap_or_default(),
    });
}

fn verdict(ended: &Ended, source: Option<&Source>, fail: bool, strict: bool) -> Exit {
    if ended.status != ExecutionStatus::Succeeded {
        return Exit::Failed;
    }
    let counted = |pointer: &String| {
        let number = ended.output.pointer(pointer).and_then(Value::as_u64);
        number.is_some_and(|number| number > 0)
    };
    let found = source.is_some_and(|source| source.findings.iter().any(counted));
    let holes = source.is_some_and(|source| source.holes.iter().any(counted));
    if found && (fail || strict) || holes && strict {
        return Exit::Failed;
    }
    Exit::Done
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_says_what_was_asked() {
        let case = &Source::find("drift-detection", None).unwrap();
        let in_sync = json!({"drifted": 0, "failed": 0, "coverage": {"notChecked": 0}});
        let drifted = json!({"drifted": 2});
        let failed = json!({"drifted": 0, "failed": 1});
        let unchecked = json!({"drifted": 0, "coverage": {"notChecked": 3}});
        // Output, and the exit codes without a flag, with `--fail`, with `--strict`.
        for (output, exits) in [
            (in_sync, [Exit::Done, Exit::Done, Exit::Done]),
            (drifted, [Exit::Done, Exit::Failed, Exit::Failed]),
            (failed, [Exit::Done, Exit::Done, Exit::Failed]),
            (unchecked, [Exit::Done, Exit::Done, Exit::Failed]),
        ] {
            let mut ended = Ended {
                status: ExecutionStatus::Succeeded,
                output,
                error: None,
                cause: None,
                duration: Duration::ZERO,
            };
            let flags = [(false, false), (true, false), (false, true)];
            for ((fail, strict), exit) in flags.into_iter().zip(exits) {
                assert_eq!(verdict(&ended, Some(case), fail, strict), exit, "{ended:?}");
                ended.status = ExecutionStatus::Failed;
                assert_eq!(verdict(&ended, Some(case), fail, strict), Exit::Failed);
                ended.status = ExecutionStatus::Succeeded;
            }
        }
    }
}
