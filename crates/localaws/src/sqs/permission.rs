//! AddPermission and RemovePermission: statements of the queue's policy by their labels.

use serde_json::{Value, json};

use super::state::Queue;
use super::{Sqs, error};
use crate::params::Params;
use crate::{AwsError, Call};

impl Sqs {
    pub(super) fn add_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let label = call.input.filled("Label");
        let label = label.ok_or_else(|| error::missing("Label"))?;
        let mut policy = policy_of(&queue);
        let statements = policy.items("Statement");
        if statements.iter().any(|one| one.text("Sid") == Some(label)) {
            return Err(error::invalid_because(label, "Label", "Already exists."));
        }
        let partition = queue.scope.partition();
        let accounts = call.input.texts("AWSAccountIds");
        let roots: Vec<_> = accounts
            .iter()
            .map(|account| format!("arn:{partition}:iam::{account}:root"))
            .collect();
        let actions = call.input.texts("Actions");
        let actions: Vec<_> = actions
            .iter()
            .map(|action| format!("SQS:{action}"))
            .collect();
        let statement = json!({
            "Sid": label,
            "Effect": "Allow",
            "Principal": { "AWS": one_or_many(roots) },
            "Action": one_or_many(actions),
            "Resource": queue.arn(),
        });
        if let Some(list) = policy.get_mut("Statement").and_then(Value::as_array_mut) {
            list.push(statement);
        }
        self.set_policy(&queue, Some(policy));
        Ok(json!({}))
    }

    pub(super) fn remove_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let queue = self.queue(call)?;
        let label = call.input.text("Label").unwrap_or_default();
        let mut policy = policy_of(&queue);
        let mut left = 0;
        if let Some(list) = policy.get_mut("Statement").and_then(Value::as_array_mut) {
            let before = list.len();
            list.retain(|one| one.text("Sid") != Some(label));
            left = list.len();
            if left == before {
                return Err(error::invalid_because(
                    label,
                    "Label",
                    "can't find label on existing policy.",
                ));
            }
        }
        self.set_policy(&queue, (left > 0).then_some(policy));
        Ok(json!({}))
    }

    fn set_policy(&self, queue: &Queue, policy: Option<Value>) {
        let now = self.aws.clock().now();
        self.queues.update(&queue.key(), |queue| {
            queue.modified = now;
            let attributes = &mut queue.attributes;
            match policy {
                Some(policy) => attributes.insert("Policy".to_owned(), policy.to_string()),
                None => attributes.remove("Policy"),
            }
        });
    }
}

/// The policy with its statements as a list; an empty one where there is none.
fn policy_of(queue: &Queue) -> Value {
    let text = queue.attributes.get("Policy");
    let policy = text.and_then(|text| serde_json::from_str::<Value>(text).ok());
    let mut policy = policy.unwrap_or_else(|| {
        let id = format!("{}/SQSDefaultPolicy", queue.arn());
        json!({ "Version": "2012-10-17", "Id": id, "Statement": [] })
    });
    if policy.get("Statement").is_some_and(Value::is_object) {
        policy["Statement"] = json!([policy["Statement"]]);
    }
    policy
}

fn one_or_many(mut texts: Vec<String>) -> Value {
    match texts.pop() {
        Some(only) if texts.is_empty() => json!(only),
        Some(last) => {
            texts.push(last);
            json!(texts)
        }
        None => json!([]),
    }
}
