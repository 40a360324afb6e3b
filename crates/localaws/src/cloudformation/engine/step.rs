//! What happens to one resource: it is made, changed, replaced or deleted, with its events.

use super::provider::{self, Refused};
use super::run::Run;
use crate::cloudformation::changes::{self, Difference};
use crate::cloudformation::stack::{Live, StackResource, Undo};
use crate::cloudformation::status::ResourceStatus;
use crate::cloudformation::template::Instance;

/// Said of a resource that was being made when another one failed.
const CANCELLED: &str = "Resource creation cancelled";

impl Run {
    /// Makes a resource. False when that failed; the reason stands in the row and the events.
    pub(super) async fn create_resource(
        &self,
        instance: &Instance,
        logical: &str,
        undo: Option<Undo>,
    ) -> bool {
        let Some(live) = self.declared(instance, logical) else {
            return false;
        };
        let row = StackResource {
            logical: logical.to_owned(),
            status: ResourceStatus::CreateInProgress,
            reason: None,
            updated: self.cfn.aws.clock().now(),
            live,
            undo,
            leftovers: Vec::new(),
            drift: None,
        };
        let key = self.resource_key(logical);
        self.cfn.state.resources.put(&key, row);
        self.resource_status(logical, ResourceStatus::CreateInProgress, None);
        let made = match self.resolved(instance, logical).await {
            Ok(live) => {
                self.change(logical, |resource| resource.live = live.clone());
                self.make(logical, live, ResourceStatus::CreateInProgress)
                    .await
            }
            Err(reason) => Err(reason),
        };
        match made {
            Ok(()) if self.is_stopped() => {
                self.resource_status(logical, ResourceStatus::CreateFailed, Some(CANCELLED));
                false
            }
            Ok(()) => {
                self.resource_status(logical, ResourceStatus::CreateComplete, None);
                true
            }
            Err(reason) => {
                self.stop();
                self.resource_status(logical, ResourceStatus::CreateFailed, Some(&reason));
                false
            }
        }
    }

    /// Brings an existing resource to what the template says now, or makes a new one.
    pub(super) async fn update_resource(&self, instance: &Instance, logical: &str) -> bool {
        let Some(row) = self.resource(logical) else {
            return self
                .create_resource(instance, logical, Some(Undo::Remove))
                .await;
        };
        if row.live.physical.is_none() {
            // An update that failed and was left so is tried again.
            let undo = row.undo.unwrap_or(Undo::Remove);
            return self.create_resource(instance, logical, Some(undo)).await;
        }
        let wanted = match self.resolved(instance, logical).await {
            Ok(wanted) => wanted,
            Err(reason) => return self.update_failed(logical, &reason),
        };
        let difference = match self.stack() {
            Ok(stack) => changes::difference(&self.cfn, &stack, logical, &row.live, &wanted),
            Err(reason) => return self.update_failed(logical, &reason),
        };
        let undo = Undo::Restore(Box::new(row.live.clone()));
        match difference {
            Difference::None => {
                // Metadata and policies are the stack's own; no provider is asked.
                let changed = Live {
                    physical: row.live.physical.clone(),
                    attributes: row.live.attributes.clone(),
                    ..wanted
                };
                if changed != row.live {
                    self.change(logical, |resource| {
                        resource.undo.get_or_insert(undo);
                        resource.live = changed;
                    });
                }
                true
            }
            Difference::Replace => self.replace(logical, &row, wanted, undo).await,
            Difference::InPlace => {
                self.change(logical, |resource| {
                    resource.undo.get_or_insert_with(|| undo.clone());
                });
                self.resource_status(logical, ResourceStatus::UpdateInProgress, None);
                match self.modify(logical, &row.live, wanted.clone()).await {
                    Ok(()) => {
                        self.resource_status(logical, ResourceStatus::UpdateComplete, None);
                        true
                    }
                    Err(refused) if refused.must_replace => {
                        self.change(logical, |resource| resource.live = row.live.clone());
                        self.replace(logical, &row, wanted, undo).await
                    }
                    Err(refused) => self.update_failed(logical, &refused.reason),
                }
            }
        }
    }

    /// Makes the instance that takes an existing one's place. The old one goes in the cleanup.
    async fn replace(&self, logical: &str, row: &StackResource, wanted: Live, undo: Undo) -> bool {
        let reason = "Requested update requires the creation of a new physical resource; hence creating one.";
        if let Some(name) = changes::kept_name(&row.live, &wanted) {
            return self.update_failed(
                logical,
                &format!(
                    "CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename {name} and update the stack again."
                ),
            );
        }
        self.resource_status(logical, ResourceStatus::UpdateInProgress, Some(reason));
        self.change(logical, |resource| {
            resource.undo.get_or_insert(undo);
            // Another replacement in the same update, after one that failed.
            let before = match &resource.undo {
                Some(Undo::Restore(before)) => before.physical.clone(),
                _ => None,
            };
            if resource.live.physical.is_some() && resource.live.physical != before {
                resource.leftovers.push(resource.live.clone());
            }
            resource.live = wanted.clone();
        });
        match self
            .make(logical, wanted, ResourceStatus::UpdateInProgress)
            .await
        {
            Ok(()) => {
                self.resource_status(logical, ResourceStatus::UpdateComplete, None);
                true
            }
            Err(reason) => self.update_failed(logical, &reason),
        }
    }

    fn update_failed(&self, logical: &str, reason: &str) -> bool {
        self.stop();
        self.resource_status(logical, ResourceStatus::UpdateFailed, Some(reason));
        false
    }

    /// Asks the provider for an instance and writes its id down.
    async fn make(&self, logical: &str, live: Live, status: ResourceStatus) -> Result<(), String> {
        let made = provider::create(self, logical, &live).await?;
        self.change(logical, |resource| {
            resource.live.physical = Some(made.physical_id);
            resource.live.attributes = made.attributes;
        });
        self.resource_status(logical, status, Some("Resource creation Initiated"));
        Ok(())
    }

    /// Asks the provider to change an instance.
    pub(super) async fn modify(
        &self,
        logical: &str,
        before: &Live,
        after: Live,
    ) -> Result<(), Refused> {
        // What was tried is written down first, so that taking it back knows it.
        self.change(logical, |resource| {
            resource.live = Live {
                physical: before.physical.clone(),
                attributes: before.attributes.clone(),
                ..after.clone()
            };
        });
        let changed = provider::update(self, logical, before, &after).await?;
        self.change(logical, |resource| {
            resource.live.physical = Some(changed.physical_id);
            resource.live.attributes = changed.attributes;
        });
        Ok(())
    }

    /// Deletes an instance, unless its policy keeps it. False when that failed.
    pub(super) async fn delete_instance(&self, logical: &str, live: &Live, policy: &str) -> bool {
        if live.physical.is_none() {
            return true;
        }
        let kept = match policy {
            "Retain" | "RetainExceptOnCreate" => Some(None),
            "Snapshot" => Some(Some(
                "No snapshots are taken by this endpoint: the resource was kept",
            )),
            _ => None,
        };
        if let Some(reason) = kept {
            self.resource_event(logical, live, ResourceStatus::DeleteSkipped, reason);
            return true;
        }
        self.resource_event(logical, live, ResourceStatus::DeleteInProgress, None);
        match provider::delete(self, logical, live).await {
            Ok(()) => {
                self.resource_event(logical, live, ResourceStatus::DeleteComplete, None);
                true
            }
            Err(reason) => {
                self.resource_event(logical, live, ResourceStatus::DeleteFailed, Some(&reason));
                self.change(logical, |resource| resource.reason = Some(reason));
                false
            }
        }
    }

    /// A resource before anything is resolved.
    fn declared(&self, instance: &Instance, logical: &str) -> Option<Live> {
        let declared = instance.resources.get(logical)?;
        let needs = instance.dependencies.get(logical);
        Some(Live {
            kind: declared.kind.clone(),
            physical: None,
            properties: serde_json::json!({}),
            tags: self.stack().ok()?.current.tags,
            attributes: serde_json::Map::new(),
            metadata: None,
            deletion_policy: declared.deletion_policy.clone(),
            update_replace_policy: declared.update_replace_policy.clone(),
            needs: needs.into_iter().flatten().cloned().collect(),
            imports: Vec::new(),
        })
    }

    /// A resource with its properties resolved and checked.
    async fn resolved(&self, instance: &Instance, logical: &str) -> Result<Live, String> {
        let gone = || format!("Template error: {logical} is not a resource of the template");
        let declared = instance.resources.get(logical).ok_or_else(gone)?;
        let resolved = self.resolve(instance, declared).await?;
        let live = self.declared(instance, logical).ok_or_else(gone)?;
        let faults = match self.cfn.resources.schema(&live.kind) {
            Some(schema) => schema.property_faults(&resolved.properties),
            None => Vec::new(),
        };
        if !faults.is_empty() {
            return Err(format!(
                "Properties validation failed for resource {logical} with message:\n{}",
                faults.join("\n")
            ));
        }
        Ok(Live {
            properties: resolved.properties,
            metadata: resolved.metadata,
            imports: resolved.imports,
            ..live
        })
    }
}
