//! The verbs: a file each, with its arguments and one function that runs it.

mod cost;
mod delete;
mod demo;
mod deploy;
mod deployment;
mod diff;
mod format;
mod history;
mod init;
mod list;
mod local;
mod local_fault;
mod logs;
mod redrive;
mod render;
mod run;
mod schedule;
mod schema;
mod show;
mod status;
mod stop;
mod test;
mod validate;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Result;
use crate::target::TargetArgs;
use crate::ui::Ui;

/// A verb.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List the workflows that ship with the program
    List(list::ListArgs),
    /// Show a workflow: what it does, its input, its parameters
    Show(show::ShowArgs),
    /// Write a workflow as a directory of your own, to change it
    Init(init::InitArgs),
    /// Check workflows and the files beside them
    Validate(validate::ValidateArgs),
    /// Lay definitions out in the canonical way
    Format(format::FormatArgs),
    /// Play the cases of workflows, without any AWS
    Test(test::TestArgs),
    /// Deploy a workflow, or change a deployment
    Deploy(deploy::DeployArgs),
    /// Compare a directory with its deployment, or with the shipped workflow
    Diff(diff::DiffArgs),
    /// Run a deployed workflow and watch it
    Run(Box<run::RunArgs>),
    /// Tell what runs cost: of cases, of an execution, at the most
    Cost(cost::CostArgs),
    /// Show deployments and what they are doing
    Status(status::StatusArgs),
    /// Show the runs of a deployment, or the events of one run
    History(history::HistoryArgs),
    /// Show what a run did and what its containers said
    Logs(logs::LogsArgs),
    /// Stop a run
    Stop(stop::StopArgs),
    /// Start a run again where it failed
    Redrive(redrive::RedriveArgs),
    /// Show, pause and resume the schedules of a deployment
    Schedule(schedule::ScheduleArgs),
    /// Draw a workflow, also as a run went through it
    Render(render::RenderArgs),
    /// Print the JSON Schema of a file that people write, for editors
    Schema(schema::SchemaArgs),
    /// Delete a deployment
    Delete(delete::DeleteArgs),
    /// Start, inspect and stop the AWS on this machine
    #[command(subcommand)]
    Local(local::LocalCommand),
    /// See a workflow at work on sample data, on this machine
    Demo(demo::DemoArgs),
}

impl Command {
    /// Runs the verb.
    pub async fn run(self, target: &TargetArgs, ui: &Ui) -> Result<Exit> {
        match self {
            Self::List(args) => list::run(&args, ui),
            Self::Show(args) => show::run(&args, ui),
            Self::Init(args) => init::run(&args, ui),
            Self::Validate(args) => validate::run(&args, ui),
            Self::Format(args) => format::run(&args, ui),
            Self::Test(args) => test::run(&args, ui).await,
            Self::Deploy(args) => deploy::run(&args, target, ui).await,
            Self::Diff(args) => diff::run(&args, target, ui).await,
            Self::Run(args) => run::run(&args, target, ui).await,
            Self::Cost(args) => cost::run(&args, target, ui).await,
            Self::Status(args) => status::run(&args, target, ui).await,
            Self::History(args) => history::run(&args, target, ui).await,
            Self::Logs(args) => logs::run(&args, target, ui).await,
            Self::Stop(args) => stop::run(&args, target, ui).await,
            Self::Redrive(args) => redrive::run(&args, target, ui).await,
            Self::Schedule(args) => schedule::run(&args, target, ui).await,
            Self::Render(args) => render::run(&args, target, ui).await,
            Self::Schema(args) => schema::run(&args, ui),
            Self::Delete(args) => delete::run(&args, target, ui).await,
            Self::Local(command) => local::run(command, ui).await,
            Self::Demo(args) => demo::run(&args, target, ui).await,
        }
    }
}
