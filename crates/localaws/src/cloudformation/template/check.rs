//! The faults of a template that show without parameters.

use serde_json::Value;

use super::{Faults, Reference, Template, conditions, functions, references, resolve};

/// Finds names that lead nowhere and calls of the wrong form.
pub(super) fn check(template: &Template, faults: &mut Faults) {
    for condition in template.conditions.values() {
        conditions::check(template, condition, faults);
    }
    let mut unresolved = Vec::new();
    for resource in template.resources.values() {
        if let Some(condition) = &resource.condition
            && !template.conditions.contains_key(condition)
        {
            faults.add(format!(
                "Template format error: Unresolved condition dependency {condition} in the Resources block of the template"
            ));
        }
        for value in resource.properties.values().chain(&resource.metadata) {
            calls(template, value, faults);
            unresolved.extend(missing(template, value, faults));
        }
        let targets = resource.depends_on.iter();
        let gone = targets.filter(|name| !template.resources.contains_key(*name));
        unresolved.extend(gone.cloned());
    }
    block(unresolved, "Resources", faults);
    let mut unresolved = Vec::new();
    for output in template.outputs.values() {
        if let Some(condition) = &output.condition
            && !template.conditions.contains_key(condition)
        {
            faults.add(format!(
                "Template format error: Unresolved condition dependency {condition} in the Outputs block of the template"
            ));
        }
        for value in std::iter::once(&output.value).chain(&output.export) {
            calls(template, value, faults);
            unresolved.extend(missing(template, value, faults));
        }
    }
    block(unresolved, "Outputs", faults);
}

/// Tells the names that a block refers to in vain.
pub(super) fn block(mut unresolved: Vec<String>, block: &str, faults: &mut Faults) {
    unresolved.sort();
    unresolved.dedup();
    if !unresolved.is_empty() {
        faults.add(format!(
            "Template format error: Unresolved resource dependencies [{}] in the {block} block of the template",
            unresolved.join(", ")
        ));
    }
}

/// Names in `value` that are neither parameters nor resources.
fn missing(template: &Template, value: &Value, faults: &mut Faults) -> Vec<String> {
    let mut unresolved = Vec::new();
    for reference in references(value) {
        match reference {
            Reference::Name(name) => {
                let known = resolve::is_pseudo(&name)
                    || template.parameters.contains_key(&name)
                    || template.resources.contains_key(&name);
                if !known {
                    unresolved.push(name);
                }
            }
            Reference::Attribute(resource, _) if !template.resources.contains_key(&resource) => {
                faults.add(format!(
                    "Template error: instance of Fn::GetAtt references undefined resource {resource}"
                ));
            }
            Reference::Attribute(..) => {}
        }
    }
    unresolved
}

/// Calls of the wrong form, conditions and mappings that do not exist.
fn calls(template: &Template, value: &Value, faults: &mut Faults) {
    functions::walk(value, &mut |name, argument| {
        if let Some(fault) = functions::fault(name, argument) {
            faults.add(fault);
            return;
        }
        match name {
            "Fn::If" => {
                let condition = argument.get(0).and_then(Value::as_str).unwrap_or_default();
                if !template.conditions.contains_key(condition) {
                    faults.add(format!(
                        "Template error: unresolved condition dependency {condition} in Fn::If"
                    ));
                }
            }
            "Fn::FindInMap" => {
                let map = argument.get(0).and_then(Value::as_str);
                if let Some(map) = map
                    && !template.mappings.contains_key(map)
                    && argument.get(3).is_none()
                {
                    faults.add(format!(
                        "Template error: Mapping named '{map}' is not present in the 'Mappings' section of template."
                    ));
                }
            }
            "Fn::Sub" => {
                let text = functions::sub_parts(argument).map(|(text, _)| text);
                if let Some(Err(fault)) = text.map(functions::pieces) {
                    faults.add(fault);
                }
            }
            "Fn::Equals" | "Fn::And" | "Fn::Or" | "Fn::Not" => faults.add(format!(
                "Template error: {name} can only be used in the Conditions section, not in resources or outputs"
            )),
            _ => {}
        }
    });
}
