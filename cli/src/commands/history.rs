//! `footwork history`

use std::time::Duration;

use aws_sdk_sfn::types::ExecutionListItem;
use clap::Args;
use serde_json::{Value, json};

use super::run::finish;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::{Target, TargetArgs};
use crate::ui::{Ui, duration, table};
use crate::watch;

/// Shows the runs of a deployment, or the events of one run.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Name of the deployment
    name: String,
    /// Name or ARN of a run, whose events are shown
    execution: Option<String>,
    /// How many runs to show at the most
    #[arg(long, default_value_t = 20)]
    last: i32,
    /// Watch the run (without its name: the newest) until it ends
    #[arg(long)]
    follow: bool,
}

pub(super) async fn run(args: &HistoryArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let target = target_args.connect(ui).await?;
    let deployed = Deployed::find(&target, &args.name, &target_args.flags()).await?;
    let runs = runs(&target, deployed.machine_arn()?, args.last).await?;
    let chosen = match &args.execution {
        Some(name) => Some(chosen(&runs, name)?),
        None if args.follow => Some(
            runs.first()
                .ok_or_else(|| Failure::new(format!("`{}` never ran", args.name)))?,
        ),
        None => None,
    };
    match chosen {
        None => list(&runs, ui),
        Some(run) if args.follow => {
            let Some(ended) = watch::follow(&target, run.execution_arn(), ui).await? else {
                return Ok(Exit::Interrupted);
            };
            finish(run.execution_arn(), &ended, ui);
        }
        Some(run) => events(&target, run.execution_arn(), ui).await?,
    }
    Ok(Exit::Done)
}

async fn runs(target: &Target, machine: &str, most: i32) -> Result<Vec<ExecutionListItem>> {
    let list = target
        .sfn
        .list_executions()
        .state_machine_arn(machine)
        .max_results(most.clamp(1, 1000));
    let found = list
        .send()
        .await
        .map_err(|error| Failure::aws("list the runs", error))?;
    Ok(found.executions)
}

fn chosen<'a>(runs: &'a [ExecutionListItem], name: &str) -> Result<&'a ExecutionListItem> {
    let found = runs
        .iter()
        .find(|run| run.name() == name || run.execution_arn() == name);
    found.ok_or_else(|| {
        Failure::new(format!(
            "there is no run `{name}` among the last {}",
            runs.len()
        ))
        .help("show more with `--last`")
    })
}

fn list(runs: &[ExecutionListItem], ui: &Ui) {
    let values = runs.iter().map(|run| {
        json!({
            "name": run.name(),
            "executionArn": run.execution_arn(),
            "status": run.status().as_str(),
            "startDate": run.start_date().to_string(),
            "stopDate": run.stop_date().map(ToString::to_string),
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
                run.start_date().to_string(),
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
            "timestamp": event.timestamp().to_string(),
            "type": event.r#type().as_str(),
        })
    });
    ui.result(&values.collect::<Value>(), || {
        let rows = events.iter().map(|event| {
            let what = match watch::describe(event) {
                watch::Line::Entered(name) | watch::Line::Exited(name) => name,
                watch::Line::Failed(error, cause) => format!("{error}: {cause}"),
                watch::Line::MapRun(arn) => arn,
                watch::Line::Other => String::new(),
            };
            [
                event.id().to_string(),
                event.timestamp().to_string(),
                event.r#type().as_str().to_owned(),
                what,
            ]
        });
        table(["ID", "TIME", "EVENT", "WHAT"], rows)
    });
    Ok(())
}
