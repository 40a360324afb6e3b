//! Starting what rules, schedules, pipes and alarms point at: queues, topics, functions, state
//! machines, tasks of ECS and log groups, by their ARNs.

mod ecs_task;

pub(crate) use ecs_task::small;

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::{Aws, AwsError, Scope};

/// Who gets what.
#[derive(Debug, Clone)]
pub(crate) struct Delivery {
    /// Where the sender lives; the target's ARN may name another region.
    pub(crate) home: Scope,
    pub(crate) arn: String,
    /// JSON, or any text where the target takes any.
    pub(crate) text: String,
    /// The message group for FIFO queues.
    pub(crate) group: Option<String>,
    /// Parameters for a task of ECS, where the target is a cluster.
    pub(crate) ecs: Option<Value>,
    pub(crate) at: Timestamp,
}

impl Delivery {
    /// Delivers once.
    pub(crate) async fn send(&self, aws: &Aws) -> Result<(), AwsError> {
        let Some(arn) = Arn::parse(&self.arn) else {
            return Err(AwsError::validation(format!("no ARN: {}", self.arn)));
        };
        let (scope, text) = (arn.scope(&self.home), &self.text);
        match arn.service {
            "sqs" => {
                let mut input = json!({ "QueueUrl": arn.queue_url(aws), "MessageBody": text });
                if let Some(group) = &self.group {
                    input["MessageGroupId"] = json!(group);
                }
                aws.call(&scope, "sqs", "SendMessage", input).await?;
            }
            "sns" => {
                let input = json!({ "TopicArn": self.arn, "Message": text });
                aws.call(&scope, "sns", "Publish", input).await?;
            }
            "lambda" => {
                let input = json!({ "FunctionName": self.arn, "InvocationType": "Event" });
                let payload = text.clone().into();
                aws.call_raw(&scope, "lambda", "Invoke", input, payload)
                    .await?;
            }
            "states" => {
                let name = aws.ids().uuid();
                let input = json!({ "stateMachineArn": self.arn, "name": name, "input": text });
                aws.call(&scope, "stepfunctions", "StartExecution", input)
                    .await?;
            }
            "ecs" => {
                let parameters = self.ecs.clone().unwrap_or_default();
                ecs_task::run(aws, &scope, &self.arn, &parameters, text).await?;
            }
            "logs" => self.log(aws, &scope, arn.resource).await?,
            other => {
                return Err(AwsError::not_implemented(other, "delivery of events"));
            }
        }
        Ok(())
    }

    async fn log(&self, aws: &Aws, scope: &Scope, resource: &str) -> Result<(), AwsError> {
        let group = resource.strip_prefix("log-group:").unwrap_or(resource);
        let group = group.trim_end_matches(":*");
        let stream = aws.ids().uuid();
        let place = json!({ "logGroupName": group, "logStreamName": stream });
        aws.call(scope, "logs", "CreateLogStream", place.clone())
            .await?;
        let mut put = place;
        put["logEvents"] = json!([{ "timestamp": self.at.as_millisecond(), "message": self.text }]);
        aws.call(scope, "logs", "PutLogEvents", put).await?;
        Ok(())
    }

    /// Delivers, again and again while the target fails through no fault of the message, and gives
    /// up to the dead-letter queue.
    pub(crate) async fn insist(&self, aws: &Aws, retries: u32, dead: Option<&DeadLetter>) {
        let mut tries = 0;
        let (error, exhausted) = loop {
            let Err(error) = self.send(aws).await else {
                return;
            };
            if !is_passing(&error) {
                break (error, None);
            }
            if tries >= retries {
                break (error, Some("MaximumRetryAttempts"));
            }
            tries += 1;
            let pause = std::time::Duration::from_secs(1 << tries.min(8));
            aws.clock().sleep(pause).await;
        };
        tracing::warn!(target = self.arn, %error, "event not delivered");
        if let Some(dead) = dead {
            let mut dead = dead.clone();
            dead.said
                .extend(exhausted.map(|one| ("EXHAUSTED_RETRY_CONDITION", one.to_owned())));
            dead.bury(aws, self, &error, tries).await;
        }
    }
}

/// Whether a target fails through no fault of the message: then it is worth another try.
pub(crate) fn is_passing(error: &AwsError) -> bool {
    let busy = [
        "Throttl",
        "TooManyRequests",
        "SlowDown",
        "RequestLimitExceeded",
    ];
    let throttled = busy.iter().any(|word| error.code.contains(word));
    throttled || (error.status >= 500 && error.code != "NotImplemented")
}

/// Where events go that could not be delivered, and what is said of them there.
#[derive(Debug, Clone)]
pub(crate) struct DeadLetter {
    pub(crate) queue: String,
    /// Attributes beside those that every dead letter has, for example `RULE_ARN`.
    pub(crate) said: Vec<(&'static str, String)>,
}

impl DeadLetter {
    pub(crate) async fn bury(&self, aws: &Aws, lost: &Delivery, error: &AwsError, tries: u32) {
        let text = |value: &str| json!({ "DataType": "String", "StringValue": value });
        let mut attributes = json!({
            "TARGET_ARN": text(&lost.arn),
            "ERROR_CODE": text(&error.code),
            "ERROR_MESSAGE": text(&error.message),
            "RETRY_ATTEMPTS": text(&tries.to_string()),
        });
        for (name, value) in &self.said {
            attributes[*name] = text(value);
        }
        let Some(queue) = Arn::parse(&self.queue) else {
            return;
        };
        let input: Value = json!({
            "QueueUrl": queue.queue_url(aws),
            "MessageBody": lost.text,
            "MessageAttributes": attributes,
        });
        let scope = queue.scope(&lost.home);
        if let Err(error) = aws.call(&scope, "sqs", "SendMessage", input).await {
            tracing::warn!(queue = self.queue, %error, "event lost: no dead-letter queue");
        }
    }
}
