//! `GetTemplateSummary`.

use awsapi::AwsError;
use serde_json::{Map, Value, json};

use super::describe_stacks::optional;
use super::validate_template::{add_capabilities, check_types};
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::text;
use crate::cloudformation::source::template_text;
use crate::cloudformation::state::invalid;
use crate::cloudformation::template::Template;

pub(super) async fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    if text(&call.input, "StackSetName").is_some() {
        return Err(AwsError::not_implemented(
            "cloudformation",
            "GetTemplateSummary with StackSetName",
        ));
    }
    let given = template_text(cfn, &call.scope, &call.input).await?;
    let body = match (given, text(&call.input, "StackName")) {
        (Some(_), Some(_)) => {
            return Err(invalid(
                "Only one of StackName, TemplateBody or TemplateURL can be specified.",
            ));
        }
        (Some(body), None) => body.into(),
        (None, Some(name)) => cfn.state.stack(&call.scope, name)?.current.template,
        (None, None) => {
            return Err(invalid(
                "Either StackName, StackSetName, Template URL or Template Body must be specified.",
            ));
        }
    };
    let template = Template::parse(&body)?;
    check_types(&template)?;
    let parameters: Vec<Value> = template
        .parameter_order
        .iter()
        .filter_map(|name| {
            let declaration = template.parameters.get(name)?;
            let mut constraints = Map::new();
            if !declaration.allowed_values.is_empty() {
                constraints.insert(
                    "AllowedValues".to_owned(),
                    json!(declaration.allowed_values),
                );
            }
            let mut shown = json!({
                "ParameterKey": name,
                "ParameterType": declaration.kind,
                "NoEcho": declaration.no_echo,
                "ParameterConstraints": constraints,
            });
            if let Value::Object(members) = &mut shown {
                optional(members, "DefaultValue", declaration.default.as_deref());
                optional(members, "Description", declaration.description.as_deref());
            }
            Some(shown)
        })
        .collect();
    let mut answer = Map::from_iter([
        ("Parameters".to_owned(), json!(parameters)),
        ("ResourceTypes".to_owned(), json!(template.resource_types())),
        (
            "ResourceIdentifierSummaries".to_owned(),
            json!(identifiers(cfn, &template)),
        ),
    ]);
    optional(&mut answer, "Description", template.description.as_deref());
    optional(&mut answer, "Version", template.version.as_deref());
    let metadata = template.metadata.as_ref().map(Value::to_string);
    optional(&mut answer, "Metadata", metadata.as_deref());
    add_capabilities(&template, &mut answer);
    Ok(Value::Object(answer))
}

fn identifiers(cfn: &CloudFormation, template: &Template) -> Vec<Value> {
    let types = template.resource_types();
    types
        .iter()
        .filter_map(|kind| {
            let schema = cfn.resources.schema(kind)?;
            let resources = template.resources.iter();
            let logical: Vec<&String> = resources
                .filter(|(_, resource)| resource.kind == *kind)
                .map(|(name, _)| name)
                .collect();
            Some(json!({
                "ResourceType": kind,
                "LogicalResourceIds": logical,
                "ResourceIdentifiers": schema.primary_identifier(),
            }))
        })
        .collect()
}
