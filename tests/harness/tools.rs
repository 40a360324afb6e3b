//! Other people's programs that tests drive.

use std::path::PathBuf;
use std::process::Command;

/// A Python with the AWS CLI and boto3.
#[derive(Debug, Clone)]
pub struct Python {
    /// The interpreter.
    pub interpreter: PathBuf,
    /// The `aws` program beside it.
    pub aws: PathBuf,
}

/// The Python that `FOOTWORK_PYTHON` names; `None`, and a word about it, without one.
pub fn python() -> Option<Python> {
    let Some(interpreter) = std::env::var_os("FOOTWORK_PYTHON").map(PathBuf::from) else {
        eprintln!(
            "skipped: FOOTWORK_PYTHON names no Python with awscli and boto3 (see CONTRIBUTING.md)"
        );
        return None;
    };
    let boto = Command::new(&interpreter)
        .args(["-c", "import boto3"])
        .status();
    let aws = interpreter.with_file_name("aws");
    assert!(
        boto.expect("FOOTWORK_PYTHON runs").success() && aws.exists(),
        "FOOTWORK_PYTHON must name a Python with awscli and boto3 installed"
    );
    Some(Python { interpreter, aws })
}
