//! `footwork cost`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cases::{Bill, Options, Run};
use clap::Args;
use serde_json::{Value, json};

use crate::casebook;
use crate::cost::prices::Prices;
use crate::cost::worst::Worst;
use crate::cost::{self, Tariff};
use crate::definition;
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::target::TargetArgs;
use crate::ui::{Mark, Ui, suggest};

/// Tells what runs of a workflow cost: of its cases, of an execution, and at the most.
///
/// What AWS Step Functions bills, without what the tasks call, and before the free tier. Prices are
/// those of `--region`, else of us-east-1. Only `--execution` asks AWS.
#[derive(Debug, Args)]
pub struct CostArgs {
    /// Name of a shipped workflow, a folder with one, or a definition
    #[arg(default_value = ".", conflicts_with = "execution")]
    workflow: String,
    /// One case, by its states
    #[arg(long, value_name = "NAME", conflicts_with = "execution")]
    case: Option<String>,
    /// An execution, by its states, the children of distributed Maps included
    #[arg(long, value_name = "ARN")]
    execution: Option<String>,
    /// Children to read of each distributed Map; the others are taken to be like them
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 1000,
        requires = "execution"
    )]
    children: usize,
    /// Tell the cost of a month too
    #[arg(long, value_name = "RUNS")]
    runs_per_month: Option<u64>,
    /// A number for an unknown of the formula, by its letter or its state; can be given several
    /// times
    #[arg(long = "set", value_name = "NAME=NUMBER", conflicts_with_all = ["execution", "case"])]
    values: Vec<String>,
    /// Take the workflow for an Express workflow
    #[arg(long, conflicts_with = "execution")]
    express: bool,
    /// Memory that Express executions are taken to use; AWS bills steps of 64
    #[arg(long, value_name = "MB", default_value_t = 64)]
    memory: u32,
    /// Prices of your own, in the form of `prices` in `-o json`
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

pub(super) async fn run(args: &CostArgs, target_args: &TargetArgs, ui: &Ui) -> Result<Exit> {
    let prices = Prices::read(args.prices.as_deref())?;
    let tariff = |region: &str| Tariff::of(&prices, region, args.memory, args.runs_per_month);
    if let Some(arn) = &args.execution {
        let region = arn.split(':').nth(3).unwrap_or_default();
        let tariff = tariff(target_args.region().unwrap_or(region))?;
        of_execution(arn, args, &tariff, target_args, ui).await?;
        return Ok(Exit::Done);
    }
    let tariff = tariff(target_args.region().unwrap_or("us-east-1"))?;
    let definition = definition::read(&args.workflow)?;
    let runs = runs(args)?;
    if let Some(name) = &args.case {
        let found = runs.iter().find(|(known, _)| known == name);
        let Some((name, bill)) = found else {
            let near = suggest(name, runs.iter().map(|(known, _)| known.as_str()));
            let failure = Failure::new(format!("there is no case `{name}`"));
            return Err(match near {
                Some(near) => failure.help(format!("did you mean `{near}`?")),
                None => failure.help("`footwork cost` without `--case` lists all"),
            });
        };
        let value = cost::run_json(name, bill, &tariff);
        ui.result(&value, || cost::run_text(bill, &tariff));
        return Ok(Exit::Done);
    }
    let worst = if args.express {
        None
    } else {
        Some(cost::worst::of(&definition.value)?)
    };
    let values = match &worst {
        Some(worst) => values(&args.values, worst)?,
        None => BTreeMap::new(),
    };
    let value = json!({
        "workflow": definition.name,
        "region": tariff.region,
        "prices": {
            "source": prices.source,
            "collected": prices.collected,
            "currency": prices.currency,
            "transition": {&tariff.region: tariff.transition},
            "express": match tariff.express {
                Some(price) => json!({&tariff.region: {
                    "request": price.request,
                    "gigabyteSecond": price.gigabyte_second,
                }}),
                None => json!({}),
            },
        },
        "cases": runs.iter().map(|(name, bill)| cost::run_json(name, bill, &tariff)).collect::<Value>(),
        "formula": worst.as_ref().map(|worst| cost::formula_json(worst, &values, &tariff)),
    });
    ui.result(&value, || {
        let cases = (!runs.is_empty()).then(|| cost::runs_text(&runs, &tariff));
        let formula = worst.as_ref();
        let formula = formula.map(|worst| cost::formula_text(worst, &values, &tariff));
        let parts: Vec<_> = cases.into_iter().chain(formula).collect();
        parts.join("\n\n")
    });
    ui.say(format!(
        "\n{}: {} USD for 1,000 state transitions ({})",
        tariff.region,
        cost::prices::money(tariff.transition * 1000.0),
        prices.collected
    ));
    Ok(Exit::Done)
}

/// The cases of the workflow, played.
fn runs(args: &CostArgs) -> Result<Vec<(String, Bill)>> {
    let path = PathBuf::from(&args.workflow);
    let folder = if path.is_dir() {
        path.as_path()
    } else {
        path.parent().unwrap_or(Path::new("."))
    };
    let shipped = casebook::shipped(&path).is_some();
    if !shipped && (args.workflow == "-" || !folder.join("cases").is_dir()) {
        return Ok(Vec::new());
    }
    let (suites, mut faults) = casebook::suites(&[path]);
    let mut runs = Vec::new();
    for suite in &suites {
        // A state alone is no run.
        let whole = suite
            .cases
            .iter()
            .filter(|case| case.settings.state.is_none());
        for case in whole {
            let mut case = case.clone();
            if args.express {
                case.settings.kind = asl::Kind::Express;
            }
            match Run::of(&suite.workflow, &case, Options::default()) {
                Ok(run) => runs.push((run.name, run.bill)),
                Err(more) => faults.extend(more),
            }
        }
    }
    if faults.is_empty() {
        return Ok(runs);
    }
    let faults: Vec<_> = faults.iter().map(ToString::to_string).collect();
    Err(Failure::new(format!(
        "some cases cannot be played:\n  - {}",
        faults.join("\n  - ")
    )))
}

/// The numbers that were given, by unknown.
fn values(given: &[String], worst: &Worst) -> Result<BTreeMap<usize, u64>> {
    let letters = cost::letters(&worst.unknowns);
    let mut values = BTreeMap::new();
    let mut faults = Vec::new();
    for argument in given {
        let parts = argument.rsplit_once('=');
        let parts = parts.and_then(|(name, number)| Some((name, number.parse().ok()?)));
        let Some((name, number)) = parts else {
            faults.push(format!("`{argument}` is not of the form name=number"));
            continue;
        };
        let of_state = |index: &usize| {
            let unknown = worst.unknowns.get(*index);
            unknown.is_some_and(|unknown| unknown.state == name)
        };
        let by_letter = letters.iter().position(|letter| letter == name);
        let found = by_letter.or_else(|| (0..letters.len()).find(of_state));
        match found {
            Some(index) => {
                values.insert(index, number);
            }
            None => faults.push(format!("the formula has no unknown `{name}`")),
        }
    }
    if faults.is_empty() {
        return Ok(values);
    }
    let names = letters.iter().zip(&worst.unknowns);
    let names: Vec<_> = names
        .map(|(letter, unknown)| format!("{letter} or '{}'", unknown.state))
        .collect();
    Err(Failure::new(faults.join(", ")).help(format!("it has: {}", names.join(", "))))
}

async fn of_execution(
    arn: &str,
    args: &CostArgs,
    tariff: &Tariff,
    target_args: &TargetArgs,
    ui: &Ui,
) -> Result<()> {
    let target = target_args.connect(ui).await?;
    let measured = cost::execution(&target, arn, args.children).await?;
    let mut value = cost::run_json(arn, &measured.bill, tariff);
    if let Some(members) = value.as_object_mut() {
        members.insert("children".to_owned(), measured.children.into());
        members.insert("childrenRead".to_owned(), measured.read.into());
        members.insert("ended".to_owned(), measured.ended.into());
    }
    ui.result(&value, || cost::run_text(&measured.bill, tariff));
    if !measured.ended {
        ui.mark(Mark::Note, "the execution goes on; this is its cost so far");
    }
    if measured.read < measured.children {
        ui.mark(
            Mark::Note,
            format!(
                "an estimate: {} of {} children were read; more with `--children`",
                measured.read, measured.children
            ),
        );
    }
    Ok(())
}
