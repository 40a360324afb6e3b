//! `footwork history`

use std::time::Duration;

use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};
use clap::{Args, value_parser};
use serde_json::{Value, json};

use super::run::finish;
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::source::Named;
use crate::target::{Target, TargetArgs};
use crate::ui::{Ui, duration, moment, shorten, table, time};
use crate::watch;

/// Shows the runs of a deployment, or the events of one run.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Name of the deployment, or the directory that it was deployed from
    name: String,
    /// Environment of the directory's footwork.toml
    #[arg(long, value_name = "NAME")]
    env: Option<String>,
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
    let named = Named::find(&args.name, args.env.as_deref())?;
    let target = target_args.at(named.environment()).connect(ui).await?;
    let deployed = Deployed::find(&target, &named.name).await?;
    let machine = deployed.machine_arn()?;
    let execution = match &args.execution {
        Some(name) => name_to_arn(machine, name),
        None => {
            let runs = runs(&target, machine, args.last).await?;
            if !args.follow {
                list(&runs, ui);
                return Ok(Exit::Done);
            }
            let newest = runs.first().map(|run| run.execution_arn().to_owned());
            newest.ok_or_else(|| Failure::new(format!("`{}` never ran", named.name)))?
        }
    };
    let lost = |failure: Failure| {
        let (name, flags) = (&named.name, &target.flags);
        failure.help(format!("`footwork history {name}{flags}` lists its runs"))
    };
    if !args.follow {
        events(&target, &execution, ui).await.map_err(lost)?;
        return Ok(Exit::Done);
    }
    ui.on_interrupt(&["stopped watching; the run goes on".to_owned()]);
    let ended = watch::follow(&target, &execution, ui).await;
    let ended = ended.map_err(lost)?;
    finish(&execution, &ended, ui);
    Ok(if ended.status == ExecutionStatus::Succeeded {
        Exit::Done
    } else {
        Exit::Failed
    })
}

/// ARN of a run by its name, which may be its ARN already.
fn name_to_arn(machine: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    format!(
        "{}:{name}",
        machine.replace(":stateMachine:", ":execution:")
    )
}

async fn runs(target: &Target, machine: &str, most: i32) -> Result<Vec<ExecutionListItem>> {
    let list = target
        .sfn
        .list_executions()
        .state_machine_arn(machine)
        .max_results(most);
    let found = list
        .send()
        .await
        .map_err(|error| Failure::aws("list the runs", error))?;
    Ok(found.executions)
}

fn list(runs: &[ExecutionListItem], ui: &Ui) {
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
