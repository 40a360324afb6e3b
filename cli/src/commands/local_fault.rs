//! `footwork local fault`

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::local::PortArgs;
use crate::exit::Exit;
use crate::failure::Result;
use crate::local::{self, Given};
use crate::ui::{Mark, Ui, plain, table};

/// What to do with faults.
#[derive(Debug, Subcommand)]
pub enum FaultCommand {
    /// Ask for one more
    Add(AddArgs),
    /// Show those that hold, and how often each was used
    List(PortArgs),
    /// Take one back, or all
    Clear(ClearArgs),
}

/// A fault.
#[derive(Debug, Args)]
pub struct AddArgs {
    /// Where: an operation (`ecs:RunTask`), all of a service (`dynamodb:*`), or what happens to a
    /// task (`ecs:pull`, `ecs:capacity`, `ecs:start`, `ecs:memory`, `ecs:spot`)
    at: String,
    /// Only where this text occurs in the call's parameters, written as JSON, or in the task
    #[arg(long)]
    when: Option<String>,
    /// Code of the error that is answered
    #[arg(long, conflicts_with = "throttle")]
    error: Option<String>,
    /// Answer as the service throttles
    #[arg(long)]
    throttle: bool,
    /// Message of the error, or the reason of what happens
    #[arg(long)]
    message: Option<String>,
    /// HTTP status of the error [default: 400]
    #[arg(long)]
    status: Option<u16>,
    /// Seconds on the clock before the call is answered, or before it happens
    #[arg(long)]
    delay: Option<f64>,
    /// How often it holds [default: for ever]
    #[arg(long)]
    times: Option<u64>,
    /// Calls a second that are left alone
    #[arg(long)]
    per_second: Option<u64>,
    #[command(flatten)]
    server: PortArgs,
}

/// Which fault.
#[derive(Debug, Args)]
pub struct ClearArgs {
    /// Id of the fault, as `list` shows it; all without
    id: Option<String>,
    #[command(flatten)]
    at: PortArgs,
}

pub(super) async fn run(command: FaultCommand, ui: &Ui) -> Result<Exit> {
    match command {
        FaultCommand::Add(args) => add(args, ui).await,
        FaultCommand::List(args) => list(&args, ui).await,
        FaultCommand::Clear(args) => clear(&args, ui).await,
    }
}

async fn add(args: AddArgs, ui: &Ui) -> Result<Exit> {
    let port = args.server.port()?;
    let given = Given {
        at: args.at,
        when: args.when,
        error: args.error,
        message: args.message,
        status: args.status,
        throttle: args.throttle,
        delay: args.delay,
        times: args.times,
        per_second: args.per_second,
    };
    let rule = local::add_fault(port, &given).await?;
    let id = text(&rule, "id");
    ui.result(&rule, || id.clone());
    ui.mark(
        Mark::Note,
        format!("`footwork local fault clear {id}` takes it back"),
    );
    Ok(Exit::Done)
}

async fn list(args: &PortArgs, ui: &Ui) -> Result<Exit> {
    let rules = local::faults(args.port()?).await?;
    ui.result(&rules, || {
        let rules = rules.as_array().map(Vec::as_slice).unwrap_or_default();
        if rules.is_empty() {
            return "no faults".to_owned();
        }
        let rows = rules.iter().map(|rule| {
            [
                text(rule, "id"),
                text(rule, "at"),
                what(rule),
                text(rule, "hits"),
            ]
        });
        table(["ID", "AT", "WHAT", "USED"], rows)
    });
    Ok(Exit::Done)
}

async fn clear(args: &ClearArgs, ui: &Ui) -> Result<Exit> {
    let answer = local::clear_faults(args.at.port()?, args.id.as_deref()).await?;
    let removed = answer.get("removed").and_then(Value::as_u64).unwrap_or(0);
    ui.result(&json!({ "removed": removed }), || {
        format!("{removed} removed")
    });
    // A fault that was named and is not there was mistyped.
    Ok(match (removed, &args.id) {
        (0, Some(_)) => Exit::Failed,
        _ => Exit::Done,
    })
}

fn text(rule: &Value, name: &str) -> String {
    match rule.get(name) {
        Some(Value::String(text)) => plain(text),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// What a rule does, in the words of the flags that made it.
fn what(rule: &Value) -> String {
    let names = [
        "throttle",
        "error",
        "message",
        "status",
        "delay",
        "times",
        "perSecond",
        "when",
    ];
    let said = names.iter().filter(|name| rule.get(**name).is_some());
    said.map(|name| match *name {
        "throttle" => "throttle".to_owned(),
        name => format!("{name}={}", text(rule, name)),
    })
    .collect::<Vec<_>>()
    .join(" ")
}
