//! From a document to the sections of a template.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Faults, Output, ParameterDeclaration, Resource, Template, functions, text_of};

const SECTIONS: [&str; 11] = [
    "AWSTemplateFormatVersion",
    "Conditions",
    "Description",
    "Hooks",
    "Mappings",
    "Metadata",
    "Outputs",
    "Parameters",
    "Resources",
    "Rules",
    "Transform",
];

/// Most members of a section.
const LIMITS: [(&str, &str, usize); 4] = [
    ("Mappings", "mappings", 200),
    ("Outputs", "outputs", 200),
    ("Parameters", "parameters", 200),
    ("Resources", "resources", 500),
];

/// What the names of loops begin with.
const FOR_EACH: &str = "Fn::ForEach";

/// Language extensions are built in, as far as they are functions.
const EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Reads all sections; what is at fault is left out and told.
pub(super) fn read(document: &Value) -> (Template, Faults) {
    let mut faults = Faults::default();
    let mut template = Template::default();
    let Value::Object(document) = document else {
        faults.add("Template format error: unsupported structure.");
        return (template, faults);
    };
    let unknown: Vec<&str> = document
        .keys()
        .map(String::as_str)
        .filter(|key| !SECTIONS.contains(key))
        .collect();
    if !unknown.is_empty() {
        faults.add(format!(
            "Invalid template property or properties [{}]",
            unknown.join(", ")
        ));
    }
    for (name, value) in document {
        if name != "Metadata" {
            whole(&format!("/{name}"), value, &mut faults);
        }
    }
    for (name, members, most) in LIMITS {
        let count = section(document, name, &mut Faults::default()).len();
        if count > most {
            faults.add(format!(
                "Template format error: Number of {members}, {count}, is greater than maximum allowed, {most}"
            ));
        }
    }
    if document.contains_key("Hooks") {
        faults.add("Template format error: the Hooks section is not supported by this endpoint");
    }
    template.version = document.get("AWSTemplateFormatVersion").map(text_of);
    if template
        .version
        .as_deref()
        .is_some_and(|v| v != "2010-09-09")
    {
        faults.add(
            "Template format error: Unsupported template version. Only 2010-09-09 is supported.",
        );
    }
    match document.get("Description") {
        None => {}
        Some(Value::String(text)) if text.len() > 1024 => {
            faults.add("Template format error: Description cannot exceed 1024 bytes.");
        }
        Some(Value::String(text)) => template.description = Some(text.clone()),
        Some(_) => faults.add("Template format error: Description must be a string."),
    }
    template.metadata = document.get("Metadata").cloned();
    template.transforms = transforms(document.get("Transform"), &mut faults);
    for (name, value) in section(document, "Parameters", &mut faults) {
        if !alphanumeric(name) {
            faults.add(format!(
                "Template format error: Parameter name {name} is non alphanumeric."
            ));
        }
        template.parameter_order.push(name.clone());
        let declaration = ParameterDeclaration::read(name, value, &mut faults);
        template.parameters.insert(name.clone(), declaration);
    }
    for (name, value) in section(document, "Mappings", &mut faults) {
        mapping(name, value, &mut faults);
        template.mappings.insert(name.clone(), value.clone());
    }
    for (name, value) in section(document, "Conditions", &mut faults) {
        template.conditions.insert(name.clone(), value.clone());
    }
    for (name, value) in section(document, "Rules", &mut faults) {
        template.rules.insert(name.clone(), value.clone());
    }
    for (name, value) in section(document, "Resources", &mut faults) {
        if let Some(found) = resource(name, value, &mut faults) {
            template.resources.insert(name.clone(), found);
        }
    }
    if section(document, "Resources", &mut Faults::default()).is_empty() {
        faults.add("Template format error: At least one Resources member must be defined.");
    }
    for (name, value) in section(document, "Outputs", &mut faults) {
        if let Some(found) = output(name, value, &mut faults) {
            template.outputs.insert(name.clone(), found);
        }
    }
    (template, faults)
}

fn section<'d>(
    document: &'d Map<String, Value>,
    name: &str,
    faults: &mut Faults,
) -> &'d Map<String, Value> {
    static NONE: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    match document.get(name) {
        Some(Value::Object(section)) => section,
        None | Some(Value::Null) => &NONE,
        Some(_) => {
            faults.add(format!("Template format error: {name} must be an object."));
            &NONE
        }
    }
}

fn transforms(value: Option<&Value>, faults: &mut Faults) -> Vec<String> {
    let list = match value {
        None => Vec::new(),
        Some(Value::Array(list)) => list.iter().map(text_of).collect(),
        Some(one) => vec![text_of(one)],
    };
    for name in &list {
        if name != EXTENSIONS {
            faults.add(functions::macro_call(&format!("Transform {name}")));
        }
    }
    list
}

fn mapping(name: &str, value: &Value, faults: &mut Faults) {
    let Value::Object(keys) = value else {
        faults.add("Template format error: Every Mappings member must be a map".to_owned());
        return;
    };
    for (key, attributes) in keys {
        if !attributes.is_object() {
            faults.add(format!(
                "Template format error: Every Mappings member must be a map of maps: {name}.{key} is none"
            ));
        }
    }
}

fn resource(name: &str, value: &Value, faults: &mut Faults) -> Option<Resource> {
    if name.starts_with(FOR_EACH) || name == "Fn::Transform" {
        return None;
    }
    if !alphanumeric(name) {
        faults.add(format!(
            "Template format error: Resource name {name} is non alphanumeric."
        ));
    }
    let Value::Object(value) = value else {
        faults.add("Template format error: Any Resources member must be an object.");
        return None;
    };
    let mut resource = Resource::default();
    for (key, value) in value {
        match (key.as_str(), value) {
            ("Type", Value::String(kind)) => resource.kind.clone_from(kind),
            ("Properties", Value::Object(properties)) => {
                resource.properties.clone_from(properties);
            }
            ("Properties", Value::Null) => {}
            ("Properties", _) => {
                faults.add("Template format error: Any Properties member must be an object.");
            }
            ("DependsOn", Value::String(one)) => resource.depends_on.push(one.clone()),
            ("DependsOn", Value::Array(all)) if all.iter().all(Value::is_string) => {
                resource.depends_on = all.iter().map(text_of).collect();
            }
            ("DependsOn", _) => {
                faults.add("Template format error: DependsOn must be a string or list of strings.")
            }
            ("Condition", Value::String(name)) => resource.condition = Some(name.clone()),
            ("Condition", _) => faults.add(format!(
                "Template format error: Every Condition member must be a string. [{name}]"
            )),
            ("Metadata", value) => resource.metadata = Some(value.clone()),
            ("CreationPolicy", value) => resource.creation_policy = Some(value.clone()),
            ("UpdatePolicy", value) => resource.update_policy = Some(value.clone()),
            ("DeletionPolicy", value) => {
                let values = ["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"];
                resource.deletion_policy = policy(name, key, value, &values, faults);
            }
            ("UpdateReplacePolicy", value) => {
                let values = ["Delete", "Retain", "Snapshot"];
                resource.update_replace_policy = policy(name, key, value, &values, faults);
            }
            // Custom resources may have a version.
            ("Version" | "Type", _) => {}
            (other, _) => faults.add(format!("Invalid template resource property '{other}'")),
        }
    }
    if resource.kind.is_empty() {
        faults.add(format!(
            "Template format error: [/Resources/{name}] Every Resources object must contain a Type member."
        ));
        return None;
    }
    Some(resource)
}

fn policy(
    resource: &str,
    attribute: &str,
    value: &Value,
    allowed: &[&str],
    faults: &mut Faults,
) -> Option<String> {
    match value {
        Value::String(text) if allowed.contains(&text.as_str()) => Some(text.clone()),
        other => {
            faults.add(format!(
                "Template format error: Unrecognized {attribute} {} for resource {resource}",
                text_of(other)
            ));
            None
        }
    }
}

fn output(name: &str, value: &Value, faults: &mut Faults) -> Option<Output> {
    if !alphanumeric(name) {
        faults.add(format!(
            "Template format error: Output name {name} is non alphanumeric."
        ));
    }
    let Value::Object(members) = value else {
        faults.add(format!(
            "Template format error: Output {name} is malformed."
        ));
        return None;
    };
    for key in members.keys() {
        if !["Value", "Description", "Export", "Condition"].contains(&key.as_str()) {
            faults.add(format!(
                "Template format error: Output {name} is malformed. The field {key} is not supported"
            ));
        }
    }
    let Some(value) = members.get("Value") else {
        faults.add("Template format error: Every Outputs member must contain a Value object");
        return None;
    };
    let export = match members.get("Export") {
        None => None,
        Some(Value::Object(export)) if export.contains_key("Name") => export.get("Name").cloned(),
        Some(_) => {
            faults.add("Template format error: Output Export must contain a Name");
            None
        }
    };
    Some(Output {
        value: value.clone(),
        description: members.get("Description").map(text_of),
        export,
        condition: members.get("Condition").map(text_of),
    })
}

/// Finds what may stand nowhere: nulls, and calls of macros, which may stand beside other members.
fn whole(path: &str, value: &Value, faults: &mut Faults) {
    match value {
        Value::Null => faults.add(format!(
            "Template format error: [{path}] 'null' values are not allowed in templates"
        )),
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                whole(&format!("{path}/{index}"), value, faults);
            }
        }
        Value::Object(map) => {
            for (key, value) in map {
                if key == "Fn::Transform" || key.starts_with(FOR_EACH) {
                    faults.add(functions::macro_call(key));
                }
                whole(&format!("{path}/{key}"), value, faults);
            }
        }
        _ => {}
    }
}

fn alphanumeric(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric())
}
