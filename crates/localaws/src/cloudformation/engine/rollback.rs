//! Taking an update back.

use super::failed_to;
use super::provider;
use super::run::Run;
use super::walk::walk;
use crate::cloudformation::stack::{Live, Undo};
use crate::cloudformation::status::{ResourceStatus, StackStatus};

impl Run {
    /// Restores what an update changed and deletes what it added. False, always: the update did
    /// not go well.
    pub(super) async fn roll_back_update(&self, reason: Option<&str>) -> bool {
        self.stack_status(StackStatus::UpdateRollbackInProgress, reason);
        let failed = self.restore_all().await;
        if failed.is_empty() {
            self.stack_status(StackStatus::UpdateRollbackCleanup, None);
            self.clean_up().await;
        } else {
            let reason = failed_to("update", &failed);
            self.stack_status(StackStatus::UpdateRollbackFailed, Some(&reason));
        }
        false
    }

    /// The part of a rollback before the cleanup. Answers the names of resources that could not be
    /// restored.
    pub(super) async fn restore_all(&self) -> Vec<String> {
        self.cfn.state.stacks.update(&self.key, |stack| {
            stack.cancelled = false;
            if let Some(previous) = &stack.previous {
                stack.current = (**previous).clone();
            }
        });
        let rows = self.resources().into_iter();
        let graph = rows
            .filter_map(|row| match row.undo {
                Some(Undo::Restore(old)) => Some((row.logical, old.needs.into_iter().collect())),
                _ => None,
            })
            .collect();
        let walked = walk(
            graph,
            |logical| async move {
                let restored = self.restore_row(&logical).await;
                (logical, restored)
            },
            // One failure does not keep the others from being restored.
            |_| false,
        )
        .await;
        walked.failed
    }

    async fn restore_row(&self, logical: &str) -> bool {
        let Some(row) = self.resource(logical) else {
            return true;
        };
        let Some(Undo::Restore(old)) = row.undo else {
            return true;
        };
        let skipped = self
            .stack()
            .is_ok_and(|stack| stack.options.skip.iter().any(|name| name == logical));
        let replaced = row.live.physical != old.physical;
        let same = Live {
            metadata: row.live.metadata.clone(),
            ..(*old).clone()
        };
        let untouched =
            !replaced && same.properties == row.live.properties && same.tags == row.live.tags;
        if untouched && row.live.kind != "AWS::CloudFormation::Stack" {
            self.change(logical, |row| {
                row.live = *old;
                row.undo = None;
            });
            return true;
        }
        self.resource_status(logical, ResourceStatus::UpdateInProgress, None);
        let mut live = (*old).clone();
        if !replaced && !skipped {
            match provider::restore(self, logical, &row.live, &old).await {
                Ok(restored) => {
                    live.physical = Some(restored.physical_id);
                    live.attributes = restored.attributes;
                }
                Err(reason) => {
                    self.resource_status(logical, ResourceStatus::UpdateFailed, Some(&reason));
                    return false;
                }
            }
        }
        self.change(logical, |row| {
            let tried = std::mem::replace(&mut row.live, live);
            if replaced && tried.physical.is_some() {
                row.leftovers.push(tried);
            }
            row.undo = None;
        });
        self.resource_status(logical, ResourceStatus::UpdateComplete, None);
        true
    }
}
