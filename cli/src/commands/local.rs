//! `footwork local`

use std::net::IpAddr;

use clap::{Args, Subcommand, value_parser};
use serde_json::json;

use super::local_fault::{self, FaultCommand};
use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::local::{self, Choice, Containers, HOST, Serve};
use crate::ui::{Mark, Ui, plain};

/// What to do with the AWS on this machine.
#[derive(Debug, Subcommand)]
pub enum LocalCommand {
    /// Serve it, in the foreground unless `--detach` is given
    Start(StartArgs),
    /// Tell whether it runs
    Status(PortArgs),
    /// Stop it
    Stop(PortArgs),
    /// Make calls fail or wait, and things happen to tasks, on request
    #[command(subcommand)]
    Fault(FaultCommand),
}

/// Which server is meant.
#[derive(Debug, Args)]
pub struct PortArgs {
    /// Port on loopback [default: FOOTWORK_LOCAL_PORT, else 4566]
    #[arg(long, value_parser = value_parser!(u16).range(1..))]
    port: Option<u16>,
}

impl PortArgs {
    pub(super) fn port(&self) -> Result<u16> {
        self.port.map_or_else(local::port, Ok)
    }
}

/// What is served and how.
#[derive(Debug, Args)]
pub struct StartArgs {
    #[command(flatten)]
    at: PortArgs,
    /// Address to listen on; only loopback addresses are accepted
    #[arg(long, default_value = HOST)]
    host: IpAddr,
    /// Serve in the background
    #[arg(long)]
    detach: bool,
    /// Keep nothing: the state ends with the server
    #[arg(long)]
    memory: bool,
    /// Let virtual time jump over every wait
    #[arg(long)]
    fast: bool,
    /// How tasks of ECS run: `docker` (or Podman, by its socket), `process`, or `auto`: the first
    /// where one answers
    #[arg(long, env = "FOOTWORK_CONTAINERS", default_value_t)]
    containers: Choice,
}

pub(super) async fn run(command: LocalCommand, ui: &Ui) -> Result<Exit> {
    match command {
        LocalCommand::Start(args) => start(&args, ui).await,
        LocalCommand::Status(args) => status(&args, ui).await,
        LocalCommand::Stop(args) => stop(&args, ui).await,
        LocalCommand::Fault(command) => local_fault::run(command, ui).await,
    }
}

async fn start(args: &StartArgs, ui: &Ui) -> Result<Exit> {
    let port = args.at.port()?;
    if args.detach {
        return start_detached(args, ui).await;
    }
    let endpoint = local::bind(args.host, port).await?;
    let containers = Containers::find(args.containers).await.map_err(|error| {
        Failure::new(error).help("start the engine, set DOCKER_HOST, or use `--containers process`")
    })?;
    let ways = containers.to_string();
    let serve = Serve {
        fast: args.fast,
        home: if args.memory {
            None
        } else {
            Some(local::home()?)
        },
        containers,
    };
    let url = endpoint.url();
    let ready = || {
        ui.mark(Mark::Good, format!("the local AWS answers on {url}"));
        ui.say(format!(
            "  AWS CLI: aws --endpoint-url {url} …   Ctrl-C stops it"
        ));
        ui.say(format!("  containers: {ways}"));
    };
    local::run(endpoint, &serve, ready).await?;
    ui.mark(Mark::Good, "stopped");
    Ok(Exit::Done)
}

async fn start_detached(args: &StartArgs, ui: &Ui) -> Result<Exit> {
    let port = args.at.port()?;
    if !args.host.is_loopback() {
        // The same refusal, with the same words, as in the foreground.
        local::bind(args.host, port).await?;
    }
    if let Some(health) = local::health(port).await? {
        return Err(local::runs_already(&health));
    }
    let mut flags = vec!["--containers".to_owned(), args.containers.to_string()];
    for (name, set) in [("--memory", args.memory), ("--fast", args.fast)] {
        if set {
            flags.push(name.to_owned());
        }
    }
    let health = local::detach(port, &flags).await?;
    ui.mark(
        Mark::Good,
        format!(
            "the local AWS answers on {} (process {}); containers: {}",
            health.endpoint,
            health.pid,
            plain(&health.containers)
        ),
    );
    Ok(Exit::Done)
}

async fn status(args: &PortArgs, ui: &Ui) -> Result<Exit> {
    let Some(health) = local::health(args.port()?).await? else {
        ui.result(&json!({"running": false}), || "not running".to_owned());
        return Ok(Exit::Failed);
    };
    let value = json!({
        "running": true,
        "endpoint": health.endpoint,
        "pid": health.pid,
        "version": health.version,
        "virtualTime": health.fast,
        "home": health.home,
        "services": health.services,
        "containers": health.containers,
    });
    ui.result(&value, || {
        let home = health.home.as_deref().unwrap_or("in memory");
        let time = if health.fast { "virtual" } else { "real" };
        format!(
            "running on {} (process {}, version {}, {time} time)\nstate: {home}\ncontainers: {}\nservices: {}",
            health.endpoint,
            health.pid,
            health.version,
            plain(&health.containers),
            health.services.join(" ")
        )
    });
    Ok(Exit::Done)
}

async fn stop(args: &PortArgs, ui: &Ui) -> Result<Exit> {
    let port = args.port()?;
    let Some(health) = local::health(port).await? else {
        ui.mark(Mark::Note, "not running");
        return Ok(Exit::Done);
    };
    local::stop(port).await?;
    ui.mark(Mark::Good, format!("stopped (process {})", health.pid));
    Ok(Exit::Done)
}
