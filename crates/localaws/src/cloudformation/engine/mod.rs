//! Makes, changes and deletes stacks: the order of steps, failures and the ways back.
//!
//! Every operation is a job. What it does next follows from what is stored, so that an operation
//! that was interrupted by the end of the process is taken up ([`resume`]): an interrupted create
//! or update counts as failed and is rolled back, everything else goes on.

mod create;
mod delete;
pub(crate) mod dynamic;
pub(crate) mod live;
mod nested;
mod outputs;
mod provider;
mod resume;
mod rollback;
mod run;
mod step;
mod update;
mod walk;

use std::sync::Arc;

use super::CloudFormation;
use super::change_set::Execution;

pub(crate) use provider::supports;
pub(crate) use resume::resume;
use run::Run;
pub(crate) use run::context;

/// What a job does with a stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// Makes all resources.
    Create,
    /// Brings all resources to the current deployment.
    Update,
    /// Deletes all resources.
    Delete,
    /// Rolls a failed update back, again.
    RollBack,
}

/// Starts a job. The stack's status says already what goes on.
pub(crate) fn start(cfn: &Arc<CloudFormation>, key: String, work: Work) {
    let run = Run::new(cfn, key);
    cfn.aws.spawn(async move {
        let went_well = match work {
            Work::Create => run.create().await,
            Work::Update => run.update().await,
            Work::Delete => run.delete().await,
            Work::RollBack => run.roll_back_update(None).await,
        };
        if work != Work::Delete {
            run.close_change_set(went_well);
        }
    });
}

impl Run {
    /// The change set that began the operation is through with it.
    fn close_change_set(&self, went_well: bool) {
        let prefix = format!("{}/", self.key);
        for (key, set) in self.cfn.state.change_sets.scan(&prefix) {
            if set.execution == Execution::InProgress {
                self.cfn.state.change_sets.update(&key, |set| {
                    set.execution = if went_well {
                        Execution::Complete
                    } else {
                        Execution::Failed
                    };
                });
            }
        }
    }
}

/// `The following resource(s) failed to create: [A, B]. `
fn failed_to(verb: &str, names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    format!(
        "The following resource(s) failed to {verb}: [{}]. ",
        names.join(", ")
    )
}
