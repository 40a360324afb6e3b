//! The command line program `footwork`.
//!
//! Speaks only AWS APIs, to whatever endpoint it is pointed at; the AWS on this machine is started
//! by `footwork local` and reached like any other. Results go to stdout, talk goes to stderr.

pub mod casebook;
pub mod catalogue;
pub mod commands;
pub mod demo;
pub mod deploy;
pub mod deployed;
pub mod exit;
pub mod failure;
pub mod input;
pub mod local;
pub mod stack;
pub mod target;
pub mod ui;
pub mod watch;

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
    let ui = ui::Ui::new(&output);
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.failure(&failure::Failure::io("start", &error));
            return Exit::Misused;
        }
    };
    let result = runtime.block_on(command.run(&target, &ui));
    // Tasks get the time to end, because the functions' processes end with them. A thread that
    // still reads stdin or waits for a server must not keep the program alive.
    runtime.shutdown_timeout(std::time::Duration::from_millis(200));
    result.unwrap_or_else(|failure| {
        ui.failure(&failure);
        failure.exit
    })
}
