//! A local AWS for tests: in memory, with a virtual clock that begins at a fixed time.

use std::time::Duration;

use awsapi::{Kind, Shape};
use serde_json::{Value, json};

use crate::ecs::Containers;
use crate::{Aws, AwsError, Clock, Config, Ids, Mark, Scope, Store};

/// A client of a fresh local AWS in `eu-central-1`.
pub(crate) struct Door {
    pub(crate) aws: Aws,
    pub(crate) scope: Scope,
}

impl Door {
    /// Time begins on 22 November 2026, a Sunday, at 10:00 UTC.
    pub(crate) fn open() -> Self {
        Self::open_at("2026-11-22T10:00:00Z", Store::memory())
    }

    pub(crate) fn open_at(time: &str, store: Store) -> Self {
        Self::make(time, store, Containers::Processes)
    }

    /// With containers that run in another way than as processes.
    pub(crate) fn open_with(containers: Containers) -> Self {
        Self::make("2026-11-22T10:00:00Z", Store::memory(), containers)
    }

    fn make(time: &str, store: Store, containers: Containers) -> Self {
        let config = Config {
            clock: Clock::fast_from(time.parse().unwrap()),
            store,
            ids: Ids::seeded(1),
            endpoint: "http://127.0.0.1:4566".to_owned(),
        };
        let aws = Aws::start_with(config, containers);
        let scope = Scope::new("eu-central-1");
        Self { aws, scope }
    }

    pub(crate) async fn call(
        &self,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Value, AwsError> {
        let call = self.aws.call(&self.scope, service, action, input);
        let output = self.aws.clock().track(call).await;
        // As the endpoint does: what was answered is there after a restart.
        self.aws.store().settled(Mark::default()).await;
        output
    }

    pub(crate) async fn ok(&self, service: &str, action: &str, input: Value) -> Value {
        self.call(service, action, input).await.unwrap()
    }

    /// The code of the error that the call must answer.
    pub(crate) async fn code(&self, service: &str, action: &str, input: Value) -> String {
        self.call(service, action, input).await.unwrap_err().code
    }

    /// Lets virtual time pass.
    pub(crate) async fn pass(&self, seconds: u64) {
        let sleep = self.aws.clock().sleep(Duration::from_secs(seconds));
        self.aws.clock().track(sleep).await;
    }

    /// Makes a queue and gives its URL and ARN.
    pub(crate) async fn queue(&self, name: &str) -> (String, String) {
        let fifo = name.ends_with(".fifo");
        let attributes = if fifo {
            json!({ "FifoQueue": "true" })
        } else {
            json!({})
        };
        let input = json!({ "QueueName": name, "Attributes": attributes });
        let made = self.ok("sqs", "CreateQueue", input).await;
        (
            made["QueueUrl"].as_str().unwrap().to_owned(),
            self.scope.arn("sqs", name),
        )
    }

    /// Takes the bodies of up to ten messages out of a queue, read as JSON where they are.
    pub(crate) async fn messages(&self, url: &str) -> Vec<Value> {
        let input = json!({ "QueueUrl": url, "MaxNumberOfMessages": 10, "WaitTimeSeconds": 1 });
        let got = self.ok("sqs", "ReceiveMessage", input).await;
        let mut bodies = Vec::new();
        for message in got["Messages"].as_array().into_iter().flatten() {
            let handle = &message["ReceiptHandle"];
            let delete = json!({ "QueueUrl": url, "ReceiptHandle": handle });
            self.ok("sqs", "DeleteMessage", delete).await;
            let body = message["Body"].as_str().unwrap();
            let body = serde_json::from_str(body).unwrap_or_else(|_| Value::from(body));
            bodies.push(body);
        }
        bodies
    }
}

/// Fails for an output that could not be sent to a client.
pub(crate) fn must_be_sendable(service: &str, action: &str, output: &Value) {
    let operation = awsapi::service(service).and_then(|one| one.operation(action));
    if let Some(shape) = operation.and_then(awsapi::Operation::output) {
        must_fit(shape, output, action);
    }
}

fn must_fit(shape: Shape, value: &Value, place: &str) {
    let fits = match shape.kind() {
        Kind::Structure => value.is_object() || shape.is_document(),
        Kind::Map => value.is_object(),
        Kind::List => value.is_array(),
        Kind::String | Kind::Blob | Kind::Timestamp => value.is_string(),
        Kind::Boolean => value.is_boolean(),
        Kind::Integer | Kind::Long => value.is_i64() || value.is_u64(),
        Kind::Float | Kind::Double => value.is_number(),
    };
    // Absent members may be null, nothing else.
    assert!(
        fits || value.is_null(),
        "{place}: {value} is no {:?}",
        shape.kind()
    );
    match (shape.kind(), value) {
        (Kind::Structure, Value::Object(members)) if !shape.is_document() => {
            for (name, value) in members {
                let member = shape.member(name);
                let member = member.unwrap_or_else(|| panic!("{place} has no member {name}"));
                must_fit(member.shape(), value, &format!("{place}.{name}"));
            }
        }
        (Kind::Map, Value::Object(values)) => {
            for value in values.values() {
                must_fit(shape.value().unwrap().shape(), value, place);
            }
        }
        (Kind::List, Value::Array(items)) => {
            for item in items {
                must_fit(shape.element().unwrap().shape(), item, place);
            }
        }
        _ => {}
    }
}
