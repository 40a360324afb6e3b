//! Building the functions of a workflow with Cargo.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use serde_json::Value;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::failure::{Failure, Result};
use crate::ui::{Mark, Ui};

/// A Cargo workspace that functions are built in.
#[derive(Debug)]
pub struct Workspace<'a> {
    /// Its folder.
    pub folder: PathBuf,
    /// A package to build beside them: Cargo then chooses the same features for the dependencies
    /// of both and compiles them once.
    pub beside: Option<&'a str>,
    /// Where Cargo puts what it makes, if not where it usually does.
    pub target: Option<PathBuf>,
}

impl Workspace<'_> {
    /// A workspace that has nothing but the functions.
    pub fn of(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            beside: None,
            target: None,
        }
    }
}

/// Builds the package of a workflow's functions and returns the binary, which has its name.
///
/// The profile is `release` unless FOOTWORK_FUNCTION_PROFILE names another.
pub async fn functions(workspace: &Workspace<'_>, package: &str, ui: &Ui) -> Result<PathBuf> {
    let profile =
        std::env::var("FOOTWORK_FUNCTION_PROFILE").unwrap_or_else(|_| "release".to_owned());
    ui.mark(
        Mark::Going,
        format!("building the functions of {package} ({profile})"),
    );
    let mut cargo = Command::from(super::cargo::command());
    cargo
        .current_dir(&workspace.folder)
        .args([
            "build",
            "--message-format",
            "json-render-diagnostics",
            "--profile",
            &profile,
        ])
        .args(["--package", package, "--bins"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true);
    if let Some(beside) = workspace.beside {
        cargo.args(["--package", beside]);
    }
    if let Some(target) = &workspace.target {
        cargo.arg("--target-dir").arg(target);
    }
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
