//! The command line program `footwork`.
//!
//! Speaks only AWS APIs, to whatever endpoint it is pointed at; the AWS on this machine is started
//! by `footwork local` and reached like any other. Results go to stdout, talk goes to stderr.

pub mod api;
pub mod casebook;
pub mod catalogue;
pub mod check;
pub mod commands;
pub mod cost;
pub mod definition;
pub mod demo;
pub mod deploy;
pub mod deployed;
pub mod exit;
pub mod failure;
pub mod input;
mod interrupt;
pub mod kit;
pub mod local;
pub mod pace;
pub mod project;
pub mod record;
pub mod runs;
pub mod schedules;
pub mod settings;
pub mod source;
pub mod stack;
pub mod target;
pub mod traced;
pub mod ui;
pub mod upstream;
pub mod watch;

use std::sync::Arc;

use clap::Parser;

use exit::Exit;

/// Ready-made AWS Step Functions workflows, deployed and run with one command.
#[derive(Debug, Parser)]
#[command(name = "footwork", version, arg_required_else_help = true)]
pub struct Footwork {
    #[command(subcommand)]
    command: commands::Command,
    #[command(flatten)]
    target: target::TargetArgs,
    #[command(flatten)]
    output: ui::OutputArgs,
}

/// Runs the program with the arguments of the process.
pub fn main() -> Exit {
    let Footwork {
        command,
        target,
        output,
    } = Footwork::parse();
    let ui = Arc::new(ui::Ui::new(&output));
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.failure(&failure::Failure::io("start", &error));
            return Exit::Misused;
        }
    };
    let result = runtime.block_on(run(command, target, Arc::clone(&ui)));
    // Tasks get the time to end, because the functions' processes end with them. A thread that
    // still reads stdin or waits for a server must not keep the program alive.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    result.unwrap_or_else(|failure| {
        ui.failure(&failure);
        failure.exit
    })
}

async fn run(
    command: commands::Command,
    target: target::TargetArgs,
    ui: Arc<ui::Ui>,
) -> failure::Result<Exit> {
    // The server ends well by itself.
    if matches!(command, commands::Command::Local(_)) {
        return command.run(&target, &ui).await;
    }
    let own = Arc::clone(&ui);
    interrupt::guarded(async move { command.run(&target, &own).await }, ui).await
}
