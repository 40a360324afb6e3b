//! Calling a schedule's target: one of the common ones, or any API.

use awsapi::states::{Integration, resolve, to_api};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::params::Params;
use crate::target::{DeadLetter, Delivery, is_passing};
use crate::{Aws, AwsError, Scope};

/// The retry policy where none is given, and the longest pause between two tries: so many fit into
/// its day.
const MOST_RETRIES: i64 = 185;
const LONGEST_AGE: i64 = 86_400;
const LONGEST_PAUSE: i64 = 480;

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
        let id = self.aws.ids().uuid();
        let mut tries = 0;
        let (error, exhausted) = loop {
            let Err(error) = self.call(&id, tries + 1).await else {
                return;
            };
            if !is_passing(&error) {
                break (error, None);
            }
            let pause = 1_i64 << (tries + 1).min(9);
            let next = self.again(tries, pause.min(LONGEST_PAUSE));
            match next {
                Ok(at) => self.aws.clock().sleep_until_background(at).await,
                Err(condition) => break (error, Some(condition)),
            }
            tries += 1;
        };
        let schedule = &self.arn;
        tracing::warn!(schedule, %error, "target not invoked");
        self.bury(&id, tries, &error, exhausted).await;
    }

    /// When the target is tried again after so many tries, or what of the policy forbids it.
    fn again(&self, tries: i64, pause: i64) -> Result<Timestamp, &'static str> {
        let policy = self.target.get("RetryPolicy");
        let number = |name: &str, default: i64| {
            policy
                .and_then(|policy| policy.number(name))
                .unwrap_or(default)
        };
        if tries >= number("MaximumRetryAttempts", MOST_RETRIES) {
            return Err("MaximumRetryAttempts");
        }
        let age = SignedDuration::from_secs(number("MaximumEventAgeInSeconds", LONGEST_AGE));
        let last = self.due.saturating_add(age).unwrap_or(Timestamp::MAX);
        let pause = SignedDuration::from_secs(pause);
        let next = self
            .aws
            .clock()
            .now()
            .saturating_add(pause)
            .unwrap_or(Timestamp::MAX);
        if next > last {
            return Err("MaximumEventAgeInSeconds");
        }
        Ok(next)
    }

    /// Leaves an invocation that is given up in the dead-letter queue, where there is one: what the
    /// target was to get, and the attributes that Scheduler's user guide names.
    async fn bury(&self, id: &str, tries: i64, error: &AwsError, exhausted: Option<&str>) {
        let queue = self
            .target
            .get("DeadLetterConfig")
            .and_then(|dead| dead.filled("Arn"));
        let Some(queue) = queue else { return };
        let mut said = vec![
            ("SCHEDULE_ARN", self.arn.clone()),
            ("SCHEDULED_TIME", format!("{:.0}", self.due)),
            ("EXECUTION_ID", id.to_owned()),
            ("IS_PAYLOAD_TRUNCATED", "false".to_owned()),
        ];
        said.extend(exhausted.map(|one| ("EXHAUSTED_RETRY_CONDITION", one.to_owned())));
        let dead = DeadLetter {
            queue: queue.to_owned(),
            said,
        };
        let lost = self.delivery(self.input(id, tries + 1));
        let tries = u32::try_from(tries).unwrap_or(0);
        dead.bury(&self.aws, &lost, error, tries).await;
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
