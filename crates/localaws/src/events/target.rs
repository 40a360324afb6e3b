//! PutTargets, RemoveTargets, ListTargetsByRule, ListRuleNamesByTarget.

use serde_json::{Value, json};

use super::Inner;
use super::state::{bus_name, rule_key};
use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

/// A rule has at most this many targets.
const MOST: usize = 5;

impl Inner {
    pub(super) fn put_targets(&self, call: &Call) -> Result<Value, AwsError> {
        let rule = self.rule(call, "Rule")?;
        let mut targets = rule.targets.clone();
        for given in call.input.items("Targets") {
            check(given)?;
            let id = given.text("Id");
            match targets.iter_mut().find(|target| target.text("Id") == id) {
                Some(target) => *target = given.clone(),
                None => targets.push(given.clone()),
            }
        }
        if targets.len() > MOST {
            return Err(AwsError::new(
                "LimitExceededException",
                "The requested resource exceeds the maximum number allowed.",
            ));
        }
        self.rules
            .update(&rule.key(), |rule| rule.targets = targets);
        Ok(json!({ "FailedEntryCount": 0, "FailedEntries": [] }))
    }

    pub(super) fn remove_targets(&self, call: &Call) -> Result<Value, AwsError> {
        let rule = self.rule(call, "Rule")?;
        let ids = call.input.texts("Ids");
        self.rules.update(&rule.key(), |rule| {
            rule.targets.retain(|target| {
                let id = target.text("Id").unwrap_or_default();
                !ids.iter().any(|one| one == id)
            });
        });
        Ok(json!({ "FailedEntryCount": 0, "FailedEntries": [] }))
    }

    pub(super) fn list_targets_by_rule(&self, call: &Call) -> Result<Value, AwsError> {
        let rule = self.rule(call, "Rule")?;
        super::bus::list(call, "Targets", rule.targets, "Id")
    }

    pub(super) fn list_rule_names_by_target(&self, call: &Call) -> Result<Value, AwsError> {
        let bus = self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        let arn = call.input.text("TargetArn");
        let rules = self.rules.scan(&rule_key(&call.scope, &bus.name, ""));
        let names = rules
            .into_iter()
            .filter(|(_, rule)| rule.targets.iter().any(|one| one.text("Arn") == arn))
            .map(|(_, rule)| json!(rule.name))
            .collect();
        super::bus::list(call, "RuleNames", names, "")
    }
}

fn check(target: &Value) -> Result<(), AwsError> {
    let invalid = |message: String| Err(AwsError::validation(message));
    let id = target.text("Id").unwrap_or_default();
    let arn = target.text("Arn").unwrap_or_default();
    let Some(parsed) = Arn::parse(arn) else {
        return invalid(format!(
            "Parameter {arn} is not valid. Reason: Provided Arn is not in correct format."
        ));
    };
    let fifo = parsed.service == "sqs" && parsed.resource.ends_with(".fifo");
    let group = target
        .get("SqsParameters")
        .and_then(|sqs| sqs.filled("MessageGroupId"));
    if fifo && group.is_none() {
        return invalid(format!(
            "Parameter(s) SqsParameters must be specified for target: {id}."
        ));
    }
    if parsed.service == "ecs" && target.member("EcsParameters").is_none() {
        return invalid(format!(
            "Parameter(s) EcsParameters must be specified for target: {id}."
        ));
    }
    let inputs = ["Input", "InputPath", "InputTransformer"];
    if inputs
        .iter()
        .filter(|name| target.member(name).is_some())
        .count()
        > 1
    {
        return invalid(format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {id}."
        ));
    }
    if let Some(input) = target.text("Input")
        && serde_json::from_str::<Value>(input).is_err()
    {
        return invalid(format!("JSON syntax error in input for target {id}"));
    }
    if target
        .text("InputPath")
        .is_some_and(|path| !path.starts_with('$'))
    {
        return invalid(format!("Parameter InputPath is not valid for target {id}."));
    }
    if let Some(transformer) = target.member("InputTransformer") {
        super::input::check(transformer).map_err(AwsError::validation)?;
    }
    Ok(())
}
