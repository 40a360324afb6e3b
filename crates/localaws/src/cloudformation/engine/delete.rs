//! Deleting a stack.

use super::failed_to;
use super::run::Run;
use crate::cloudformation::status::StackStatus;

impl Run {
    /// Deletes all resources. False when some are left.
    pub(super) async fn delete(&self) -> bool {
        if let Err(reason) = self.unused_exports() {
            self.stack_status(StackStatus::DeleteFailed, Some(&reason));
            return false;
        }
        let failed = self.delete_resources(false).await;
        if !failed.is_empty() {
            let reason = failed_to("delete", &failed);
            self.stack_status(StackStatus::DeleteFailed, Some(&reason));
            return false;
        }
        let (drifts, sets) = (&self.cfn.state.drifts, &self.cfn.state.change_sets);
        let prefix = format!("{}/", self.key);
        for (key, _) in drifts.scan(&prefix) {
            drifts.remove(&key);
        }
        for (key, _) in sets.scan(&prefix) {
            sets.remove(&key);
        }
        self.stack_status(StackStatus::DeleteComplete, None);
        true
    }

    /// Other stacks may hold on to what this one exports.
    fn unused_exports(&self) -> Result<(), String> {
        let stack = self.stack()?;
        for name in stack
            .outputs
            .iter()
            .filter_map(|output| output.export.as_ref())
        {
            let users = self.cfn.state.importers(&stack.scope, name);
            if !users.is_empty() {
                return Err(format!(
                    "Export {name} cannot be deleted as it is in use by {}",
                    users.join(" and ")
                ));
            }
        }
        Ok(())
    }
}
