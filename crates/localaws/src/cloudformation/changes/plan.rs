//! The changes that an update would make, for change sets and to see that there are none.

use std::collections::{BTreeMap, BTreeSet};

use awsapi::AwsError;
use serde_json::{Map, Value, json};

use super::details::{Causes, details};
use super::lookup::Ahead;
use super::{ResourceChange, property_changes};
use crate::cloudformation::CloudFormation;
use crate::cloudformation::deploy::Prepared;
use crate::cloudformation::engine::dynamic;
use crate::cloudformation::engine::live::Existing;
use crate::cloudformation::stack::{Live, Stack, StackResource};
use crate::cloudformation::state::invalid;
use crate::cloudformation::status::ResourceStatus;
use crate::cloudformation::template::{Instance, Template, text_of};
use crate::resources::Schema;

/// What would change.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    pub(crate) resources: Vec<ResourceChange>,
    /// Outputs, tags of the stack or topics.
    pub(crate) others: bool,
}

impl Plan {
    /// Whether nothing would change.
    pub(crate) fn is_empty(&self) -> bool {
        self.resources.is_empty() && !self.others
    }
}

/// Compares a stack with a deployment.
pub(crate) async fn plan(
    cfn: &CloudFormation,
    stack: &Stack,
    prepared: &Prepared,
) -> Result<Plan, AwsError> {
    let rows = cfn.state.resources_of(&stack.key()).into_iter();
    let rows: BTreeMap<String, StackResource> = rows
        .filter(|row| row.status != ResourceStatus::DeleteComplete)
        .map(|row| (row.logical.clone(), row))
        .collect();
    refuse_other_types(&prepared.instance, &rows)?;
    let mut planning = Planning {
        cfn,
        stack,
        prepared,
        old_template: Template::parse(&stack.current.template).unwrap_or_default(),
        new: BTreeSet::new(),
        moving: BTreeSet::new(),
    };
    let mut changes = Vec::new();
    for logical in in_order(&prepared.instance) {
        let change = match rows.get(&logical) {
            Some(row) => planning.modify(&logical, row).await?,
            None => planning.add(&logical).await?,
        };
        changes.extend(change);
    }
    for (logical, row) in &rows {
        if !prepared.instance.resources.contains_key(logical) {
            changes.push(remove(logical, row));
        }
    }
    changes.sort_by(|one, other| one.logical.cmp(&other.logical));
    let others = planning.outputs_change()?
        || stack.current.tags != prepared.deployment.tags
        || stack.current.notification_arns != prepared.deployment.notification_arns;
    Ok(Plan {
        resources: changes,
        others,
    })
}

fn refuse_other_types(
    instance: &Instance,
    rows: &BTreeMap<String, StackResource>,
) -> Result<(), AwsError> {
    let other: Vec<&str> = instance
        .resources
        .iter()
        .filter(|(logical, declared)| {
            let row = rows.get(*logical);
            row.is_some_and(|row| row.live.kind != declared.kind)
        })
        .map(|(logical, _)| logical.as_str())
        .collect();
    if other.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Update of resource type is not permitted. The new template modifies resource type of the following resources: [{}]",
        other.join(", ")
    )))
}

/// Resources, each after those that it needs.
fn in_order(instance: &Instance) -> Vec<String> {
    let mut left = instance.dependencies.clone();
    let mut order = Vec::new();
    while !left.is_empty() {
        let ready: Vec<String> = left
            .iter()
            .filter(|(_, needs)| !needs.iter().any(|need| left.contains_key(need)))
            .map(|(name, _)| name.clone())
            .collect();
        if ready.is_empty() {
            break;
        }
        for name in ready {
            left.remove(&name);
            order.push(name);
        }
    }
    order
}

fn remove(logical: &str, row: &StackResource) -> ResourceChange {
    let policy = match row.live.deletion_policy.as_deref() {
        Some("Retain" | "RetainExceptOnCreate") => "Retain",
        Some("Snapshot") => "Snapshot",
        _ => "Delete",
    };
    ResourceChange {
        action: "Remove".to_owned(),
        logical: logical.to_owned(),
        physical: row.live.physical.clone(),
        kind: row.live.kind.clone(),
        replacement: None,
        policy_action: Some(policy.to_owned()),
        scope: Vec::new(),
        details: Vec::new(),
        before: Some(shown(&row.live)),
        after: None,
    }
}

struct Planning<'a> {
    cfn: &'a CloudFormation,
    stack: &'a Stack,
    prepared: &'a Prepared,
    old_template: Template,
    /// Resources that will be made or replaced.
    new: BTreeSet<String>,
    /// Nested stacks that change: their outputs may be others.
    moving: BTreeSet<String>,
}

impl Planning<'_> {
    async fn add(&mut self, logical: &str) -> Result<Option<ResourceChange>, AwsError> {
        let Some(live) = self.wanted(logical).await? else {
            return Ok(None);
        };
        self.new.insert(logical.to_owned());
        Ok(Some(ResourceChange {
            action: "Add".to_owned(),
            logical: logical.to_owned(),
            physical: None,
            kind: live.kind.clone(),
            replacement: None,
            policy_action: None,
            scope: Vec::new(),
            details: Vec::new(),
            before: None,
            after: Some(shown(&live)),
        }))
    }

    async fn modify(
        &mut self,
        logical: &str,
        row: &StackResource,
    ) -> Result<Option<ResourceChange>, AwsError> {
        let Some(wanted) = self.wanted(logical).await? else {
            return Ok(None);
        };
        let changes = property_changes(self.cfn, self.stack, logical, &row.live, &wanted);
        let causes = Causes {
            stack: self.stack,
            prepared: self.prepared,
            old_template: &self.old_template,
            new: &self.new,
            moving: &self.moving,
        };
        let found = details(&causes, logical, &row.live, &wanted, &changes);
        if found.details.is_empty() {
            return Ok(None);
        }
        let replacement = found.replacement;
        if replacement != "False" {
            self.new.insert(logical.to_owned());
        }
        if wanted.kind == "AWS::CloudFormation::Stack" {
            self.moving.insert(logical.to_owned());
        }
        let policy = match (replacement, wanted.update_replace_policy.as_deref()) {
            ("False", _) => None,
            (_, Some("Retain")) => Some("ReplaceAndRetain"),
            (_, Some("Snapshot")) => Some("ReplaceAndSnapshot"),
            _ => Some("ReplaceAndDelete"),
        };
        Ok(Some(ResourceChange {
            action: "Modify".to_owned(),
            logical: logical.to_owned(),
            physical: row.live.physical.clone(),
            kind: wanted.kind.clone(),
            replacement: Some(replacement.to_owned()),
            policy_action: policy.map(str::to_owned),
            scope: found.scope,
            details: found.details,
            before: Some(shown(&row.live)),
            after: Some(shown(&wanted)),
        }))
    }

    /// The resource as it will be, as far as that is known.
    async fn wanted(&self, logical: &str) -> Result<Option<Live>, AwsError> {
        let instance = &self.prepared.instance;
        let Some(declared) = instance.resources.get(logical) else {
            return Ok(None);
        };
        let (properties, metadata) = self.resolved(declared).map_err(invalid)?;
        let scope = &self.stack.scope;
        let properties = dynamic::resolve(self.cfn, scope, properties).await;
        Ok(Some(Live {
            kind: declared.kind.clone(),
            physical: None,
            properties: properties.map_err(invalid)?,
            tags: self.prepared.deployment.tags.clone(),
            attributes: Map::new(),
            metadata,
            deletion_policy: declared.deletion_policy.clone(),
            update_replace_policy: declared.update_replace_policy.clone(),
            needs: Vec::new(),
            imports: Vec::new(),
        }))
    }

    fn resolved(
        &self,
        declared: &crate::cloudformation::template::Resource,
    ) -> Result<(Value, Option<Value>), String> {
        let ahead = self.ahead();
        let resolver = self.prepared.instance.resolver(&ahead);
        let properties = Value::Object(resolver.object(&declared.properties)?);
        let metadata = match &declared.metadata {
            Some(metadata) => resolver.value(metadata)?,
            None => None,
        };
        Ok((properties, metadata))
    }

    fn ahead(&self) -> Ahead<'_> {
        Ahead {
            existing: Existing::new(&self.cfn.state, self.stack),
            new: &self.new,
            moving: &self.moving,
        }
    }

    fn outputs_change(&self) -> Result<bool, AwsError> {
        let ahead = self.ahead();
        let resolver = self.prepared.instance.resolver(&ahead);
        let outputs = &self.prepared.instance.outputs;
        if outputs.len() != self.stack.outputs.len() {
            return Ok(true);
        }
        for (key, output) in outputs {
            let old = self.stack.outputs.iter().find(|old| old.key == *key);
            let value = resolver.value(&output.value).map_err(invalid)?;
            let export = match &output.export {
                Some(export) => resolver.value(export).map_err(invalid)?,
                None => None,
            };
            let same = old.is_some_and(|old| {
                Some(&old.value) == value.as_ref().map(text_of).as_ref()
                    && old.export == export.as_ref().map(text_of)
                    && old.description == output.description
            });
            if !same {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A resource as the contexts of a change show it: values as text, as AWS keeps them.
fn shown(live: &Live) -> Value {
    let properties = match Schema::of(&live.kind) {
        Some(_) => texts(&live.properties),
        None => live.properties.clone(),
    };
    let mut shown = json!({ "Properties": properties });
    if let Value::Object(members) = &mut shown {
        let attributes = [
            ("Metadata", live.metadata.clone()),
            (
                "DeletionPolicy",
                live.deletion_policy.clone().map(Value::from),
            ),
            (
                "UpdateReplacePolicy",
                live.update_replace_policy.clone().map(Value::from),
            ),
        ];
        for (name, value) in attributes {
            if let Some(value) = value {
                members.insert(name.to_owned(), value);
            }
        }
    }
    shown
}

fn texts(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let entries = map.iter();
            Value::Object(
                entries
                    .map(|(key, value)| (key.clone(), texts(value)))
                    .collect(),
            )
        }
        Value::Array(list) => list.iter().map(texts).collect(),
        scalar => Value::String(text_of(scalar)),
    }
}
