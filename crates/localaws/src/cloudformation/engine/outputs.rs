//! The outputs of a stack and the names under which it exports them.

use std::collections::BTreeSet;

use super::dynamic;
use super::live::Existing;
use super::run::Run;
use crate::cloudformation::stack::StackOutput;
use crate::cloudformation::template::{Instance, not_text, text_of};

impl Run {
    /// Resolves all outputs. An error is the reason why the operation fails.
    pub(super) async fn outputs(&self, instance: &Instance) -> Result<Vec<StackOutput>, String> {
        let mut outputs = self.resolved_outputs(instance)?;
        let stack = self.stack()?;
        for output in &mut outputs {
            let value = output.value.as_str().into();
            let value = dynamic::resolve(&self.cfn, &stack.scope, value).await?;
            output.value = text_of(&value);
        }
        let mut exported = BTreeSet::new();
        for name in outputs.iter().filter_map(|output| output.export.as_ref()) {
            if !exported.insert(name) {
                return Err(format!(
                    "Export with name {name} is already exported by stack {}. ",
                    stack.name
                ));
            }
            let exporter = self.cfn.state.exporter(&stack.scope, name);
            if let Some((other, _)) = exporter
                && other.id != stack.id
            {
                return Err(format!(
                    "Export with name {name} is already exported by stack {}. Rollback requested by user.",
                    other.name
                ));
            }
        }
        for old in &stack.outputs {
            let Some(name) = &old.export else { continue };
            let now = outputs
                .iter()
                .find(|output| output.export.as_ref() == Some(name));
            if now.is_some_and(|now| now.value == old.value) {
                continue;
            }
            let users = self.cfn.state.importers(&stack.scope, name);
            if !users.is_empty() {
                let verb = match now {
                    Some(_) => format!("Cannot update export {name}"),
                    None => format!("Export {name} cannot be deleted"),
                };
                return Err(format!("{verb} as it is in use by {}", users.join(" and ")));
            }
        }
        Ok(outputs)
    }

    fn resolved_outputs(&self, instance: &Instance) -> Result<Vec<StackOutput>, String> {
        let stack = self.stack()?;
        let existing = Existing::new(&self.cfn.state, &stack);
        let resolver = instance.resolver(&existing);
        let mut outputs = Vec::new();
        for (key, output) in &instance.outputs {
            let Some(value) = resolver.value(&output.value)? else {
                continue;
            };
            if value.is_array() || value.is_object() {
                return Err(not_text(key));
            }
            let export = match &output.export {
                Some(export) => resolver.value(export)?.map(|name| text_of(&name)),
                None => None,
            };
            outputs.push(StackOutput {
                key: key.clone(),
                value: text_of(&value),
                description: output.description.clone(),
                export,
            });
        }
        Ok(outputs)
    }
}
