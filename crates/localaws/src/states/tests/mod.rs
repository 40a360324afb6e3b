//! The service as its users see it: through the API, under a virtual clock.

mod activities;
mod durable;
mod executions;
mod http;
mod jobs;
mod logs;
mod machines;
mod map_runs;
mod redrive;
mod refused;
mod tasks;
mod test_state;
mod tokens;
mod waiting;

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{Aws, AwsError, Clock, Config, Ids, Mark, Scope, Store};

const ROLE: &str = "arn:aws:iam::000000000000:role/test";

fn fast() -> Clock {
    Clock::fast_from("2026-01-01T00:00:00Z".parse().unwrap())
}

/// A local AWS under a clock that starts at a fixed time.
struct World {
    aws: Aws,
    scope: Scope,
}

impl World {
    fn new() -> Self {
        Self::with_ids(Store::memory(), fast(), Ids::seeded(1))
    }

    fn with_store(store: Store) -> Self {
        Self::with_clock(store, fast())
    }

    /// For tests that must keep time from passing while stored executions are taken up. A process
    /// that starts again must not give the ids that the one before gave.
    fn with_clock(store: Store, clock: Clock) -> Self {
        Self::with_ids(store, clock, Ids::random())
    }

    fn with_ids(store: Store, clock: Clock, ids: Ids) -> Self {
        let aws = Aws::start(Config {
            clock,
            store,
            ids,
            endpoint: "http://127.0.0.1:4566".to_owned(),
        });
        Self {
            aws,
            scope: Scope::new("eu-central-1"),
        }
    }

    /// Waits until all that was written is in the file, as answers over HTTP do.
    async fn saved(&self) {
        self.aws.store().settled(Mark::default()).await;
    }

    async fn call(&self, action: &str, input: Value) -> Result<Value, AwsError> {
        let call = self.aws.call(&self.scope, "stepfunctions", action, input);
        let answer = call.await;
        self.saved().await;
        answer
    }

    async fn ok(&self, action: &str, input: Value) -> Value {
        self.call(action, input).await.unwrap()
    }

    async fn refused(&self, action: &str, input: Value) -> (String, String) {
        let error = self.call(action, input).await.unwrap_err();
        (error.code, error.message)
    }

    /// Creates a standard state machine and returns its ARN.
    async fn machine(&self, name: &str, definition: Value) -> String {
        let input = json!({
            "name": name,
            "definition": definition.to_string(),
            "roleArn": ROLE,
        });
        text(
            &self.ok("CreateStateMachine", input).await,
            "stateMachineArn",
        )
    }

    /// Starts an execution and returns its ARN.
    async fn start(&self, machine: &str, input: Value) -> String {
        let input = json!({ "stateMachineArn": machine, "input": input.to_string() });
        text(&self.ok("StartExecution", input).await, "executionArn")
    }

    async fn describe(&self, execution: &str) -> Value {
        self.ok("DescribeExecution", json!({ "executionArn": execution }))
            .await
    }

    /// Waits for the end of an execution and describes it.
    async fn ended(&self, execution: &str) -> Value {
        for _ in 0..100_000 {
            let described = self.describe(execution).await;
            if described["status"] != "RUNNING" {
                return described;
            }
            tokio::task::yield_now().await;
        }
        panic!(
            "{execution} does not end: {}",
            self.types(execution).await.join(" ")
        );
    }

    /// Runs a state machine to its end.
    async fn run(&self, machine: &str, input: Value) -> Value {
        let execution = self.start(machine, input).await;
        self.ended(&execution).await
    }

    /// Types of the events of an execution.
    async fn types(&self, execution: &str) -> Vec<String> {
        let history = json!({ "executionArn": execution, "maxResults": 1000 });
        let history = self.ok("GetExecutionHistory", history).await;
        let events = history["events"].as_array().unwrap().iter();
        events.map(|event| text(event, "type")).collect()
    }

    /// Waits until an execution's history has an event of a type.
    async fn until(&self, execution: &str, event: &str) {
        for _ in 0..100_000 {
            if self.types(execution).await.iter().any(|kind| kind == event) {
                return;
            }
            tokio::task::yield_now().await;
        }
        panic!("{execution} has no {event}");
    }

    async fn put_object(&self, bucket: &str, key: &str, body: &str) {
        let location = json!({ "LocationConstraint": "eu-central-1" });
        let create = json!({ "Bucket": bucket, "CreateBucketConfiguration": location });
        let created = self
            .aws
            .call(&self.scope, "s3", "CreateBucket", create)
            .await;
        assert!(created.is_ok() || created.unwrap_err().code == "BucketAlreadyOwnedByYou");
        let input = json!({ "Bucket": bucket, "Key": key });
        let body = Bytes::from(body.to_owned());
        self.aws
            .call_raw(&self.scope, "s3", "PutObject", input, body)
            .await
            .unwrap();
    }

    async fn object(&self, bucket: &str, key: &str) -> Value {
        let input = json!({ "Bucket": bucket, "Key": key });
        let reply = self
            .aws
            .call_raw(&self.scope, "s3", "GetObject", input, Bytes::new())
            .await;
        serde_json::from_slice(&reply.unwrap().body).unwrap()
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member]
        .as_str()
        .unwrap_or_else(|| panic!("no {member} in {value}"))
        .to_owned()
}

/// A machine of one Pass state.
fn pass() -> Value {
    json!({ "StartAt": "Pass", "States": { "Pass": { "Type": "Pass", "End": true } } })
}

/// A machine that waits for so many seconds.
fn wait(seconds: u64) -> Value {
    json!({
        "StartAt": "Wait",
        "States": { "Wait": { "Type": "Wait", "Seconds": seconds, "End": true } },
    })
}

/// A machine of one Task.
fn task(resource: &str, parameters: Value) -> Value {
    json!({
        "StartAt": "Task",
        "States": {
            "Task": {
                "Type": "Task",
                "Resource": resource,
                "Parameters": parameters,
                "End": true,
            },
        },
    })
}
