//! `footwork history`

use std::time::Duration;

use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use clap::{Args, value_parser};
use serde_json::{Value, json};

use super::deployment::DeploymentArgs;
use super::run::finish;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::{Target, TargetArgs};
use crate::ui::{Ui, duration, moment, shorten, table, time};
use crate::{record, runs, watch};

/// Shows the runs of a deployment, or the events of one run.
///
/// Of a job also attempts, exit codes, what started the runs, and those that were skipped.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    /// Name or ARN of a run, whose events are shown
    execution: Option<String>,
    /// How many runs to show at the most, 1 to 1000
    #[arg(long, default_value_t = 20, value_parser = value_parser!(i32).range(1..=1000))]
    last: i32,
    /// Watch the run (without its name: the newest) until it ends
    #[arg(long)]
    follow: bool,
}

pub(super) async fn run(args: &HistoryArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed) = (opened.target, opened.deployed);
    if args.execution.is_none() && !args.follow {
        list(&target, &deployed, args.last, ui).await?;
        return Ok(Exit::Done);
    }
    let execution = runs::meant(&target, &deployed, args.execution.as_deref()).await?;
    let lost = |failure: Failure| {
        let (name, flags) = (&opened.name, &target.flags);
        failure.help(format!("`footwork history {name}{flags}` lists its runs"))
    };
    if !args.follow {
        events(&target, &execution, ui).await.map_err(lost)?;
        return Ok(Exit::Done);
    }
    ui.on_interrupt(&["stopped watching; the run goes on".to_owned()]);
    let ended = watch::follow(&target, &execution, ui).await;
    let ended = ended.map_err(lost)?;
    finish(&execution, &ended, false, ui);
    Ok(if ended.status == ExecutionStatus::Succeeded {
        Exit::Done
    } else {
        Exit::Failed
    })
}

async fn list(target: &Target, deployed: &Deployed, most: i32, ui: &Ui) -> Result<()> {
    let machine = deployed.machine_arn()?;
    if let Some(table) = deployed.history_table() {
        let rows = record::last(target, table, machine, most).await?;
        ui.result(&json!(rows), || record::in_words(&rows));
        return Ok(());
    }
    show(&runs::newest(target, machine, most).await?, ui);
    Ok(())
}

fn show(runs: &[ExecutionListItem], ui: &Ui) {
    let values = runs.iter().map(|run| {
        json!({
            "name": run.name(),
            "executionArn": run.execution_arn(),
            "status": run.status().as_str(),
            "startDate": time(run.start_date()),
            "stopDate": run.stop_date().map(time),
        })
    });
    ui.result(&values.collect::<Value>(), || {
        let rows = runs.iter().map(|run| {
            let from = run.start_date().as_secs_f64();
            let took = run
                .stop_date()
                .map(|to| Duration::try_from_secs_f64(to.as_secs_f64() - from).unwrap_or_default());
            let took = took.map_or_else(|| "running".to_owned(), duration);
            [
                moment(run.start_date()),
                run.status().as_str().to_owned(),
                took,
                run.name().to_owned(),
            ]
        });
        table(["STARTED", "STATUS", "TOOK", "NAME"], rows)
    });
}

async fn events(target: &Target, execution: &str, ui: &Ui) -> Result<()> {
    let events = watch::events_after(target, execution, 0).await?;
    let values = events.iter().map(|event| {
        json!({
            "id": event.id(),
            "previousEventId": event.previous_event_id(),
            "timestamp": time(event.timestamp()),
            "type": event.r#type().as_str(),
        })
    });
    ui.result(&values.collect::<Value>(), || {
        let rows = events.iter().map(|event| {
            let what = match watch::describe(event) {
                watch::Line::Entered(name) | watch::Line::Exited(name) => name,
                watch::Line::Failed(error, cause) => format!("{error}: {}", shorten(&cause, 300)),
                watch::Line::MapRun(arn) => arn,
                watch::Line::Other => String::new(),
            };
            [
                event.id().to_string(),
                time(event.timestamp()),
                event.r#type().as_str().to_owned(),
                what,
            ]
        });
        table(["ID", "TIME", "EVENT", "WHAT"], rows)
    });
    Ok(())
}
