//! `footwork logs`

use std::time::Duration;

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType as Type};
use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::deployment::DeploymentArgs;
use super::run::{finish, not_the_container};
use crate::deployed::Deployed;
use crate::exit::Exit;
use crate::failure::Result;
use crate::target::{Target, TargetArgs};
use crate::ui::{Ui, plain, shorten};
use crate::watch::{self, Containers, Line, LogLine, View, Watch, container_exit};
use crate::{input, runs};

/// Shows what a run did and what its containers said, in the order of time.
///
/// With `--follow` it exits as `footwork run --follow` does.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LogsArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    /// Name or ARN of a run [default: the newest]
    #[arg(long, value_name = "RUN")]
    execution: Option<String>,
    /// Go on until the run ends
    #[arg(long)]
    follow: bool,
    /// Nothing older than this, such as `1h`; without `--execution`, of all runs since then
    #[arg(long, value_name = "DURATION", value_parser = input::duration)]
    since: Option<Duration>,
    /// No more than so many lines, the last ones
    #[arg(long, value_name = "LINES")]
    last: Option<usize>,
    /// The container to listen to [default: the one whose exit code counts]
    #[arg(long, value_name = "NAME")]
    container: Option<String>,
}

const EXAMPLES: &str = "\
Examples:
  footwork logs nightly-report --follow
  footwork logs nightly-report --since 24h --last 100
  footwork logs nightly-report --execution 4c1c6f7e-… --container proxy";

/// Runs that are looked through at the most, the newest.
const RUNS: i32 = 100;

pub(super) async fn run(args: &LogsArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let done = show(args, target_args, ui).await;
    if args.follow {
        return done.map_err(not_the_container);
    }
    done
}

async fn show(args: &LogsArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed) = (opened.target, opened.deployed);
    let oldest = args.since.map_or(i64::MIN, |since| {
        let now = Timestamp::now().as_millisecond();
        now.saturating_sub(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    });
    let container = args.container.as_deref().or(deployed.container());
    let mut entries = Vec::new();
    let mut newest = None;
    for execution in executions(args, &target, &deployed, oldest).await? {
        let mut containers = Containers::new(container);
        let events = watch::events_after(&target, &execution, 0).await?;
        events.iter().for_each(|event| containers.take(event));
        entries.extend(events.iter().filter_map(Entry::of_event));
        let lines = containers.read_all(&target).await?;
        entries.extend(lines.iter().map(Entry::of_line));
        for remark in containers.remarks() {
            ui.say(format!("! {remark}"));
        }
        newest = Some((execution, events, containers));
    }
    // Stable, so that what happened at one time keeps its order.
    entries.sort_by_key(|entry| entry.at);
    entries.retain(|entry| entry.at >= oldest);
    let first = args
        .last
        .map_or(0, |last| entries.len().saturating_sub(last));
    let entries = entries.get(first..).unwrap_or_default();
    let Some((execution, events, containers)) = newest.filter(|_| args.follow) else {
        let values: Value = entries.iter().map(Entry::value).collect();
        ui.result(&values, || {
            let lines: Vec<_> = entries.iter().map(Entry::text).collect();
            lines.join("\n")
        });
        return Ok(Exit::Done);
    };
    for entry in entries {
        ui.part(&entry.value(), || entry.text());
    }
    ui.on_interrupt(&["stopped watching; the run goes on".to_owned()]);
    let ended = match events.last() {
        Some(event) if watch::ends(event) => watch::ended(&target, &execution).await?,
        last => {
            let watch = Watch::new(&target, &execution)
                .after(last.map_or(0, HistoryEvent::id))
                .listening(containers);
            watch.until_end(&mut Follower { ui }).await?
        }
    };
    finish(&execution, &ended, true, &ui.talk_only());
    Ok(container_exit(&ended))
}

/// The runs that are meant, the newest last.
async fn executions(
    args: &LogsArgs,
    target: &Target,
    deployed: &Deployed,
    oldest: i64,
) -> Result<Vec<String>> {
    if args.execution.is_some() || args.since.is_none() || args.follow {
        let meant = runs::meant(target, deployed, args.execution.as_deref()).await?;
        return Ok(vec![meant]);
    }
    let runs = runs::newest(target, deployed.machine_arn()?, RUNS).await?;
    let since = runs.iter().filter(|run| {
        let end = run
            .stop_date()
            .map(|end| end.to_millis().unwrap_or(i64::MAX));
        end.is_none_or(|end| end >= oldest)
    });
    let since = since.map(|run| run.execution_arn().to_owned());
    Ok(since.rev().collect())
}

/// Somebody who reads everything as it comes.
struct Follower<'a> {
    ui: &'a Ui,
}

impl View for Follower<'_> {
    fn event(&mut self, event: &HistoryEvent) {
        if let Some(entry) = Entry::of_event(event) {
            self.ui.part(&entry.value(), || entry.text());
        }
    }

    fn line(&mut self, line: &LogLine) {
        let entry = Entry::of_line(line);
        self.ui.part(&entry.value(), || entry.text());
    }

    fn status(&mut self, _: String) {}

    fn remark(&mut self, remark: &str) {
        self.ui.say(format!("! {remark}"));
    }
}

/// A line of the result.
#[derive(Debug, PartialEq)]
struct Entry {
    /// Milliseconds since 1970.
    at: i64,
    /// Container that said it; none for what the run did.
    container: Option<String>,
    text: String,
}

impl Entry {
    fn of_line(line: &LogLine) -> Self {
        Self {
            at: line.at,
            container: Some(line.container.clone()),
            text: line.text.clone(),
        }
    }

    /// What an event says; nothing for those that only say that something went its way.
    fn of_event(event: &HistoryEvent) -> Option<Self> {
        let text = match (event.r#type(), watch::describe(event)) {
            (Type::ExecutionStarted, _) => "started".to_owned(),
            (Type::ExecutionRedriven, _) => "started again where it failed".to_owned(),
            (Type::ExecutionSucceeded, _) => "succeeded".to_owned(),
            (Type::ExecutionTimedOut, _) => "timed out".to_owned(),
            (Type::ExecutionAborted, _) => {
                let details = event.execution_aborted_event_details();
                let cause = details.and_then(|details| details.cause());
                format!("stopped: {}", plain(cause.unwrap_or("no reason was given")))
            }
            (Type::ExecutionFailed, Line::Failed(error, cause)) => {
                format!("failed: {error}: {cause}")
            }
            (_, Line::Entered(name)) => name,
            (_, Line::Failed(error, cause)) => format!("{error}: {}", shorten(&cause, 300)),
            (_, Line::Exited(_) | Line::MapRun(_) | Line::Other) => return None,
        };
        Some(Self {
            at: event.timestamp().to_millis().unwrap_or_default(),
            container: None,
            text,
        })
    }

    fn time(&self) -> String {
        let time = Timestamp::from_millisecond(self.at).unwrap_or_default();
        time.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
    }

    fn text(&self) -> String {
        // What the run did is set off from what was said.
        match &self.container {
            Some(container) => format!("{}  {container}  {}", self.time(), self.text),
            None => format!("{}  * {}", self.time(), self.text),
        }
    }

    fn value(&self) -> Value {
        json!({
            "time": self.time(),
            "kind": if self.container.is_some() { "log" } else { "state" },
            "container": self.container,
            "text": self.text,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sfn::primitives::DateTime;
    use aws_sdk_sfn::types::{ExecutionFailedEventDetails, StateEnteredEventDetails};

    #[test]
    fn events_and_lines_read_alike() {
        let event = |kind| {
            HistoryEvent::builder()
                .timestamp(DateTime::from_millis(1_795_374_392_886))
                .r#type(kind)
                .id(1)
        };
        let entered = StateEnteredEventDetails::builder().name("Run").build();
        let entered = event(Type::TaskStateEntered).state_entered_event_details(entered.unwrap());
        let failed = ExecutionFailedEventDetails::builder()
            .error("Job.Exit.3")
            .cause("the container exited with 3");
        let failed = event(Type::ExecutionFailed).execution_failed_event_details(failed.build());
        for (event, wanted) in [
            (entered, "2026-11-22T19:06:32.886Z  * Run"),
            (
                failed,
                "2026-11-22T19:06:32.886Z  * failed: Job.Exit.3: the container exited with 3",
            ),
        ] {
            let entry = Entry::of_event(&event.build().unwrap()).unwrap();
            assert_eq!(entry.text(), wanted);
        }
        let line = LogLine {
            at: 1_795_374_392_886,
            container: "job".to_owned(),
            task: "1".to_owned(),
            text: "hi".to_owned(),
        };
        assert_eq!(
            Entry::of_line(&line).text(),
            "2026-11-22T19:06:32.886Z  job  hi"
        );
        assert_eq!(Entry::of_line(&line).value()["kind"], json!("log"));
        let boring = event(Type::LambdaFunctionStarted).build().unwrap();
        assert_eq!(Entry::of_event(&boring), None);
    }
}
