//! Ctrl-C and termination: one place for all commands.
//!
//! A command runs beside this and is dropped when the signal comes; what it has started in AWS
//! goes on, and the person is told how to come back to it.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::signal::unix::{SignalKind, signal};

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::ui::Ui;

/// How long a command that waits for an answer on the terminal may take to clean up.
const GRACE: Duration = Duration::from_secs(10);

/// Runs a command until it ends or a signal does.
pub(crate) async fn guarded(
    command: impl Future<Output = Result<Exit>> + Send + 'static,
    ui: Arc<Ui>,
) -> Result<Exit> {
    // On a thread of its own: a command that computes or reads stdin must not keep the signal waiting.
    let mut command = tokio::spawn(command);
    let exit = tokio::select! {
        ended = &mut command => return ended.unwrap_or_else(|error| {
            Err(Failure::new(format!("the program has a fault: {error}")))
        }),
        exit = signalled() => exit,
    };
    if ui.interrupt()
        && let Ok(Ok(ended)) = tokio::time::timeout(GRACE, &mut command).await
    {
        return ended;
    }
    command.abort();
    // Dropped, it takes its processes with it and leaves the terminal as it was.
    let _ = tokio::time::timeout(Duration::from_millis(200), command).await;
    ui.say("");
    ui.say_goodbye();
    Ok(exit)
}

/// Waits for Ctrl-C or a request to terminate.
pub(crate) async fn signalled() -> Exit {
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => tokio::select! {
            _ = tokio::signal::ctrl_c() => Exit::Interrupted,
            _ = terminate.recv() => Exit::Terminated,
        },
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
            Exit::Interrupted
        }
    }
}
