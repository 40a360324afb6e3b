//! Takes up what the end of the process interrupted.

use std::sync::Arc;

use super::run::Run;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::status::{ResourceStatus, StackStatus};

const INTERRUPTED: &str = "The endpoint was stopped while this went on";

/// Starts a job for every stack that was left in the middle. Nested stacks are their parents'
/// business.
pub(crate) fn resume(cfn: &Arc<CloudFormation>) {
    for (key, stack) in cfn.state.stacks.scan("") {
        if !stack.status.is_busy() || stack.parent.is_some() {
            continue;
        }
        let run = Run::new(cfn, key);
        cfn.aws.spawn(async move {
            let went_well = run.resume(stack.status).await;
            run.close_change_set(went_well);
        });
    }
}

impl Run {
    async fn resume(&self, status: StackStatus) -> bool {
        match status {
            StackStatus::CreateInProgress => {
                let failed = self.fail_open_resources();
                let reason = super::failed_to("create", &failed);
                self.create_failed(&format!("{INTERRUPTED}. {reason}"))
                    .await;
                false
            }
            StackStatus::UpdateInProgress => {
                self.fail_open_resources();
                self.update_refused(INTERRUPTED).await;
                false
            }
            StackStatus::UpdateRollbackInProgress => self.roll_back_update(None).await,
            StackStatus::UpdateCleanup | StackStatus::UpdateRollbackCleanup => {
                self.clean_up().await
            }
            StackStatus::RollbackInProgress => {
                self.roll_back_creation().await;
                false
            }
            _ => self.delete().await,
        }
    }

    /// Nobody knows what became of a resource in the middle of its creation.
    fn fail_open_resources(&self) -> Vec<String> {
        let mut failed = Vec::new();
        for row in self.resources() {
            let status = match row.status {
                ResourceStatus::CreateInProgress => ResourceStatus::CreateFailed,
                ResourceStatus::UpdateInProgress => ResourceStatus::UpdateFailed,
                _ => continue,
            };
            self.resource_status(&row.logical, status, Some(INTERRUPTED));
            failed.push(row.logical);
        }
        failed
    }
}
