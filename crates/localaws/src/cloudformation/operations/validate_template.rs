//! `ValidateTemplate`.

use awsapi::AwsError;
use serde_json::{Map, Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::deploy::known_types;
use crate::cloudformation::source::template_text;
use crate::cloudformation::state::invalid;
use crate::cloudformation::template::Template;

pub(super) async fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let text = template_text(cfn, &call.scope, &call.input).await?;
    let text =
        text.ok_or_else(|| invalid("Either Template URL or Template Body must be specified."))?;
    let template = Template::parse(&text)?;
    check_types(&template)?;
    let parameters: Vec<Value> = template
        .parameter_order
        .iter()
        .filter_map(|name| {
            let declaration = template.parameters.get(name)?;
            let mut shown = json!({"ParameterKey": name, "NoEcho": declaration.no_echo});
            if let Value::Object(members) = &mut shown {
                optional(members, "DefaultValue", declaration.default.as_deref());
                optional(members, "Description", declaration.description.as_deref());
            }
            Some(shown)
        })
        .collect();
    let mut answer = Map::from_iter([("Parameters".to_owned(), json!(parameters))]);
    optional(&mut answer, "Description", template.description.as_deref());
    add_capabilities(&template, &mut answer);
    Ok(Value::Object(answer))
}

/// A type behind a condition may be one that is never made.
pub(super) fn check_types(template: &Template) -> Result<(), AwsError> {
    let resources = template.resources.values();
    let always = resources.filter(|resource| resource.condition.is_none());
    known_types(always.map(|resource| resource.kind.as_str()))
}

/// Which capabilities are needed, why, and which transforms are declared.
pub(super) fn add_capabilities(template: &Template, answer: &mut Map<String, Value>) {
    if let Some((capability, reason)) = template.capabilities() {
        answer.insert("Capabilities".to_owned(), json!([capability]));
        answer.insert("CapabilitiesReason".to_owned(), json!(reason));
    }
    if !template.transforms.is_empty() {
        answer.insert("DeclaredTransforms".to_owned(), json!(template.transforms));
    }
}
