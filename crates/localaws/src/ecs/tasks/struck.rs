//! Faults that happen to tasks on request.

use super::Task;
use crate::ecs::Inner;
use crate::faults::Rule;

impl Inner {
    /// The rule by which something happens to a task now.
    pub(super) fn strike(&self, key: &str, point: &str) -> Option<Rule> {
        let faults = self.aws.faults();
        if faults.is_empty() {
            return None;
        }
        let task = self.tasks.get(key)?;
        let now = self.aws.clock().now();
        faults.take("ecs", point, now, || task.shown_with_tags().to_string())
    }

    /// Waits until something shall happen to a task.
    pub(super) async fn struck(&self, key: &str, point: &str) -> Rule {
        let mut changes = self.aws.faults().watch();
        loop {
            changes.mark_unchanged();
            if let Some(rule) = self.strike(key, point) {
                return rule;
            }
            if changes.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Task {
    /// Whether it runs on capacity that may be taken away.
    pub(super) fn is_spot(&self) -> bool {
        self.capacity_provider.as_deref() == Some("FARGATE_SPOT")
    }
}
