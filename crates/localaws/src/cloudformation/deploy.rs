//! From a call to what it wants deployed: template, parameters and everything decided by them.

use std::collections::BTreeMap;

use awsapi::AwsError;
use serde_json::{Value, json};

use super::request::{flag, parameters, tags, text, texts};
use super::source::template_text;
use super::stack::{Deployment, Options, Stack};
use super::state::invalid;
use super::status::StackStatus;
use super::template::{Faults, Instance, Parameter, SSM_VALUE, Template, World, decide_parameters};
use super::{CloudFormation, engine};
use crate::Scope;
use crate::resources::Schema;

/// Whose deployment is wanted.
pub(crate) struct Wanted<'a> {
    pub(crate) scope: &'a Scope,
    pub(crate) name: &'a str,
    pub(crate) id: &'a str,
    /// What the stack is now, where it exists.
    pub(crate) previous: Option<&'a Deployment>,
}

/// A deployment with everything that follows from it.
pub(crate) struct Prepared {
    pub(crate) deployment: Deployment,
    pub(crate) template: Template,
    pub(crate) instance: Instance,
}

/// Reads a call, finds all faults of the template and its parameters.
pub(crate) async fn prepare(
    cfn: &CloudFormation,
    wanted: Wanted<'_>,
    input: &Value,
) -> Result<Prepared, AwsError> {
    let previous = wanted.previous;
    let use_previous = flag(input, "UsePreviousTemplate").unwrap_or_default();
    let text_given = template_text(cfn, wanted.scope, input).await?;
    let body = match (text_given, previous, use_previous) {
        (Some(_), _, true) => {
            return Err(invalid(
                "You cannot specify both usePreviousTemplate and Template Body/Template URL.",
            ));
        }
        (Some(text), _, false) => text.into(),
        (None, Some(previous), true) => previous.template.clone(),
        _ => {
            return Err(invalid(
                "Either Template URL or Template Body must be specified.",
            ));
        }
    };
    unsupported_options(input)?;
    let template = Template::parse(&body)?;
    let none = BTreeMap::new();
    let kept = previous.map_or(&none, |previous| &previous.parameters);
    let mut decided = decide_parameters(&template, &parameters(input)?, kept)?;
    resolve_ssm(cfn, wanted.scope, &template, &mut decided).await?;
    let arns = match input.get("NotificationARNs") {
        Some(_) => texts(input, "NotificationARNs"),
        None => previous.map_or_else(Vec::new, |previous| previous.notification_arns.clone()),
    };
    let world = World {
        scope: wanted.scope.clone(),
        stack_name: wanted.name.to_owned(),
        stack_id: wanted.id.to_owned(),
        notification_arns: arns.clone(),
    };
    let instance = Instance::new(&template, &decided, world)?;
    known_types(instance.resources.values().map(|one| one.kind.as_str()))?;
    supported(cfn, &instance)?;
    allowed_types(&instance, &texts(input, "ResourceTypes"))?;
    let capabilities = texts(input, "Capabilities");
    check_capabilities(&template, &capabilities)?;
    let kept_tags = || previous.map(|previous| previous.tags.clone());
    let deployment = Deployment {
        template: body,
        parameters: decided,
        tags: tags(input)?.or_else(kept_tags).unwrap_or_default(),
        capabilities,
        role: text(input, "RoleARN")
            .map(str::to_owned)
            .or_else(|| previous.and_then(|previous| previous.role.clone())),
        notification_arns: arns,
        description: template.description.clone(),
    };
    Ok(Prepared {
        deployment,
        template,
        instance,
    })
}

/// Refuses what would otherwise be ignored.
fn unsupported_options(input: &Value) -> Result<(), AwsError> {
    let triggers = input.pointer("/RollbackConfiguration/RollbackTriggers");
    if triggers
        .and_then(Value::as_array)
        .is_some_and(|list| !list.is_empty())
    {
        return Err(invalid(
            "RollbackTriggers are not supported by this endpoint",
        ));
    }
    Ok(())
}

/// Refuses types that CloudFormation does not know.
pub(crate) fn known_types<'t>(types: impl Iterator<Item = &'t str>) -> Result<(), AwsError> {
    let mut unknown: Vec<&str> = types.filter(|kind| Schema::of(kind).is_none()).collect();
    unknown.sort_unstable();
    unknown.dedup();
    if unknown.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Template format error: Unrecognized resource types: [{}]",
        unknown.join(", ")
    )))
}

/// Refuses what would fail while resources are made, or would be taken without effect: CloudFormation's
/// own types that the engine does not have, and the policies of types that are really made. What
/// is only recorded sends no signals and has no instances to roll, so that its policies stand.
fn supported(cfn: &CloudFormation, instance: &Instance) -> Result<(), AwsError> {
    let mut faults = Faults::default();
    for (name, resource) in &instance.resources {
        if !engine::supports(&resource.kind) {
            faults.add(format!(
                "Resource {name}: resources of type {} are not supported by this endpoint",
                resource.kind
            ));
        } else if !cfn.resources.is_recorded(&resource.kind) {
            let policies = [
                ("CreationPolicy", &resource.creation_policy),
                ("UpdatePolicy", &resource.update_policy),
            ];
            for (policy, _) in policies.iter().filter(|(_, given)| given.is_some()) {
                faults.add(format!(
                    "Resource {name}: {policy} of {} is not supported by this endpoint",
                    resource.kind
                ));
            }
        }
    }
    Ok(faults.or(())?)
}

/// `ResourceTypes` names the types that the caller lets through, `AWS::EC2::*` among them.
fn allowed_types(instance: &Instance, allowed: &[String]) -> Result<(), AwsError> {
    if allowed.is_empty() {
        return Ok(());
    }
    let lets_through = |kind: &str| {
        allowed
            .iter()
            .any(|pattern| match pattern.strip_suffix('*') {
                Some(begin) => kind.starts_with(begin),
                None => kind == pattern,
            })
    };
    let mut others = instance.resources.values().map(|one| one.kind.as_str());
    match others.find(|kind| !lets_through(kind)) {
        Some(kind) => Err(invalid(format!(
            "Resource type {kind} is not among the types that ResourceTypes allows"
        ))),
        None => Ok(()),
    }
}

/// Refuses templates with IAM resources unless the caller knows of them.
fn check_capabilities(template: &Template, given: &[String]) -> Result<(), AwsError> {
    let Some((needed, _)) = template.capabilities() else {
        return Ok(());
    };
    let enough = given
        .iter()
        .any(|one| one == needed || (needed == "CAPABILITY_IAM" && one == "CAPABILITY_NAMED_IAM"));
    if enough {
        return Ok(());
    }
    Err(AwsError::new(
        "InsufficientCapabilitiesException",
        format!("Requires capabilities : [{needed}]"),
    ))
}

/// Looks up what parameters of the types `AWS::SSM::Parameter::Value<…>` stand for.
async fn resolve_ssm(
    cfn: &CloudFormation,
    scope: &Scope,
    template: &Template,
    parameters: &mut BTreeMap<String, Parameter>,
) -> Result<(), AwsError> {
    let mut missing = Vec::new();
    for (name, parameter) in parameters {
        let declaration = template.parameters.get(name);
        if !declaration.is_some_and(|one| one.kind.starts_with(SSM_VALUE)) {
            continue;
        }
        let input = json!({"Name": parameter.value});
        match cfn.aws.call(scope, "ssm", "GetParameter", input).await {
            Ok(answer) => {
                let value = answer.pointer("/Parameter/Value").and_then(Value::as_str);
                parameter.resolved = value.map(str::to_owned);
            }
            Err(error) if error.code == "ParameterNotFound" => {
                missing.push(parameter.value.clone());
            }
            Err(error) => return Err(error),
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    Err(Faults::one(format!(
        "Unable to fetch parameters [{}] from parameter store for this account.",
        missing.join(",")
    ))
    .into())
}

impl CloudFormation {
    /// The ARN of a stack to be made.
    pub(crate) fn new_stack_id(&self, scope: &Scope, name: &str) -> String {
        scope.arn(
            "cloudformation",
            &format!("stack/{name}/{}", self.aws.ids().uuid()),
        )
    }

    /// A stack that is about to be made.
    pub(crate) fn new_stack(
        &self,
        scope: &Scope,
        name: &str,
        id: &str,
        deployment: Deployment,
        options: Options,
    ) -> Stack {
        Stack {
            scope: scope.clone(),
            name: name.to_owned(),
            id: id.to_owned(),
            status: StackStatus::CreateInProgress,
            reason: None,
            created: self.aws.clock().now(),
            updated: None,
            deleted: None,
            current: deployment,
            previous: None,
            outputs: Vec::new(),
            parent: None,
            root: None,
            change_set: None,
            drift: None,
            detecting: None,
            policy: None,
            options,
            token: None,
            cancelled: false,
        }
    }

    /// Puts a new deployment in place of the current one, which is kept until the update is
    /// through.
    pub(crate) fn begin_update(&self, key: &str, deployment: Deployment) {
        let now = self.aws.clock().now();
        self.state.stacks.update(key, |stack| {
            let old = std::mem::replace(&mut stack.current, deployment);
            // After a failed update that was left so, the way back goes to what worked last.
            stack.previous.get_or_insert_with(|| Box::new(old));
            stack.updated = Some(now);
            stack.cancelled = false;
            stack.options.skip.clear();
        });
        self.set_stack_status(key, StackStatus::UpdateInProgress, Some("User Initiated"));
    }
}
