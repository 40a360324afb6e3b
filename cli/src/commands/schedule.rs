//! `footwork schedule`

use clap::{Args, Subcommand, value_parser};
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};

use super::deployment::DeploymentArgs;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::schedules::{self, Schedule};
use crate::target::{Target, TargetArgs};
use crate::ui::{Mark, Ui, plain, table};

/// Shows the schedules of a deployment, pauses them, lets them go on.
///
/// To run once now is `footwork run`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ScheduleArgs {
    #[command(flatten)]
    deployment: DeploymentArgs,
    #[command(subcommand)]
    action: Option<Action>,
    /// Only the schedule of this name
    #[arg(long, global = true, value_name = "NAME")]
    only: Option<String>,
}

#[derive(Debug, Clone, Copy, Subcommand)]
enum Action {
    /// Show the schedules [default]
    List,
    /// Start nothing until `resume`
    Pause,
    /// Go on
    Resume,
    /// Show the next times
    Next {
        /// How many
        #[arg(default_value_t = 5, value_parser = value_parser!(u16).range(1..=1000))]
        number: u16,
    },
}

const EXAMPLES: &str = "\
Examples:
  footwork schedule nightly-report
  footwork schedule nightly-report next 10
  footwork schedule nightly-report pause --only second";

pub(super) async fn run(args: &ScheduleArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let opened = args.deployment.open(target_args, ui).await?;
    let (target, deployed, name) = (opened.target, opened.deployed, opened.name);
    let all = schedules::of(&target, &deployed).await?;
    let schedules = only(&all, args.only.as_deref())?;
    if schedules.is_empty() {
        ui.mark(Mark::Note, format!("`{}` has no schedule", name));
        ui.result(&json!([]), String::new);
        return Ok(Exit::Done);
    }
    match args.action {
        None | Some(Action::List) => list(&schedules, ui),
        Some(Action::Next { number }) => next(&schedules, number.into(), ui),
        Some(Action::Pause) => enable(&target, &schedules, false, ui).await?,
        Some(Action::Resume) => enable(&target, &schedules, true, ui).await?,
    }
    Ok(Exit::Done)
}

fn only<'a>(all: &'a [Schedule], name: Option<&str>) -> Result<Vec<&'a Schedule>> {
    let Some(name) = name else {
        return Ok(all.iter().collect());
    };
    let found: Vec<_> = all.iter().filter(|one| one.name() == name).collect();
    if found.is_empty() {
        let names: Vec<_> = all.iter().map(Schedule::name).collect();
        let failure = Failure::new(format!("there is no schedule `{}`", plain(name)));
        return Err(failure.help(format!("there are `{}`", names.join("`, `"))));
    }
    Ok(found)
}

fn list(schedules: &[&Schedule], ui: &Ui) {
    let now = Timestamp::now();
    let values = schedules.iter().map(|schedule| value(schedule, now));
    ui.result(&values.collect::<Value>(), || {
        let head = ["NAME", "SCHEDULE", "TIME ZONE", "STATE", "NEXT"];
        table(head, schedules.iter().map(|schedule| line(schedule, now)))
    });
}

fn value(schedule: &Schedule, now: Timestamp) -> Value {
    let next = schedule.next(now, 1);
    let next = next.first().filter(|_| schedule.enabled());
    json!({
        "name": schedule.name(),
        "expression": schedule.expression(),
        "timeZone": schedule.zone(),
        "enabled": schedule.enabled(),
        "windowMinutes": schedule.window(),
        "next": next.map(|next| next.timestamp().to_string()),
    })
}

fn line(schedule: &Schedule, now: Timestamp) -> [String; 5] {
    let next = schedule.next(now, 1);
    let next = match (schedule.enabled(), next.first()) {
        (false, _) => String::new(),
        (true, None) => "never again".to_owned(),
        (true, Some(next)) => match schedule.window() {
            Some(minutes) => format!("{}, within {minutes} min", there(next)),
            None => there(next),
        },
    };
    [
        schedule.name().to_owned(),
        schedule.expression().to_owned(),
        schedule.zone().to_owned(),
        if schedule.enabled() {
            "enabled"
        } else {
            "paused"
        }
        .to_owned(),
        next,
    ]
}

/// A time on the clock of its zone.
fn there(time: &Zoned) -> String {
    time.strftime("%Y-%m-%d %H:%M %:z").to_string()
}

fn next(schedules: &[&Schedule], most: usize, ui: &Ui) {
    let now = Timestamp::now();
    let times = upcoming(schedules, now, most);
    let values = times.iter().map(|(schedule, time)| {
        json!({
            "time": time.timestamp().to_string(),
            "schedule": schedule.name(),
            "timeZone": schedule.zone(),
        })
    });
    ui.result(&values.collect::<Value>(), || {
        let rows = times.iter().map(|(schedule, time)| {
            [
                time.timestamp().to_string(),
                there(time),
                schedule.zone().to_owned(),
                schedule.name().to_owned(),
            ]
        });
        table(["TIME", "THERE", "TIME ZONE", "SCHEDULE"], rows)
    });
    for paused in schedules.iter().filter(|schedule| !schedule.enabled()) {
        ui.mark(Mark::Note, format!("`{}` is paused", paused.name()));
    }
}

/// The next times of all schedules that are not paused, in order.
fn upcoming<'a>(
    schedules: &[&'a Schedule],
    now: Timestamp,
    most: usize,
) -> Vec<(&'a Schedule, Zoned)> {
    let enabled = schedules.iter().filter(|schedule| schedule.enabled());
    let mut times: Vec<_> = enabled
        .flat_map(|schedule| {
            let times = schedule.next(now, most).into_iter();
            times.map(move |time| (*schedule, time))
        })
        .collect();
    times.sort_by_key(|(_, time)| time.timestamp());
    times.truncate(most);
    times
}

async fn enable(target: &Target, schedules: &[&Schedule], enabled: bool, ui: &Ui) -> Result<()> {
    let (doing, done) = match enabled {
        true => ("goes on", "enabled"),
        false => ("is paused", "paused"),
    };
    for schedule in schedules {
        let name = schedule.name();
        if schedule.enabled() == enabled {
            ui.mark(Mark::Note, format!("`{name}` was {done} already"));
            continue;
        }
        schedule.enable(target, enabled).await?;
        ui.mark(Mark::Good, format!("`{name}` {doing}"));
    }
    let values = schedules
        .iter()
        .map(|schedule| json!({"name": schedule.name(), "enabled": enabled}));
    ui.result(&values.collect::<Value>(), String::new);
    if !enabled {
        ui.say("a deployment that changes a schedule sets it as its parameters say");
    }
    Ok(())
}
