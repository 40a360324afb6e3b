//! Types and properties of resources, and the form of outputs.

use cfn::Schema;
use document::{Member, Node};

use super::{View, names};
use crate::check::Checked;
use crate::check::source::nearest;
use crate::ui::suggest;

/// What a resource is made of.
const ATTRIBUTES: [&str; 10] = [
    "Condition",
    "CreationPolicy",
    "DeletionPolicy",
    "DependsOn",
    "Metadata",
    "Properties",
    "Type",
    "UpdatePolicy",
    "UpdateReplacePolicy",
    "Version",
];

const OUTPUT: [&str; 4] = ["Condition", "Description", "Export", "Value"];

pub(super) fn check(view: &View<'_>, checked: &mut Checked) {
    for resource in view.section("Resources") {
        if !resource.key.starts_with("Fn::") {
            self::resource(view, resource, checked);
        }
    }
    for output in view.section("Outputs") {
        if !output.key.starts_with("Fn::") {
            self::output(view, output, checked);
        }
    }
}

fn resource(view: &View<'_>, resource: &Member, checked: &mut Checked) {
    let file = &view.template.file;
    let at = format!("/Resources/{}", resource.key);
    members(view, resource, &at, &ATTRIBUTES, checked);
    let Some(kind) = resource.value.get("Type") else {
        let message = format!("the resource `{}` has no Type", resource.key);
        let span = resource.key_span.clone();
        let finding = file.error(span, "RESOURCE_ATTRIBUTE", message);
        return checked.findings.push(finding.at(at));
    };
    let Some(name) = kind.as_str() else {
        return;
    };
    let Some(schema) = Schema::of(name) else {
        let may_exist = names::is_foreign(name) && (view.has_macros || !name.starts_with("AWS::"));
        if !may_exist {
            let message = format!("there is no resource type `{name}`");
            let finding = file.error(kind.span.clone(), "UNKNOWN_RESOURCE_TYPE", message);
            let known: Vec<String> = cfn::type_names().collect();
            let finding = match suggest(name, known.iter().map(String::as_str)) {
                Some(near) => finding.help(format!("did you mean `{near}`?")),
                None => finding,
            };
            checked.findings.push(finding.at(format!("{at}/Type")));
        }
        return;
    };
    let properties = resource.value.get("Properties");
    let value = properties.map_or_else(|| serde_json::json!({}), Node::to_value);
    for fault in packaged(schema.declared_faults(&value), name) {
        let (path, message) = fault.split_once(": ").unwrap_or(("#", &fault));
        let path = path.trim_start_matches('#');
        let node = properties.map(|properties| nearest(properties, path));
        let key = between(message, "extraneous key [", "]");
        let member = node.zip(key).and_then(|(node, key)| node.member(key));
        let span = match (member, node) {
            (Some(member), _) => member.key_span.clone(),
            // Of what misses something, the head says enough.
            (None, Some(node)) if message.starts_with("required") && !path.is_empty() => {
                let first = node.members().first();
                first.map_or(node.span.clone(), |first| first.key_span.clone())
            }
            (None, Some(node)) if !path.is_empty() => node.span.clone(),
            _ => resource.key_span.clone(),
        };
        let mut finding = file.error(span, "RESOURCE_PROPERTY", message);
        finding.pointer = Some(format!("{at}/Properties{path}"));
        if let Some(key) = key.filter(|_| path.is_empty()) {
            let near = suggest(key, schema.property_names());
            finding.help = near.map(|near| format!("did you mean `{near}`?"));
        }
        checked.findings.push(finding);
    }
}

/// Faults without those that uploading local files mends: a path in place of an object
/// (`aws cloudformation package`).
fn packaged(faults: Vec<String>, kind: &str) -> impl Iterator<Item = String> {
    const PLACES: [(&str, &str); 5] = [
        ("AWS::Lambda::Function", "#/Code:"),
        ("AWS::Lambda::LayerVersion", "#/Content:"),
        (
            "AWS::StepFunctions::StateMachine",
            "#/DefinitionS3Location:",
        ),
        ("AWS::ApiGateway::RestApi", "#/BodyS3Location:"),
        ("AWS::Glue::Job", "#/Command/ScriptLocation:"),
    ];
    let places = PLACES.iter().filter(move |(known, _)| *known == kind);
    let places: Vec<&str> = places.map(|(_, place)| *place).collect();
    faults
        .into_iter()
        .filter(move |fault| !places.iter().any(|place| fault.starts_with(place)))
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> Option<&'t str> {
    text.strip_prefix(before)?
        .split_once(after)
        .map(|(found, _)| found)
}

fn output(view: &View<'_>, output: &Member, checked: &mut Checked) {
    let at = format!("/Outputs/{}", output.key);
    members(view, output, &at, &OUTPUT, checked);
    if output.value.get("Value").is_none() {
        let message = format!("the output `{}` has no Value", output.key);
        let span = output.key_span.clone();
        let finding = view.template.file.error(span, "TEMPLATE_SECTION", message);
        checked.findings.push(finding.at(at));
    }
}

/// Members that a resource or an output does not have.
fn members(view: &View<'_>, whole: &Member, at: &str, known: &[&str], checked: &mut Checked) {
    for member in whole.value.members() {
        let name = member.key.as_str();
        if known.contains(&name) || (view.has_macros && whole.value.get("Type").is_some()) {
            continue;
        }
        let message = format!("`{name}` is no part of it");
        let span = member.key_span.clone();
        let finding = view
            .template
            .file
            .error(span, "RESOURCE_ATTRIBUTE", message);
        let finding = match suggest(name, known.iter().copied()) {
            Some(near) => finding.help(format!("did you mean `{near}`?")),
            None => finding.help(format!("it has {}", known.join(", "))),
        };
        checked.findings.push(finding.at(format!("{at}/{name}")));
    }
}
