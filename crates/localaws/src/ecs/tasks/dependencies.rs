//! Which containers must be how far before another one starts.

use serde_json::Value;

use super::containers::Phase;
use crate::params::Params;

/// Positions of containers, and the condition of each.
pub(super) type Conditions = Vec<(usize, String)>;

/// What a container waits for.
pub(super) fn conditions(containers: &[Value], container: &Value) -> Conditions {
    let dependencies = container.items("dependsOn").iter();
    dependencies
        .filter_map(|dependency| {
            let name = dependency.text("containerName");
            let at = containers.iter().position(|one| one.text("name") == name)?;
            Some((
                at,
                dependency.text("condition").unwrap_or_default().to_owned(),
            ))
        })
        .collect()
}

/// Whether all conditions hold, or never will; nothing while that is open.
pub(super) fn judge(conditions: &Conditions, phases: &[Phase]) -> Option<Result<(), Phase>> {
    let never = |why: &str| {
        let reason = format!("CannotStartContainerError: dependent container {why}");
        Some(Err(Phase::Failed(reason)))
    };
    let mut open = false;
    for (at, condition) in conditions {
        let phase = phases.get(*at)?;
        match (condition.as_str(), phase) {
            (_, Phase::Waiting)
            | ("COMPLETE" | "SUCCESS", Phase::Running | Phase::Healthy | Phase::Unhealthy)
            | ("HEALTHY", Phase::Running) => open = true,
            (_, Phase::Failed(_)) => return never("failed to start"),
            ("SUCCESS", Phase::Exited(code)) if *code != 0 => {
                return never("did not exit successfully");
            }
            ("HEALTHY", Phase::Unhealthy) => return never("is unhealthy"),
            ("HEALTHY", Phase::Exited(_)) => return never("exited before it was healthy"),
            _ => {}
        }
    }
    (!open).then_some(Ok(()))
}
