//! `footwork run`

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionStatus;
use clap::Args;
use serde_json::{Value, json};
use tokio::task::block_in_place;

use super::deployment::DeploymentArgs;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::input::{self, InputArgs};
use crate::runs;
use crate::source::Source;
use crate::stack;
use crate::target::{Target, TargetArgs};
use crate::ui::{self, Mark, Ui, duration};
use crate::watch::{self, Containers, Ended, Progress, Watch, container_exit};

/// Runs a deployed workflow and watches it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(flatten)]
    input: InputArgs,
    /// Print what the container says, and exit as it does; with 125 where the run did not end by
    /// its exit
    #[arg(long, conflicts_with_all = ["fail", "strict", "detach"])]
    follow: bool,
    /// Exit with 1 when the run finds something, such as drift
    #[arg(long)]
    fail: bool,
    /// Like `--fail`, and exit with 1 also when something could not be looked at
    #[arg(long)]
    strict: bool,
    /// Watch no longer than this, such as `30m`, and exit with 3; the run goes on
    #[arg(long, value_name = "DURATION", value_parser = input::duration)]
    timeout: Option<Duration>,
    /// Start only; do not watch
    #[arg(long, conflicts_with_all = ["fail", "strict", "timeout"])]
    detach: bool,
}

const EXAMPLES: &str = "\
Examples:
  footwork run drift-detection --fail
  footwork run drift-detection --input '{\"stacks\": [\"shop-*\"]}'
  footwork run nightly-report --follow -- python report.py --day 2026-11-21
  footwork run nightly-report --detach --environment STAGE=prod --cpu 1024 --memory 4096
  footwork run nightly-report --array 0..9 --concurrency 5";

pub(super) async fn run(args: &RunArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let done = begin(args, target_args, ui).await;
    if args.follow {
        return done.map_err(not_the_container);
    }
    done
}

/// What we do not manage must not be taken for the container's exit.
pub(super) fn not_the_container(failure: Failure) -> Failure {
    match failure.exit {
        Exit::Misused | Exit::Failed => failure.exit(Exit::NotTheContainer),
        _ => failure,
    }
}

async fn begin(args: &RunArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed, name) = (opened.target, opened.deployed, opened.name);
    let source = source(opened.source, &deployed)?;
    if args.fail || args.strict {
        can_judge(source.as_ref(), &name)?;
    }
    // What is typed on stdin takes as long as it takes.
    let text = block_in_place(|| input::prepare(&args.input, source.as_ref(), ui))?;
    let execution = start(&target, &deployed, &text).await?;
    ui.mark(Mark::Going, &execution);
    if args.detach {
        ui.result(&json!({"executionArn": execution}), || execution.clone());
        ui.say(again(&target, &name, &execution, args.follow));
        return Ok(Exit::Done);
    }
    let watch = Watch::new(&target, &execution);
    let watch = if args.follow {
        // What one run says of it beats what was deployed.
        let input: Value = serde_json::from_str(&text).unwrap_or_default();
        let container = input.get("container").and_then(Value::as_str);
        watch.listening(Containers::new(container.or(deployed.container())))
    } else {
        watch
    };
    let watched = Watched {
        name: &name,
        follow: args.follow,
        timeout: args.timeout,
    };
    let Some(ended) = watched.until_end(&target, &execution, watch, ui).await? else {
        return Ok(Exit::StillRunning);
    };
    finish(&execution, &ended, args.follow, ui);
    if args.follow {
        return Ok(container_exit(&ended));
    }
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

/// How an execution is watched by a command that started it.
pub(super) struct Watched<'a> {
    /// Name of the deployment.
    pub(super) name: &'a str,
    /// Whether its containers are listened to.
    pub(super) follow: bool,
    /// How long it is watched.
    pub(super) timeout: Option<Duration>,
}

impl Watched<'_> {
    /// Watches until the end; `None` when that takes too long.
    pub(super) async fn until_end(
        &self,
        target: &Target,
        execution: &str,
        watch: Watch<'_>,
        ui: &Ui,
    ) -> Result<Option<Ended>> {
        let again = again(target, self.name, execution, self.follow);
        let goodbye = [
            "stopped watching; the run goes on".to_owned(),
            format!(
                "stop it: footwork stop {} --execution {}{}",
                self.name,
                runs::name(execution),
                target.flags
            ),
            again.clone(),
        ];
        ui.on_interrupt(&goodbye);
        let mut view = Progress::new(ui);
        let following = watch.until_end(&mut view);
        let ended = match self.timeout {
            None => following.await,
            Some(timeout) => match tokio::time::timeout(timeout, following).await {
                Ok(ended) => ended,
                Err(_) => {
                    drop(view);
                    goodbye.iter().for_each(|line| ui.say(line));
                    return Ok(None);
                }
            },
        };
        ended
            .map(Some)
            .map_err(|failure| failure.help(format!("the run goes on; {again}")))
    }
}

/// How to come back to a run.
fn again(target: &Target, name: &str, execution: &str, follow: bool) -> String {
    let (run, flags) = (runs::name(execution), &target.flags);
    if follow {
        return format!("watch it: footwork logs {name} --execution {run} --follow{flags}");
    }
    format!("watch it: footwork history {name} {run} --follow{flags}")
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

/// Says how it ended; the output is the result, unless stdout had what the container said.
pub(super) fn finish(execution: &str, ended: &Ended, follow: bool, ui: &Ui) {
    let took = duration(ended.duration);
    let text = |key: &str| ended.output.get(key).and_then(Value::as_str);
    if ended.status != ExecutionStatus::Succeeded {
        let status = ended.status.as_str().to_lowercase().replace('_', " ");
        ui.mark(Mark::Bad, format!("{status} after {took}"));
        let error = ui::plain(ended.error.as_deref().unwrap_or_default());
        let cause = watch::cause_in_words(ended.cause.as_deref().unwrap_or_default());
        let why = [error, cause].join(": ");
        if why != ": " {
            ui.say(format!("  {}", ui::shorten(&why, 2000)));
        }
    } else if text("status") == Some("SKIPPED") {
        let reason = ui::plain(text("reason").unwrap_or("no reason was given"));
        ui.mark(Mark::Note, format!("skipped: {reason}"));
    } else {
        ui.mark(Mark::Good, format!("succeeded in {took}"));
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
        _ if follow => String::new(),
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
