//! Why a resource changes: the details of a change, with their causes.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Change;
use crate::cloudformation::UNKNOWN;
use crate::cloudformation::deploy::Prepared;
use crate::cloudformation::stack::{Live, Stack};
use crate::cloudformation::template::{Reference, Template, references, text_of};
use crate::resources::{Replacement, Schema};

/// Where causes are looked for.
pub(super) struct Causes<'a> {
    pub(super) stack: &'a Stack,
    pub(super) prepared: &'a Prepared,
    pub(super) old_template: &'a Template,
    pub(super) new: &'a BTreeSet<String>,
    pub(super) moving: &'a BTreeSet<String>,
}

/// The details of a change and what follows from them.
pub(super) struct Found {
    pub(super) details: Vec<Value>,
    pub(super) scope: Vec<String>,
    pub(super) replacement: &'static str,
}

/// One cause: evaluation, source, entity.
type Cause = (&'static str, &'static str, Option<String>);

/// The details of all differences between a resource and what is wanted.
pub(super) fn details(
    causes: &Causes<'_>,
    logical: &str,
    old: &Live,
    new: &Live,
    changes: &[Change],
) -> Found {
    let schema = Schema::of(&new.kind);
    let mut by_property: BTreeMap<&str, Vec<&Change>> = BTreeMap::new();
    for change in changes {
        let name = change.path.split('/').next().unwrap_or_default();
        by_property.entry(name).or_default().push(change);
    }
    let mut found = Found {
        details: Vec::new(),
        scope: Vec::new(),
        replacement: "False",
    };
    for (name, changes) in by_property {
        let is_tags = schema.and_then(Schema::tag_property) == Some(name);
        let attribute = if is_tags { "Tags" } else { "Properties" };
        let recreation = match schema {
            Some(schema) if !schema.is_mutable() => Replacement::Always,
            Some(schema) => {
                let each = changes.iter().map(|change| schema.replaces(&change.path));
                each.max().unwrap_or(Replacement::Never)
            }
            None => Replacement::Never,
        };
        let causes = causes.of(logical, name, &changes);
        let sure = causes
            .iter()
            .any(|(evaluation, ..)| *evaluation == "Static");
        let replacement = match recreation {
            Replacement::Always if sure => "True",
            Replacement::Never => "False",
            _ => "Conditional",
        };
        found.replacement = stronger(found.replacement, replacement);
        found.add_scope(attribute);
        for (evaluation, source, entity) in causes {
            let mut target = target(attribute, name, old, new);
            let recreation = match recreation {
                Replacement::Never => "Never",
                Replacement::Conditionally => "Conditionally",
                Replacement::Always => "Always",
            };
            target.insert("RequiresRecreation".to_owned(), Value::from(recreation));
            found.add(target, evaluation, source, entity);
        }
    }
    let of_its_own = [
        ("Metadata", old.metadata != new.metadata),
        ("DeletionPolicy", old.deletion_policy != new.deletion_policy),
        (
            "UpdateReplacePolicy",
            old.update_replace_policy != new.update_replace_policy,
        ),
    ];
    for (attribute, differs) in of_its_own {
        if differs {
            found.add_scope(attribute);
            let target = json!({"Attribute": attribute, "RequiresRecreation": "Never"});
            let target = target.as_object().cloned().unwrap_or_default();
            found.add(target, "Static", "DirectModification", None);
        }
    }
    if new.kind == "AWS::CloudFormation::Stack" && found.details.is_empty() {
        found.add_scope("Properties");
        let target = json!({"Attribute": "Properties", "RequiresRecreation": "Never"});
        let target = target.as_object().cloned().unwrap_or_default();
        found.add(target, "Dynamic", "Automatic", None);
    }
    found
}

impl Found {
    fn add_scope(&mut self, attribute: &str) {
        if !self.scope.iter().any(|known| known == attribute) {
            self.scope.push(attribute.to_owned());
        }
    }

    fn add(
        &mut self,
        target: Map<String, Value>,
        evaluation: &str,
        source: &str,
        entity: Option<String>,
    ) {
        let mut detail = json!({
            "Target": target,
            "Evaluation": evaluation,
            "ChangeSource": source,
        });
        if let (Some(entity), Value::Object(detail)) = (entity, &mut detail) {
            detail.insert("CausingEntity".to_owned(), Value::from(entity));
        }
        self.details.push(detail);
    }
}

impl Causes<'_> {
    /// Why a property changes: what it refers to, or that the template says something else.
    fn of(&self, logical: &str, property: &str, changes: &[&Change]) -> Vec<Cause> {
        let declared = self.prepared.template.resources.get(logical);
        let before = self.old_template.resources.get(logical);
        let after = declared.and_then(|resource| resource.properties.get(property));
        let before = before.and_then(|resource| resource.properties.get(property));
        let mut causes = Vec::new();
        for reference in after.map(references).unwrap_or_default() {
            let name = reference.name();
            if let Some(parameter) = self.prepared.deployment.parameters.get(name) {
                if self.stack.current.parameters.get(name) != Some(parameter) {
                    causes.push(("Static", "ParameterReference", Some(name.to_owned())));
                }
                continue;
            }
            match &reference {
                Reference::Name(name) if self.new.contains(name) => {
                    causes.push(("Dynamic", "ResourceReference", Some(name.clone())));
                }
                Reference::Attribute(name, attribute)
                    if self.new.contains(name) || self.moving.contains(name) =>
                {
                    let entity = format!("{name}.{attribute}");
                    causes.push(("Dynamic", "ResourceAttribute", Some(entity)));
                }
                _ => {}
            }
        }
        if before != after {
            causes.push(("Static", "DirectModification", None));
        } else if causes.is_empty() {
            // A condition, a mapping, an export or the stack's tags.
            let unknown = changes.iter().any(|change| {
                let after = change.after.as_ref().map(text_of);
                after.is_some_and(|text| text.contains(UNKNOWN))
            });
            let evaluation = if unknown { "Dynamic" } else { "Static" };
            causes.push((evaluation, "DirectModification", None));
        }
        causes
    }
}

fn target(attribute: &str, name: &str, old: &Live, new: &Live) -> Map<String, Value> {
    let (before, after) = (old.properties.get(name), new.properties.get(name));
    let kind = match (before, after) {
        (None, _) => "Add",
        (_, None) => "Remove",
        _ => "Modify",
    };
    let mut target = Map::new();
    target.insert("Attribute".to_owned(), Value::from(attribute));
    if attribute == "Properties" {
        target.insert("Name".to_owned(), Value::from(name));
    }
    target.insert(
        "Path".to_owned(),
        Value::from(format!("/Properties/{name}")),
    );
    if let Some(before) = before {
        target.insert("BeforeValue".to_owned(), Value::from(text_of(before)));
    }
    if let Some(after) = after {
        target.insert("AfterValue".to_owned(), Value::from(text_of(after)));
    }
    target.insert("AttributeChangeType".to_owned(), Value::from(kind));
    target
}

fn stronger(one: &'static str, other: &'static str) -> &'static str {
    let rank = |text: &str| match text {
        "True" => 2,
        "Conditional" => 1,
        _ => 0,
    };
    if rank(other) > rank(one) { other } else { one }
}
