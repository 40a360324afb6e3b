//! Resolves a resource's properties with what its stack has made so far.

use std::cell::RefCell;

use serde_json::Value;

use super::dynamic;
use super::run::Run;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::stack::Stack;
use crate::cloudformation::state::State;
use crate::cloudformation::template::{Instance, Lookup, Resource};

/// The resources of one stack and the exports of all.
pub(crate) struct Existing<'a> {
    state: &'a State,
    stack: &'a Stack,
    key: String,
    /// Names of the exports that were asked for.
    imports: RefCell<Vec<String>>,
}

impl<'a> Existing<'a> {
    pub(crate) fn new(state: &'a State, stack: &'a Stack) -> Self {
        Self {
            state,
            stack,
            key: stack.key(),
            imports: RefCell::default(),
        }
    }

    pub(crate) fn into_imports(self) -> Vec<String> {
        self.imports.into_inner()
    }
}

impl Lookup for Existing<'_> {
    fn reference(&self, resource: &str) -> Result<Value, String> {
        let key = format!("{}/{resource}", self.key);
        let row = self.state.resources.get(&key);
        let physical = row.and_then(|row| row.live.physical);
        physical
            .map(Value::String)
            .ok_or_else(|| format!("Template error: the resource {resource} has no physical id"))
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, String> {
        let key = format!("{}/{resource}", self.key);
        let row = self.state.resources.get(&key);
        let Some(row) = row else {
            return Err(format!(
                "Template error: instance of Fn::GetAtt references undefined resource {resource}"
            ));
        };
        if let Some(value) = row.live.attributes.get(attribute) {
            return Ok(value.clone());
        }
        // Some types give declared properties, too: `Vpc.CidrBlock`.
        let declared = attribute.replace('.', "/");
        if let Some(value) = row.live.properties.pointer(&format!("/{declared}")) {
            return Ok(value.clone());
        }
        if row.live.kind == "AWS::CloudFormation::Stack" {
            return Err(format!(
                "Output '{}' not found in stack '{}'",
                attribute.strip_prefix("Outputs.").unwrap_or(attribute),
                row.live.physical.as_deref().unwrap_or(resource),
            ));
        }
        Err(format!(
            "Requested attribute {attribute} does not exist in schema for {}",
            row.live.kind
        ))
    }

    fn export(&self, name: &str) -> Result<Value, String> {
        let Some((_, value)) = self.state.exporter(&self.stack.scope, name) else {
            return Err(format!("No export named {name} found"));
        };
        let mut imports = self.imports.borrow_mut();
        if !imports.iter().any(|known| known == name) {
            imports.push(name.to_owned());
        }
        Ok(Value::String(value))
    }
}

/// Resolved parts of a declared resource.
pub(super) struct Resolved {
    pub(super) properties: Value,
    pub(super) metadata: Option<Value>,
    pub(super) imports: Vec<String>,
}

impl Run {
    pub(super) async fn resolve(
        &self,
        instance: &Instance,
        declared: &Resource,
    ) -> Result<Resolved, String> {
        let stack = self.stack()?;
        let mut resolved = resolve(&self.cfn, &stack, instance, declared)?;
        resolved.properties =
            dynamic::resolve(&self.cfn, &stack.scope, resolved.properties).await?;
        Ok(resolved)
    }
}

fn resolve(
    cfn: &CloudFormation,
    stack: &Stack,
    instance: &Instance,
    declared: &Resource,
) -> Result<Resolved, String> {
    let existing = Existing::new(&cfn.state, stack);
    let resolver = instance.resolver(&existing);
    let properties = Value::Object(resolver.object(&declared.properties)?);
    let metadata = match &declared.metadata {
        Some(metadata) => resolver.value(metadata)?,
        None => None,
    };
    Ok(Resolved {
        properties,
        metadata,
        imports: existing.into_imports(),
    })
}
