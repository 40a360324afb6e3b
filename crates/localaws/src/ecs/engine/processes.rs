//! Containers as processes of this machine, without an image.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::os::unix::process::ExitStatusExt;
use std::path::{Component, Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use async_trait::async_trait;
use tokio::process::{Child, Command};

use super::{Container, Ended, Engine, Inside, Launch};
use crate::process::{Group, Journal, Output, spawn};

/// Where commands are found where nothing else is said.
const PATH: &str = "/usr/local/bin:/usr/bin:/bin";

/// Runs containers as processes.
pub(super) struct Processes;

struct Process {
    child: Child,
    group: Group,
    log: Option<(Output, Arc<Journal>)>,
    room: Room,
}

#[async_trait]
impl Engine for Processes {
    async fn has(&self, _: &str) -> bool {
        false
    }

    async fn pull(&self, _: &str) -> Result<Option<String>, String> {
        Ok(None)
    }

    async fn start(&self, launch: Launch) -> Result<Box<dyn Container>, String> {
        let words = launch.entry_point.iter().chain(&launch.command).flatten();
        let words: Vec<&String> = words.collect();
        let Some((program, arguments)) = words.split_first() else {
            return Err(
                "CannotCreateContainerError: no command specified: images are not pulled here, \
                 so the container needs an entryPoint or a command"
                    .to_owned(),
            );
        };
        let failed = |error: &io::Error| start_error(program.as_str(), error);
        let folder = directory(&launch.folder, launch.working_directory.as_deref());
        std::fs::create_dir_all(&folder).map_err(|error| failed(&error))?;
        let mut environment = launch.environment;
        environment
            .entry("PATH".to_owned())
            .or_insert_with(|| std::env::var("PATH").unwrap_or_else(|_| PATH.to_owned()));
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&folder)
            .env_clear()
            .envs(&environment)
            .stdin(Stdio::null());
        let mut log = None;
        match launch.journal {
            Some(journal) => {
                let (output, writer) = Output::open(&journal).map_err(|error| failed(&error))?;
                let other = writer.try_clone().map_err(|error| failed(&error))?;
                command.stdout(other).stderr(writer);
                log = Some((output, journal));
            }
            None => {
                command.stdout(Stdio::null()).stderr(Stdio::null());
            }
        }
        let child = spawn(&mut command).await.map_err(|error| failed(&error))?;
        Ok(Box::new(Process {
            group: Group::of(&child),
            child,
            log,
            room: Room {
                folder,
                environment,
            },
        }))
    }

    fn end_left_over(&self, mark: &str) {
        if let Some(mut group) = Group::found_again(mark) {
            group.kill();
        }
    }
}

#[async_trait]
impl Container for Process {
    async fn ended(&mut self) -> Ended {
        let status = self.child.wait().await;
        // What it started ends with it, as in a container.
        self.group.kill();
        if let Some((output, journal)) = &self.log {
            output.drain();
            journal.flush().await;
        }
        Ended {
            code: status.map_or(255, exit_code),
            // Nothing limits the memory of a process here.
            out_of_memory: false,
        }
    }

    fn inside(&self) -> Box<dyn Inside> {
        Box::new(self.room.clone())
    }

    fn mark(&self) -> Option<String> {
        self.group.mark()
    }

    fn terminate(&mut self) {
        self.group.terminate();
    }

    fn kill(&mut self) {
        self.group.kill();
    }
}

/// Folder and environment of a process.
#[derive(Clone)]
struct Room {
    folder: PathBuf,
    environment: BTreeMap<String, String>,
}

#[async_trait]
impl Inside for Room {
    async fn succeeds(&self, words: &[String]) -> bool {
        let Some((program, arguments)) = words.split_first() else {
            return false;
        };
        let mut command = Command::new(program);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .envs(&self.environment)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let Ok(mut child) = spawn(&mut command).await else {
            return false;
        };
        // Dropped when it takes too long, and then it ends with all that it started.
        let _group = Group::of(&child);
        child.wait().await.is_ok_and(|status| status.success())
    }
}

fn exit_code(status: ExitStatus) -> i64 {
    let code = status.code().map(i64::from);
    code.unwrap_or_else(|| 128 + i64::from(status.signal().unwrap_or_default()))
}

/// The container's working directory inside its folder: what is declared as a path from the
/// image's root is taken from the folder.
fn directory(folder: &Path, declared: Option<&str>) -> PathBuf {
    let inside = Path::new(declared.unwrap_or_default()).components();
    let inside = inside.filter(|part| matches!(part, Component::Normal(_)));
    folder.join(inside.collect::<PathBuf>())
}

fn start_error(program: &str, error: &io::Error) -> String {
    let why = match error.kind() {
        ErrorKind::NotFound => {
            format!("exec: \"{program}\": executable file not found in $PATH: unknown")
        }
        _ => format!("exec: \"{program}\": {error}: unknown"),
    };
    format!(
        "CannotStartContainerError: ResourceInitializationError: failed to create new container \
         runtime task: failed to create shim task: OCI runtime create failed: runc create failed: \
         unable to start container process: {why}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_directories_stay_inside() {
        let folder = Path::new("/tmp/t");
        for (declared, wanted) in [
            (None, "/tmp/t"),
            (Some("/app/src"), "/tmp/t/app/src"),
            (Some("../../etc"), "/tmp/t/etc"),
        ] {
            assert_eq!(directory(folder, declared), Path::new(wanted));
        }
    }
}
