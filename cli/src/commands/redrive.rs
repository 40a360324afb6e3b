//! `footwork redrive`

use std::time::Duration;

use aws_sdk_sfn::types::{ExecutionRedriveStatus, ExecutionStatus};
use clap::Args;
use serde_json::json;
use uuid::Uuid;

use super::deployment::DeploymentArgs;
use super::run::{Watched, finish, not_the_container};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::{Target, TargetArgs};
use crate::ui::{Mark, Ui, plain};
use crate::watch::{self, Containers, Watch, container_exit};
use crate::{input, runs};

/// Starts a run again where it failed; what succeeded is not done again.
#[derive(Debug, Args)]
pub struct RedriveArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    /// Name or ARN of the run [default: the newest]
    #[arg(long, value_name = "RUN")]
    execution: Option<String>,
    /// Print what the container says, and exit as it does; with 125 where the run did not end by
    /// its exit
    #[arg(long, conflicts_with = "detach")]
    follow: bool,
    /// Watch no longer than this, such as `30m`, and exit with 3; the run goes on
    #[arg(long, value_name = "DURATION", value_parser = input::duration)]
    timeout: Option<Duration>,
    /// Start only; do not watch
    #[arg(long, conflicts_with = "timeout")]
    detach: bool,
}

pub(super) async fn run(args: &RedriveArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let done = redrive(args, target_args, ui).await;
    if args.follow {
        return done.map_err(not_the_container);
    }
    done
}

async fn redrive(args: &RedriveArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed, name) = (opened.target, opened.deployed, opened.name);
    let execution = runs::meant(&target, &deployed, args.execution.as_deref()).await?;
    check(&target, &execution).await?;
    let events = watch::events_after(&target, &execution, 0).await?;
    let last = events.last().map_or(0, |event| event.id());
    let redrive = target.sfn.redrive_execution().execution_arn(&execution);
    let redriven = redrive
        .client_token(Uuid::new_v4().to_string())
        .send()
        .await;
    redriven.map_err(|error| Failure::aws("redrive the run", error))?;
    ui.mark(Mark::Going, &execution);
    if args.detach {
        ui.result(&json!({"executionArn": execution}), || execution.clone());
        return Ok(Exit::Done);
    }
    let mut watch = Watch::new(&target, &execution).after(last);
    if args.follow {
        watch = watch.listening(Containers::new(deployed.container()));
    }
    let watched = Watched {
        name: &name,
        follow: args.follow,
        timeout: args.timeout,
    };
    let Some(ended) = watched.until_end(&target, &execution, watch, ui).await? else {
        return Ok(Exit::StillRunning);
    };
    finish(&execution, &ended, args.follow, ui);
    Ok(match ended.status {
        _ if args.follow => container_exit(&ended),
        ExecutionStatus::Succeeded => Exit::Done,
        _ => Exit::Failed,
    })
}

/// Refuses what Step Functions would refuse, with its reason.
async fn check(target: &Target, execution: &str) -> Result<()> {
    let found = target.sfn.describe_execution().execution_arn(execution);
    let found = found.send().await;
    let found = found.map_err(|error| Failure::aws("read the run", error))?;
    if found.redrive_status() != Some(&ExecutionRedriveStatus::NotRedrivable) {
        return Ok(());
    }
    let reason = found
        .redrive_status_reason()
        .unwrap_or("it does not say why");
    Err(Failure::new(format!(
        "the run {} cannot be redriven: {}",
        runs::name(execution),
        plain(reason)
    ))
    .help("`footwork run` starts a new one"))
}
