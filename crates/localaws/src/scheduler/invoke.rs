//! Calling a schedule's target: one of the common ones, or any API.

use awsapi::states::{Integration, resolve, to_api};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::params::Params;
use crate::target::{DeadLetter, Delivery};
use crate::{Aws, AwsError, Scope};

/// How often a failing target is tried again; what fails on this machine does not heal by waiting
/// for a day.
const MOST_RETRIES: i64 = 3;

/// Services that have targets of their own.
const TEMPLATED: &[&str] = &["ecs", "sqs", "sns", "lambda", "states", "events"];

/// One call of a target.
pub(super) struct Invocation {
    pub(super) aws: Aws,
    pub(super) scope: Scope,
    /// The schedule's.
    pub(super) arn: String,
    pub(super) target: Value,
    pub(super) due: Timestamp,
}

impl Invocation {
    pub(super) async fn run(&self) {
        let policy = self.target.get("RetryPolicy");
        let retries = policy.and_then(|policy| policy.number("MaximumRetryAttempts"));
        let retries = retries.unwrap_or(MOST_RETRIES).clamp(0, MOST_RETRIES);
        let id = self.aws.ids().uuid();
        let mut tries = 0;
        let error = loop {
            let Err(error) = self.call(&id, tries + 1).await else {
                return;
            };
            if error.status < 500 || error.code == "NotImplemented" || tries == retries {
                break error;
            }
            tries += 1;
            let pause = std::time::Duration::from_secs(1 << tries);
            self.aws.clock().sleep(pause).await;
        };
        let schedule = &self.arn;
        tracing::warn!(schedule, %error, "target not invoked");
        let queue = self
            .target
            .get("DeadLetterConfig")
            .and_then(|dead| dead.filled("Arn"));
        if let Some(queue) = queue {
            let dead = DeadLetter {
                queue: queue.to_owned(),
                sender: ("SCHEDULE_ARN", self.arn.clone()),
            };
            let lost = self.delivery(self.input(&id, tries + 1));
            dead.bury(&self.aws, &lost, &error, u32::try_from(tries).unwrap_or(0))
                .await;
        }
    }

    async fn call(&self, id: &str, attempt: i64) -> Result<(), AwsError> {
        let text = self.input(id, attempt);
        let arn = self.target.text("Arn").unwrap_or_default();
        match Arn::parse(arn) {
            Some(parsed) if parsed.service == "scheduler" => self.call_any(arn, &text).await,
            Some(parsed) if parsed.service == "events" => self.put_event(arn, &text).await,
            _ => self.delivery(text).send(&self.aws).await,
        }
    }

    fn delivery(&self, text: String) -> Delivery {
        let group = self
            .target
            .get("SqsParameters")
            .and_then(|sqs| sqs.text("MessageGroupId"));
        Delivery {
            home: self.scope.clone(),
            arn: self.target.text("Arn").unwrap_or_default().to_owned(),
            text,
            group: group.map(str::to_owned),
            ecs: self.target.member("EcsParameters").cloned().map(|mut ecs| {
                let name = self.arn.rsplit('/').next().unwrap_or_default();
                let by: String = format!("chronos-schedule/{name}")
                    .chars()
                    .take(128)
                    .collect();
                ecs["StartedBy"] = json!(by);
                ecs
            }),
            at: self.due,
        }
    }

    async fn put_event(&self, arn: &str, text: &str) -> Result<(), AwsError> {
        let parameters = self.target.get("EventBridgeParameters");
        let parameter = |name: &str| parameters.and_then(|all| all.get(name)).cloned();
        let input = json!({ "Entries": [{
            "EventBusName": arn,
            "Source": parameter("Source"),
            "DetailType": parameter("DetailType"),
            "Detail": text,
            "Resources": [self.arn],
            "Time": self.due,
        }] });
        let answer = self
            .aws
            .call(&self.scope, "events", "PutEvents", input)
            .await?;
        match answer.number("FailedEntryCount") {
            Some(0) => Ok(()),
            _ => {
                let entry = answer.items("Entries").first().cloned().unwrap_or_default();
                let message = entry.text("ErrorMessage").unwrap_or_default();
                Err(AwsError::new(
                    entry.text("ErrorCode").unwrap_or_default(),
                    message,
                ))
            }
        }
    }

    /// A universal target: any operation, its parameters as Step Functions writes them.
    async fn call_any(&self, arn: &str, text: &str) -> Result<(), AwsError> {
        let operation = universal(arn)?;
        let input: Value = serde_json::from_str(text)
            .map_err(|error| AwsError::validation(format!("Input is not valid JSON: {error}")))?;
        let (input, body) = to_api(operation, Integration::Sdk, &input)
            .map_err(|fault| AwsError::validation(format!("{fault:?}")))?;
        let service = operation.service().name();
        self.aws
            .call_raw(&self.scope, service, operation.name(), input, body)
            .await?;
        Ok(())
    }

    /// The target's input with the context attributes filled in.
    fn input(&self, id: &str, attempt: i64) -> String {
        let time = format!("{:.0}", self.due);
        let Some(input) = self.target.text("Input") else {
            return json!({
                "version": "0",
                "id": id,
                "detail-type": "Scheduled Event",
                "source": "aws.scheduler",
                "account": self.scope.account,
                "time": time,
                "region": self.scope.region,
                "resources": [self.arn],
                "detail": "{}",
            })
            .to_string();
        };
        let mut text = input.to_owned();
        for (name, value) in [
            ("schedule-arn", self.arn.as_str()),
            ("scheduled-time", &time),
            ("execution-id", id),
            ("attempt-number", &attempt.to_string()),
        ] {
            text = text.replace(&format!("<aws.scheduler.{name}>"), value);
        }
        text
    }
}

/// Refuses targets that Scheduler refuses, and those that nobody here can call.
pub(super) fn check(target: &Value) -> Result<(), AwsError> {
    let arn = target.text("Arn").unwrap_or_default();
    let invalid = |what: &str| Err(AwsError::validation(format!("{what} {arn}")));
    let Some(parsed) = Arn::parse(arn) else {
        return invalid("Provided Arn is not in correct format:");
    };
    if target.filled("RoleArn").is_none() {
        return Err(AwsError::validation("RoleArn must be specified."));
    }
    if parsed.service == "scheduler" {
        universal(arn)?;
    } else if !TEMPLATED.contains(&parsed.service) {
        return invalid("Invalid target:");
    }
    let needs_json = matches!(parsed.service, "states" | "events");
    if needs_json
        && let Some(input) = target.text("Input")
        && serde_json::from_str::<Value>(input).is_err()
    {
        return Err(AwsError::validation(
            "Invalid Target.Input: it must be valid JSON.",
        ));
    }
    let fifo = parsed.service == "sqs" && parsed.resource.ends_with(".fifo");
    let group = target
        .get("SqsParameters")
        .and_then(|sqs| sqs.filled("MessageGroupId"));
    if fifo && group.is_none() {
        return Err(AwsError::validation(
            "MessageGroupId must be specified for FIFO queues.",
        ));
    }
    if parsed.service == "ecs" && target.get("EcsParameters").is_none() {
        return Err(AwsError::validation("EcsParameters must be specified."));
    }
    if parsed.service == "events" && target.get("EventBridgeParameters").is_none() {
        return Err(AwsError::validation(
            "EventBridgeParameters must be specified.",
        ));
    }
    Ok(())
}

/// The operation of `arn:aws:scheduler:::aws-sdk:<service>:<action>`.
fn universal(arn: &str) -> Result<awsapi::Operation, AwsError> {
    let invalid = || AwsError::validation(format!("Invalid target: {arn}"));
    let (_, rest) = arn.split_once(":aws-sdk:").ok_or_else(invalid)?;
    let (service, action) = rest.split_once(':').ok_or_else(invalid)?;
    resolve(service, action, Integration::Sdk).ok_or_else(invalid)
}
