//! A local AWS for tests: in memory, with a virtual clock that begins at a fixed time.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Aws, AwsError, Clock, Config, Ids, Scope, Store};

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
        let aws = Aws::start(Config {
            clock: Clock::fast_from(time.parse().unwrap()),
            store,
            ids: Ids::seeded(1),
            endpoint: "http://127.0.0.1:4566".to_owned(),
        });
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
        self.aws.clock().track(call).await
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
