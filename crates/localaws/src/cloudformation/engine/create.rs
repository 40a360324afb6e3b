//! Making a stack, and what follows when that fails.

use super::failed_to;
use super::run::Run;
use super::walk::{reversed, walk};
use crate::cloudformation::stack::OnFailure;
use crate::cloudformation::status::{ResourceStatus, StackStatus};

impl Run {
    /// Makes all resources. False when the stack failed.
    pub(super) async fn create(&self) -> bool {
        match self.create_all().await {
            Ok(()) => {
                self.stack_status(StackStatus::CreateComplete, None);
                true
            }
            Err(_) if self.is_cancelled() => {
                self.stack_status(StackStatus::DeleteInProgress, Some("User Initiated"));
                self.delete().await;
                false
            }
            Err(reason) => {
                self.create_failed(&reason).await;
                false
            }
        }
    }

    async fn create_all(&self) -> Result<(), String> {
        let instance = self.instance()?;
        let instance = &instance;
        let walked = walk(
            instance.dependencies.clone(),
            |logical| async move {
                let made = self.create_resource(instance, &logical, None).await;
                (logical, made)
            },
            |walked| !walked.failed.is_empty() || self.is_cancelled(),
        )
        .await;
        if !walked.failed.is_empty() || self.is_cancelled() {
            return Err(failed_to("create", &walked.failed));
        }
        let outputs = self.outputs(instance).await?;
        let key = self.key.as_str();
        self.cfn
            .state
            .stacks
            .update(key, |stack| stack.outputs = outputs);
        Ok(())
    }

    /// Does with a stack that cannot be created what its creator wanted.
    pub(super) async fn create_failed(&self, reason: &str) {
        let Ok(stack) = self.stack() else { return };
        let asked = |what: &str| format!("{reason}{what} requested by user.");
        match stack.options.on_failure {
            OnFailure::DoNothing => self.stack_status(StackStatus::CreateFailed, Some(reason)),
            OnFailure::Rollback => {
                self.stack_status(StackStatus::RollbackInProgress, Some(&asked("Rollback")));
                self.roll_back_creation().await;
            }
            OnFailure::Delete => {
                self.stack_status(StackStatus::DeleteInProgress, Some(&asked("Delete")));
                self.delete().await;
            }
        }
    }

    /// Deletes what was made.
    pub(super) async fn roll_back_creation(&self) {
        let failed = self.delete_resources(true).await;
        if failed.is_empty() {
            self.stack_status(StackStatus::RollbackComplete, None);
        } else {
            let reason = failed_to("delete", &failed);
            self.stack_status(StackStatus::RollbackFailed, Some(&reason));
        }
    }

    /// Deletes all resources of the stack, those first that others were made after. Answers the
    /// names of those that could not be deleted.
    pub(super) async fn delete_resources(&self, creation: bool) -> Vec<String> {
        let rows = self.resources();
        let graph = rows
            .iter()
            .filter(|row| row.status != ResourceStatus::DeleteComplete)
            .map(|row| {
                let needs = row.live.needs.iter().cloned().collect();
                (row.logical.clone(), needs)
            })
            .collect();
        let walked = walk(
            reversed(&graph),
            |logical| async move {
                let deleted = self.delete_row(&logical, creation).await;
                (logical, deleted)
            },
            |_| false,
        )
        .await;
        walked.failed
    }

    async fn delete_row(&self, logical: &str, creation: bool) -> bool {
        let (Some(row), Ok(stack)) = (self.resource(logical), self.stack()) else {
            return true;
        };
        let policy = row.live.deletion_policy.as_deref();
        let policy = match policy {
            Some("RetainExceptOnCreate") if creation => "Delete",
            Some("Retain") if creation && stack.options.retain_except_on_create => "Delete",
            _ if stack.options.retain.iter().any(|name| name == logical) => "Retain",
            policy => policy.unwrap_or("Delete"),
        };
        let mut deleted = true;
        for live in std::iter::once(&row.live).chain(&row.leftovers) {
            deleted &= self.delete_instance(logical, live, policy).await;
        }
        let now = self.cfn.aws.clock().now();
        self.change(logical, |row| {
            row.updated = now;
            row.status = match deleted {
                false => ResourceStatus::DeleteFailed,
                true if policy == "Delete" => ResourceStatus::DeleteComplete,
                true => ResourceStatus::DeleteSkipped,
            };
            if deleted {
                row.reason = None;
            }
        });
        deleted
    }
}
