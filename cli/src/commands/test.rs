//! `footwork test`

use std::path::PathBuf;
use std::time::Instant;

use cases::Options;
use clap::Args;

use crate::casebook::{self, Played, Report};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::ui::Ui;

/// Plays the cases of workflows: no AWS, no functions, no waiting.
///
/// A case is a folder in `cases` beside `workflow.asl.json`: `input.json`, `world.json` with what
/// every task answers, `expected.json`, and `case.json` for settings. The `MockConfigFile.json` of
/// Step Functions Local is played too.
#[derive(Debug, Args)]
pub struct TestArgs {
    /// Shipped workflows by name, folders with workflows, definitions, single cases, or a
    /// MockConfigFile.json
    #[arg(default_value = ".")]
    paths: Vec<PathBuf>,
    /// Only cases whose name contains this
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Write what happened over what was expected
    #[arg(long)]
    update: bool,
    /// Fail when a state, transition, Retry or Catch is not tried by any case
    #[arg(long)]
    strict: bool,
    /// Take results in `world.json` as they are, whatever the APIs answer
    #[arg(long)]
    no_check: bool,
    /// Write a JUnit report
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Play again whenever a file changes
    #[arg(long, conflicts_with = "update")]
    watch: bool,
}

pub(super) async fn run(args: &TestArgs, ui: &Ui) -> Result<Exit> {
    let shipped = args.paths.iter().find_map(|path| casebook::shipped(path));
    if let (true, Some(case)) = (args.update, shipped) {
        return Err(Failure::new(format!(
            "what is expected of the shipped `{}` cannot be written",
            case.name
        ))
        .help(format!("make it yours with `footwork init {}`", case.name)));
    }
    if !args.watch {
        return once(args, ui);
    }
    let mut watch = casebook::Watch::new(&args.paths);
    loop {
        // A file may be half written: what is wrong is said, and the next change is waited for.
        if let Err(failure) = once(args, ui) {
            ui.failure(&failure);
        }
        ui.say("\nwaiting for changes (Ctrl-C ends)");
        watch.changed().await;
    }
}

fn once(args: &TestArgs, ui: &Ui) -> Result<Exit> {
    let began = Instant::now();
    let report = play(args)?;
    let took = began.elapsed();
    if args.update {
        let updated = update(&report)?;
        ui.say(format!(
            "{updated} of {} expectations written",
            report.runs().count()
        ));
    }
    if let Some(file) = &args.junit {
        std::fs::write(file, casebook::junit(&report))
            .map_err(|error| Failure::io(format!("write {}", file.display()), &error))?;
    }
    ui.result(&casebook::json(&report), || casebook::text(&report, took));
    Ok(if !report.faults.is_empty() {
        Exit::Misused
    } else if args.update {
        Exit::Done
    } else if report.failed() > 0 || (args.strict && report.has_gaps()) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn play(args: &TestArgs) -> Result<Report> {
    let (suites, mut faults) = casebook::suites(&args.paths);
    let options = Options {
        check_results: !args.no_check,
    };
    let mut played = Vec::new();
    for mut suite in suites {
        if let Some(only) = &args.only {
            suite.cases.retain(|case| case.name.contains(only));
        }
        let (runs, more) = casebook::play(&suite, options)?;
        faults.extend(more);
        played.push(Played::new(suite.workflow, runs));
    }
    if let (Some(only), true) = (&args.only, faults.is_empty())
        && played.iter().all(|suite| suite.runs.is_empty())
    {
        return Err(Failure::new(format!("no case is called like `{only}`")));
    }
    Ok(Report {
        suites: played,
        faults,
        whole: args.only.is_none(),
    })
}

fn update(report: &Report) -> Result<usize> {
    let mut updated = 0;
    for run in report.runs() {
        let changed = run
            .update()
            .map_err(|fault| Failure::new(fault.to_string()))?;
        updated += usize::from(changed);
    }
    Ok(updated)
}
