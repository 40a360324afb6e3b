//! Updating a stack: everything new first, what it replaces is cleaned up at the end.

use super::failed_to;
use super::run::Run;
use super::walk::{reversed, walk};
use crate::cloudformation::stack::{Live, Undo};
use crate::cloudformation::status::{ResourceStatus, StackStatus};

impl Run {
    /// Brings the stack to its current deployment. False when that failed.
    pub(super) async fn update(&self) -> bool {
        match self.change_all().await {
            Ok(()) => {
                self.clean_up().await;
                true
            }
            Err(reason) => {
                self.update_refused(&reason).await;
                false
            }
        }
    }

    /// The part of an update that can be taken back: afterwards the stack is what it should be,
    /// and everything old still exists.
    pub(super) async fn change_all(&self) -> Result<(), String> {
        let instance = self.instance()?;
        let instance = &instance;
        let walked = walk(
            instance.dependencies.clone(),
            |logical| async move {
                let done = self.update_resource(instance, &logical).await;
                (logical, done)
            },
            |walked| !walked.failed.is_empty() || self.is_cancelled(),
        )
        .await;
        if !walked.failed.is_empty() {
            let (created, updated): (Vec<_>, Vec<_>) =
                walked.failed.into_iter().partition(|name| {
                    let row = self.resource(name);
                    row.is_some_and(|row| row.status == ResourceStatus::CreateFailed)
                });
            return Err(failed_to("create", &created) + &failed_to("update", &updated));
        }
        if self.is_cancelled() {
            return Err("User Initiated".to_owned());
        }
        let outputs = self.outputs(instance).await?;
        let key = self.key.as_str();
        self.cfn
            .state
            .stacks
            .update(key, |stack| stack.outputs = outputs);
        self.stack_status(StackStatus::UpdateCleanup, None);
        Ok(())
    }

    /// What follows when an update failed.
    pub(super) async fn update_refused(&self, reason: &str) {
        let Ok(stack) = self.stack() else { return };
        if stack.options.keep_failed_update {
            self.stack_status(StackStatus::UpdateFailed, Some(reason));
        } else {
            self.roll_back_update(Some(reason)).await;
        }
    }

    /// Deletes what an update or its rollback left behind and ends the operation.
    pub(super) async fn clean_up(&self) -> bool {
        let Ok(stack) = self.stack() else {
            return false;
        };
        let rolled_back = stack.status == StackStatus::UpdateRollbackCleanup;
        let kept = self.instance().map(|instance| instance.resources);
        let kept = kept.unwrap_or_default();
        // A replaced instance becomes a leftover; after a rollback the row holds it already.
        let mut graph = super::walk::Graph::new();
        for row in self.resources() {
            self.change(&row.logical, |row| {
                if let Some(Undo::Restore(old)) = row.undo.take()
                    && old.physical != row.live.physical
                {
                    row.leftovers.push(*old);
                }
            });
            graph.insert(row.logical.clone(), row.live.needs.into_iter().collect());
        }
        let kept = &kept;
        let walked = walk(
            reversed(&graph),
            |logical| async move {
                let removed = !kept.contains_key(&logical);
                let done = self.clean_row(&logical, removed).await;
                // What could not be deleted does not keep the others.
                (logical, done)
            },
            |_| false,
        )
        .await;
        for row in self.resources() {
            if row.live.kind == "AWS::CloudFormation::Stack"
                && let Some(physical) = &row.live.physical
            {
                Box::pin(super::nested::finish(self, physical)).await;
            }
        }
        let reason = (!walked.failed.is_empty())
            .then_some("Update successful. One or more resources could not be deleted.");
        self.cfn.state.stacks.update(&self.key, |stack| {
            stack.previous = None;
            stack.cancelled = false;
        });
        let status = if rolled_back {
            StackStatus::UpdateRollbackComplete
        } else {
            StackStatus::UpdateComplete
        };
        self.stack_status(status, reason);
        walked.failed.is_empty()
    }

    /// Deletes the leftovers of a resource, and the resource when it is no longer wanted.
    async fn clean_row(&self, logical: &str, removed: bool) -> bool {
        let Some(row) = self.resource(logical) else {
            return true;
        };
        let mut done = true;
        for old in &row.leftovers {
            let policy = row.live.update_replace_policy.as_deref();
            done &= self
                .delete_instance(logical, old, policy.unwrap_or("Delete"))
                .await;
        }
        self.change(logical, |row| row.leftovers.clear());
        if removed {
            let Live {
                deletion_policy, ..
            } = &row.live;
            let policy = deletion_policy.as_deref().unwrap_or("Delete");
            done &= self.delete_instance(logical, &row.live, policy).await;
            let key = self.resource_key(logical);
            self.cfn.state.resources.remove(&key);
            self.cfn.state.drifts.remove(&key);
        }
        done
    }
}
