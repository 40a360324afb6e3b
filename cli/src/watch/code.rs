//! The exit code of a container, as the error of its execution tells it.
//!
//! `Job.Exit.42` is the convention: a name that ends with `.Exit.` and the code.

use aws_sdk_sfn::types::ExecutionStatus;

use super::Ended;
use crate::exit::Exit;

/// What the kernel's killer leaves behind: 128 and SIGKILL.
const KILLED: u8 = 137;

/// The exit code to hand on: the container's where it had one, 125 for a run that failed without,
/// as `docker run` has it. A success is 0 also where the policy ignored a container's failure.
pub fn container_exit(ended: &Ended) -> Exit {
    if ended.status == ExecutionStatus::Succeeded {
        return Exit::Done;
    }
    let code = ended.error.as_deref().and_then(|error| {
        let code = error.rsplit_once(".Exit.").map(|(_, code)| code);
        match code {
            Some(code) => code.parse::<u8>().ok().filter(|code| *code != 0),
            None => error.ends_with(".OutOfMemory").then_some(KILLED),
        }
    });
    code.map_or(Exit::NotTheContainer, Exit::Container)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use std::time::Duration;

    #[test]
    fn the_error_tells_the_code() {
        for (status, error, exit) in [
            (ExecutionStatus::Succeeded, None, Exit::Done),
            (
                ExecutionStatus::Failed,
                Some("Job.Exit.42"),
                Exit::Container(42),
            ),
            (
                ExecutionStatus::Failed,
                Some("Job.OutOfMemory"),
                Exit::Container(137),
            ),
            (
                ExecutionStatus::Failed,
                Some("Job.Exit.300"),
                Exit::NotTheContainer,
            ),
            (
                ExecutionStatus::Failed,
                Some("Job.ImagePull"),
                Exit::NotTheContainer,
            ),
            (ExecutionStatus::Aborted, None, Exit::NotTheContainer),
            (
                ExecutionStatus::TimedOut,
                Some("States.Timeout"),
                Exit::NotTheContainer,
            ),
        ] {
            let ended = Ended {
                status,
                output: Value::Null,
                error: error.map(str::to_owned),
                cause: None,
                duration: Duration::ZERO,
            };
            assert_eq!(container_exit(&ended), exit, "{ended:?}");
        }
    }
}
