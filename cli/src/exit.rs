//! Exit codes and what they mean.

use std::process::ExitCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done (0).
    Done,
    /// The run or deployment failed, or `--fail` or `--strict` found something (1).
    Failed,
    /// Misused, misconfigured, or AWS refused a call (2). Clap uses the same code.
    Misused,
    /// The run goes on beyond `--timeout` (3).
    StillRunning,
    /// `validate` found errors (3).
    Findings,
    /// What the container of a run that was followed exited with.
    Container(u8),
    /// A run that was followed did not end by its container's exit (125, as `docker run` has it).
    NotTheContainer,
    /// Interrupted by Ctrl-C (130).
    Interrupted,
    /// Asked to terminate (143).
    Terminated,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Misused => 2,
            Exit::StillRunning | Exit::Findings => 3,
            Exit::Container(code) => code,
            Exit::NotTheContainer => 125,
            Exit::Interrupted => 130,
            Exit::Terminated => 143,
        })
    }
}
