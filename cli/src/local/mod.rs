//! The AWS on this machine as a server: find it, start it, stop it.
//!
//! The only place, beside `footwork demo`, that knows the embedded AWS; everything else reaches it
//! like any AWS endpoint.

mod probe;
mod server;

use std::fs::{self, File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::failure::{Failure, Result};
use crate::ui::{Mark, Ui, plain};

pub use localaws::ecs::{Choice, Containers};
pub use localaws::faults::Given;
pub use probe::{Health, add_fault, clear_faults, faults, health, stop};
pub use server::{Serve, bind, run, runs_already, start_in_process};

/// The port that clients of local clouds expect.
const PORT: u16 = 4566;
/// Variable that names another port, for all commands.
pub const PORT_VARIABLE: &str = "FOOTWORK_LOCAL_PORT";
/// The only host served.
pub const HOST: &str = "127.0.0.1";

/// The port that `--local` means.
pub fn port() -> Result<u16> {
    match std::env::var(PORT_VARIABLE) {
        Ok(named) if !named.is_empty() => named.parse().map_err(|_| {
            Failure::new(format!(
                "{PORT_VARIABLE} is `{}`, which is no port",
                plain(&named)
            ))
        }),
        _ => Ok(PORT),
    }
}

/// Base URL of the server on a port.
pub fn endpoint(port: u16) -> String {
    format!("http://{HOST}:{port}")
}

/// Where the server keeps its state: `$FOOTWORK_HOME`, else the user's data folder.
pub fn home() -> Result<PathBuf> {
    let named = |name: &str| {
        std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    let home = named("FOOTWORK_HOME")
        .or_else(|| Some(named("XDG_DATA_HOME")?.join("footwork")))
        .or_else(|| Some(named("HOME")?.join(".local/share/footwork")));
    let home = home.ok_or_else(|| {
        Failure::new("there is no folder for the state of the local AWS")
            .help("set FOOTWORK_HOME, or start with `footwork local start --memory`")
    })?;
    fs::create_dir_all(&home)
        .map_err(|error| Failure::io(format!("make the folder `{}`", home.display()), &error))?;
    Ok(home)
}

/// Endpoint of the running server; starts one in the background when there is none.
pub async fn ensure_running(ui: &Ui) -> Result<String> {
    let port = port()?;
    if health(port).await?.is_none() {
        detach(port, &[]).await?;
        ui.mark(
            Mark::Note,
            format!(
                "started the local AWS on {} (`footwork local stop` ends it)",
                endpoint(port)
            ),
        );
    }
    Ok(endpoint(port))
}

/// Starts the server as a process of its own and waits until it answers.
pub async fn detach(port: u16, flags: &[String]) -> Result<Health> {
    let log = home()?.join(format!("local-{port}.log"));
    let file = open_log(&log)?;
    let copy = file
        .try_clone()
        .map_err(|error| Failure::io("open the log", &error))?;
    let program =
        std::env::current_exe().map_err(|error| Failure::io("find the program", &error))?;
    let mut child = Command::new(program)
        .args(["local", "start", "--port", &port.to_string()])
        .args(flags)
        .stdin(Stdio::null())
        .stdout(file)
        .stderr(copy)
        // A group of its own, so that Ctrl-C on this terminal does not reach it.
        .process_group(0)
        .spawn()
        .map_err(|error| Failure::io("start the local AWS", &error))?;
    let patience = Duration::from_secs(20);
    let waiting = tokio::time::Instant::now();
    loop {
        if let Some(health) = health(port).await? {
            return Ok(health);
        }
        let ended = child
            .try_wait()
            .map_err(|error| Failure::io("watch the local AWS", &error))?;
        if ended.is_some() || waiting.elapsed() > patience {
            // Somebody else may have been quicker to start one.
            if let Some(health) = health(port).await? {
                return Ok(health);
            }
            let said = fs::read_to_string(&log).unwrap_or_default();
            let last = said.lines().rev().take(3).collect::<Vec<_>>();
            let last = last.into_iter().rev().collect::<Vec<_>>().join(" / ");
            return Err(Failure::new(format!("the local AWS did not start: {last}"))
                .help(format!("its log is `{}`", log.display())));
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn open_log(path: &Path) -> Result<File> {
    let open = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(path);
    open.map_err(|error| Failure::io(format!("open the log `{}`", path.display()), &error))
}
