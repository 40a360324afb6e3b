//! What kind of failure it was, from what ECS says of the task.
//!
//! Stop codes and reasons: "Stopped tasks error codes" in the ECS developer guide. Step Functions
//! writes the members of a task in upper case, ECS in lower case.

use serde_json::Value;

use super::Failure;
use crate::watch;

/// Kinds of failures, as policies name them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Not a failure: the container that counts exited with 0, another did not.
    None,
    Exit,
    OutOfMemory,
    ImagePull,
    Start,
    Spot,
    Capacity,
    Timeout,
    Stopped,
    Infrastructure,
}

impl Class {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Exit => "exit",
            Self::OutOfMemory => "outOfMemory",
            Self::ImagePull => "imagePull",
            Self::Start => "start",
            Self::Spot => "spot",
            Self::Capacity => "capacity",
            Self::Timeout => "timeout",
            Self::Stopped => "stopped",
            Self::Infrastructure => "infrastructure",
        }
    }
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Ended {
    pub(super) class: Class,
    pub(super) exit_code: Option<i64>,
    pub(super) task: Option<String>,
    /// Why the container stopped.
    pub(super) reason: Option<String>,
    pub(super) stop_code: Option<String>,
    /// Why the task stopped, or why it did not start.
    pub(super) stopped_reason: Option<String>,
}

impl Ended {
    /// Name of the error.
    pub(super) fn error(&self) -> String {
        match (self.class, self.exit_code) {
            (Class::Exit, Some(code)) => format!("Job.Exit.{code}"),
            (Class::Exit | Class::None, _) => "Job.Exit".to_owned(),
            (Class::OutOfMemory, _) => "Job.OutOfMemory".to_owned(),
            (Class::ImagePull, _) => "Job.ImagePull".to_owned(),
            (Class::Start, _) => "Job.StartFailed".to_owned(),
            (Class::Spot, _) => "Job.SpotInterrupted".to_owned(),
            (Class::Capacity, _) => "Job.Capacity".to_owned(),
            (Class::Timeout, _) => "Job.TimedOut".to_owned(),
            (Class::Stopped, _) => "Job.Stopped".to_owned(),
            (Class::Infrastructure, _) => "Job.Infrastructure".to_owned(),
        }
    }
}

/// A member of a task in either spelling.
pub(super) fn member<'a>(value: &'a Value, name: &str) -> &'a Value {
    let mut upper = name.to_owned();
    if let Some(first) = upper.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    value.get(&upper).unwrap_or(&value[name])
}

/// How a task ended; without a task, why it did not start.
pub(super) fn ended(task: Option<&Value>, failure: &Failure, container: &str) -> Ended {
    let timed_out = failure.error == "States.Timeout";
    let Some(task) = task else {
        let class = match timed_out {
            true => Class::Timeout,
            false => of_refusal(&failure.error, &failure.cause),
        };
        let said = match failure.cause.is_empty() {
            true => failure.error.clone(),
            false => format!("{}: {}", failure.error, failure.cause),
        };
        return Ended {
            class,
            exit_code: None,
            task: None,
            reason: None,
            stop_code: None,
            stopped_reason: (!timed_out).then_some(said),
        };
    };
    let text = |value: &Value, name| member(value, name).as_str().map(str::to_owned);
    let containers = member(task, "containers").as_array();
    let mut containers = containers.into_iter().flatten();
    let its = containers.find(|one| member(one, "name") == container);
    let none = Value::Null;
    let its = its.unwrap_or(&none);
    let mut ended = Ended {
        class: Class::Timeout,
        exit_code: member(its, "exitCode").as_i64(),
        task: text(task, "taskArn"),
        reason: text(its, "reason"),
        stop_code: text(task, "stopCode"),
        stopped_reason: text(task, "stoppedReason"),
    };
    if !timed_out {
        ended.class = of_task(&ended);
    }
    ended
}

fn of_task(ended: &Ended) -> Class {
    let stop_code = ended.stop_code.as_deref().unwrap_or_default();
    let stopped = ended.stopped_reason.as_deref().unwrap_or_default();
    let reason = ended.reason.as_deref().unwrap_or_default();
    let says = |word: &str| stopped.contains(word) || reason.contains(word);
    match stop_code {
        _ if stopped.starts_with(watch::REASON) => Class::Capacity,
        "SpotInterruption" => Class::Spot,
        "TerminationNotice" => Class::Infrastructure,
        _ if says("CannotPull") => Class::ImagePull,
        "TaskFailedToStart" if says("Capacity is unavailable") => Class::Capacity,
        "TaskFailedToStart" => Class::Start,
        _ if says("OutOfMemory") => Class::OutOfMemory,
        "UserInitiated" => Class::Stopped,
        "EssentialContainerExited" | "" => match ended.exit_code {
            Some(0) => Class::None,
            Some(_) => Class::Exit,
            // It never came to run: its reason says why.
            None => Class::Start,
        },
        _ => Class::Infrastructure,
    }
}

/// `RunTask` itself was refused. Its failures (`RESOURCE:…`, no capacity) come as `AmazonECS.Unknown`.
fn of_refusal(error: &str, cause: &str) -> Class {
    let says = |words: &[&str]| words.iter().any(|word| cause.contains(word));
    if says(&["Capacity is unavailable", "RESOURCE:", "concurrent tasks"]) {
        return Class::Capacity;
    }
    let passes = says(&[
        "Rate exceeded",
        "hrottl",
        "Internal",
        "Unable to execute HTTP",
    ]);
    match passes || error.contains("ServerException") || error.contains("Throttling") {
        true => Class::Infrastructure,
        false => Class::Start,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_ecs_says_tells_failures_apart() {
        for (stop, stopped, exit, reason, class) in [
            (
                "EssentialContainerExited",
                "Essential container in task exited",
                Some(42),
                "",
                Class::Exit,
            ),
            (
                "EssentialContainerExited",
                "Essential container in task exited",
                Some(0),
                "",
                Class::None,
            ),
            (
                "EssentialContainerExited",
                "Essential container in task exited",
                Some(137),
                "OutOfMemoryError: Container killed due to memory usage",
                Class::OutOfMemory,
            ),
            (
                "TaskFailedToStart",
                "CannotPullContainerError: pull image manifest has been retried",
                None,
                "",
                Class::ImagePull,
            ),
            (
                "TaskFailedToStart",
                "ResourceInitializationError: unable to pull secrets",
                None,
                "",
                Class::Start,
            ),
            (
                "TaskFailedToStart",
                "Capacity is unavailable at this time. Please try again later",
                None,
                "",
                Class::Capacity,
            ),
            (
                "SpotInterruption",
                "Your Spot Task was interrupted.",
                Some(143),
                "",
                Class::Spot,
            ),
            (
                "UserInitiated",
                "Job.Capacity: the task had not started after 600 s",
                None,
                "",
                Class::Capacity,
            ),
            (
                "UserInitiated",
                "Task stopped by user",
                Some(143),
                "",
                Class::Stopped,
            ),
            (
                "TerminationNotice",
                "ECS is performing maintenance",
                Some(143),
                "",
                Class::Infrastructure,
            ),
        ] {
            let mut container = json!({"Name": "job"});
            if let Some(exit) = exit {
                container["ExitCode"] = json!(exit);
            }
            if !reason.is_empty() {
                container["Reason"] = json!(reason);
            }
            let sidecar = json!({"Name": "sidecar", "ExitCode": 1});
            let task = json!({
                "TaskArn": "t", "StopCode": stop, "StoppedReason": stopped, "Containers": [sidecar, container],
            });
            let failure = Failure {
                error: "States.TaskFailed".into(),
                cause: String::new(),
            };
            assert_eq!(
                ended(Some(&task), &failure, "job").class,
                class,
                "{stopped}"
            );
        }
    }

    #[test]
    fn refused_starts() {
        for (error, cause, class) in [
            (
                "AmazonECS.Unknown",
                r#"{"Failures":[{"Reason":"RESOURCE:ENI"}]}"#,
                Class::Capacity,
            ),
            (
                "ECS.AmazonECSException",
                "Rate exceeded.",
                Class::Infrastructure,
            ),
            (
                "ECS.ClusterNotFoundException",
                "Cluster not found.",
                Class::Start,
            ),
            ("States.Timeout", "", Class::Timeout),
        ] {
            let failure = Failure {
                error: error.into(),
                cause: cause.into(),
            };
            assert_eq!(ended(None, &failure, "job").class, class, "{error}");
        }
    }
}
