//! The runs of a deployment: its executions, by name, by age, by status.

use aws_sdk_sfn::types::{ExecutionListItem, ExecutionStatus};

use crate::deployed::Deployed;
use crate::failure::{Failure, Result};
use crate::target::Target;

/// ARN of a run of a state machine by its name, which may be its ARN already.
pub fn arn(machine: &str, name: &str) -> String {
    if name.starts_with("arn:") {
        return name.to_owned();
    }
    format!(
        "{}:{name}",
        machine.replace(":stateMachine:", ":execution:")
    )
}

/// Name of a run by its ARN.
pub fn name(arn: &str) -> &str {
    arn.rsplit_once(':').map_or(arn, |(_, name)| name)
}

/// The newest runs, 1000 at the most.
pub async fn newest(target: &Target, machine: &str, most: i32) -> Result<Vec<ExecutionListItem>> {
    list(target, machine, most, None).await
}

/// The runs that go on, 1000 at the most.
pub async fn running(target: &Target, machine: &str) -> Result<Vec<ExecutionListItem>> {
    list(target, machine, 1000, Some(ExecutionStatus::Running)).await
}

async fn list(
    target: &Target,
    machine: &str,
    most: i32,
    status: Option<ExecutionStatus>,
) -> Result<Vec<ExecutionListItem>> {
    let list = target
        .sfn
        .list_executions()
        .state_machine_arn(machine)
        .set_status_filter(status)
        .max_results(most);
    let found = list
        .send()
        .await
        .map_err(|error| Failure::aws("list the runs", error))?;
    Ok(found.executions)
}

/// The run that is meant: the named one, or the newest.
pub async fn meant(target: &Target, deployed: &Deployed, name: Option<&str>) -> Result<String> {
    let machine = deployed.machine_arn()?;
    if let Some(name) = name {
        return Ok(arn(machine, name));
    }
    let newest = newest(target, machine, 1).await?;
    let newest = newest.first().map(|run| run.execution_arn().to_owned());
    newest.ok_or_else(|| Failure::new(format!("`{}` never ran", deployed.name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_have_names_and_arns() {
        let machine = "arn:aws:states:eu-west-1:000000000000:stateMachine:job";
        let run = "arn:aws:states:eu-west-1:000000000000:execution:job:a-1";
        assert_eq!(arn(machine, "a-1"), run);
        assert_eq!(arn(machine, run), run);
        assert_eq!(name(run), "a-1");
    }
}
