//! What is wrong with a pipe. Where Pipes would find out only while it makes the pipe, it is told
//! at once.

use serde_json::{Map, Value, json};

use super::Pipes;
use crate::arn::Arn;
use crate::params::Params;
use crate::pattern::Pattern;
use crate::{AwsError, Scope};

/// Targets that get records here.
const TARGETS: [&str; 7] = ["ecs", "events", "lambda", "logs", "sns", "sqs", "states"];

impl Pipes {
    /// Refuses a pipe that cannot work, with every reason.
    pub(super) async fn check(
        &self,
        scope: &Scope,
        members: &Map<String, Value>,
    ) -> Result<(), AwsError> {
        for name in ["Enrichment", "LogConfiguration"] {
            if members.filled(name).is_some() || members.map(name).is_some() {
                return Err(AwsError::not_implemented("pipes", name));
            }
        }
        let mut faults = Vec::new();
        let source = members.text("Source").unwrap_or_default();
        match Arn::parse(source).map(|arn| arn.service) {
            Some("sqs") => {}
            Some("kinesis" | "dynamodb" | "kafka" | "mq") => {
                return Err(AwsError::not_implemented("pipes", "sources other than SQS"));
            }
            _ => faults.push(format!("Source {source} is not valid.")),
        }
        source_parameters(members, &mut faults);
        let target = members.text("Target").unwrap_or_default();
        let Some(arn) = Arn::parse(target) else {
            faults.push(format!("Target {target} is not valid."));
            return refusal(&faults);
        };
        if !TARGETS.contains(&arn.service) {
            return Err(AwsError::not_implemented(
                "pipes",
                &format!("target {}", arn.service),
            ));
        }
        let parameters = members.map("TargetParameters");
        let of = |name: &str| parameters.and_then(|all| all.map(name));
        if arn.service == "states" && !asks_and_goes(of("StepFunctionStateMachineParameters")) {
            let input = json!({ "stateMachineArn": target });
            let home = arn.scope(scope);
            let machine = self
                .aws
                .call(&home, "stepfunctions", "DescribeStateMachine", input);
            let kind = machine.await.unwrap_or_default();
            if kind.text("type") != Some("EXPRESS") {
                faults.push(
                    "InvocationType REQUEST_RESPONSE, which is the default, is not supported for \
                     state machines of type STANDARD: use FIRE_AND_FORGET."
                        .to_owned(),
                );
            }
        }
        if arn.service == "ecs" && of("EcsTaskParameters").is_none() {
            faults.push("EcsTaskParameters must be specified for an ECS target.".to_owned());
        }
        let fifo = arn.service == "sqs" && arn.resource.ends_with(".fifo");
        let group = of("SqsQueueParameters").and_then(|one| one.filled("MessageGroupId"));
        if fifo && group.is_none() {
            faults.push("MessageGroupId must be specified for a FIFO queue.".to_owned());
        }
        refusal(&faults)
    }
}

/// Whether a state machine is started without waiting for its end.
pub(super) fn asks_and_goes(parameters: Option<&Map<String, Value>>) -> bool {
    parameters.and_then(|one| one.text("InvocationType")) == Some("FIRE_AND_FORGET")
}

fn source_parameters(members: &Map<String, Value>, faults: &mut Vec<String>) {
    let parameters = members.map("SourceParameters");
    let Some(parameters) = parameters else { return };
    for (name, _) in parameters {
        if !["FilterCriteria", "SqsQueueParameters"].contains(&name.as_str()) {
            faults.push(format!("{name} does not match the source."));
        }
    }
    if let Some(queue) = parameters.map("SqsQueueParameters") {
        let batch = queue.number("BatchSize").unwrap_or(10);
        let window = queue.number("MaximumBatchingWindowInSeconds").unwrap_or(0);
        if batch > 10 && window < 1 {
            faults.push(
                "MaximumBatchingWindowInSeconds must be at least 1 where BatchSize is greater \
                 than 10."
                    .to_owned(),
            );
        }
    }
    for filter in filters(members) {
        if let Err(reason) = Pattern::parse(filter) {
            faults.push(format!("Filter pattern {filter} is not valid: {reason}"));
        }
    }
}

/// The patterns of which one must match a record.
pub(super) fn filters(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let parameters = members.map("SourceParameters");
    let criteria = parameters.and_then(|parameters| parameters.map("FilterCriteria"));
    let filters = criteria.map_or(&[][..], |criteria| criteria.items("Filters"));
    filters.iter().filter_map(|filter| filter.filled("Pattern"))
}

fn refusal(faults: &[String]) -> Result<(), AwsError> {
    match faults.is_empty() {
        true => Ok(()),
        false => Err(AwsError::validation(faults.join(" "))),
    }
}
