//! Building a use case's functions from the checkout.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::failure::{Failure, Result};
use crate::ui::{Mark, Ui};

/// Builds the functions of a use case and returns the binary.
///
/// The profile is the program's own (`release`) unless FOOTWORK_FUNCTION_PROFILE names another, and
/// the program is named along with the functions: cargo then chooses the same features for the
/// dependencies of both and compiles them once.
pub async fn functions(checkout: &Path, package: &str, ui: &Ui) -> Result<PathBuf> {
    let profile =
        std::env::var("FOOTWORK_FUNCTION_PROFILE").unwrap_or_else(|_| "release".to_owned());
    ui.mark(
        Mark::Going,
        format!("building the functions of {package} ({profile})"),
    );
    let mut cargo = Command::from(super::cargo::command());
    cargo
        .current_dir(checkout)
        .args([
            "build",
            "--message-format",
            "json-render-diagnostics",
            "--profile",
            &profile,
        ])
        .args(["--package", package, "--package", "footwork", "--bins"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    let mut child = cargo.spawn().map_err(|error| {
        Failure::io("run cargo, which builds the functions", &error)
            .help("install a Rust toolchain from https://rustup.rs")
    })?;
    let mut binary = None;
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout).lines();
        while let Ok(Some(line)) = lines.next_line().await {
            binary = executable(&line, package).or(binary);
        }
    }
    let status = child
        .wait()
        .await
        .map_err(|error| Failure::io("run cargo", &error))?;
    match binary {
        Some(binary) if status.success() => Ok(binary),
        _ => Err(
            Failure::new(format!("the functions of {package} do not build"))
                .help("cargo's messages are above"),
        ),
    }
}

/// The executable that a line of cargo's messages announces.
fn executable(line: &str, package: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(line).ok()?;
    let name = message.pointer("/target/name")?.as_str()?;
    let path = message.get("executable")?.as_str()?;
    (name == package).then(|| PathBuf::from(path))
}
