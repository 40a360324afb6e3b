//! Life cycles of stacks, in process and under the virtual clock. Resources are of recorded types,
//! so that nothing depends on another service.

mod container_job;
mod drift;
mod lifecycle;
mod nested;
mod queries;
mod real_templates;
mod stopping;

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Aws, AwsError, Clock, Config, Ids, Mark, Scope, Store};

/// A local AWS with a scope to work in.
struct World {
    aws: Aws,
    scope: Scope,
}

impl World {
    fn new() -> Self {
        Self::on(Store::memory())
    }

    fn on(store: Store) -> Self {
        let aws = Aws::start(Config {
            clock: Clock::fast(),
            store,
            ids: Ids::seeded(1),
            endpoint: "http://127.0.0.1:4566".to_owned(),
        });
        Self {
            aws,
            scope: Scope::new("eu-central-1"),
        }
    }

    async fn try_call(&self, action: &str, input: Value) -> Result<Value, AwsError> {
        let call = self.aws.call(&self.scope, "cloudformation", action, input);
        let answer = call.await;
        // As the endpoint does: what was answered is there after a restart.
        self.aws.store().settled(Mark::default()).await;
        answer
    }

    async fn call(&self, action: &str, input: Value) -> Value {
        let answer = self.try_call(action, input).await;
        answer.unwrap_or_else(|error| panic!("{action}: {error}"))
    }

    async fn refused(&self, action: &str, input: Value) -> String {
        let answer = self.try_call(action, input).await;
        answer.expect_err(action).to_string()
    }

    /// Waits for the end of an operation and answers the stack.
    async fn settled(&self, name: &str) -> Value {
        loop {
            let answer = self
                .call("DescribeStacks", json!({"StackName": name}))
                .await;
            let stack = answer["Stacks"][0].clone();
            if !stack["StackStatus"]
                .as_str()
                .unwrap()
                .ends_with("_IN_PROGRESS")
            {
                return stack;
            }
            self.aws.clock().sleep(Duration::from_millis(200)).await;
        }
    }

    /// Makes a stack and expects that to go well.
    async fn deploy(&self, name: &str, template: &str) -> Value {
        let input = json!({"StackName": name, "TemplateBody": template, "Capabilities": ["CAPABILITY_NAMED_IAM"]});
        let id = self.call("CreateStack", input).await["StackId"].clone();
        let stack = self.settled(id.as_str().unwrap()).await;
        assert_eq!(stack["StackStatus"], "CREATE_COMPLETE", "{stack:#}");
        stack
    }

    /// Status and reason of every event, oldest first: `Vpc CREATE_COMPLETE`.
    async fn events(&self, name: &str) -> Vec<String> {
        let answer = self
            .call("DescribeStackEvents", json!({"StackName": name}))
            .await;
        let events = answer["StackEvents"].as_array().unwrap().iter().rev();
        events
            .map(|event| {
                let reason = event["ResourceStatusReason"].as_str().unwrap_or_default();
                let text = format!(
                    "{} {} {reason}",
                    event["LogicalResourceId"].as_str().unwrap(),
                    event["ResourceStatus"].as_str().unwrap(),
                );
                text.trim_end().to_owned()
            })
            .collect()
    }

    /// Physical ids by logical id.
    async fn physical(&self, name: &str) -> Value {
        let answer = self
            .call("ListStackResources", json!({"StackName": name}))
            .await;
        let rows = answer["StackResourceSummaries"].as_array().unwrap().iter();
        rows.map(|row| {
            let logical = row["LogicalResourceId"].as_str().unwrap().to_owned();
            (logical, row["PhysicalResourceId"].clone())
        })
        .collect::<serde_json::Map<_, _>>()
        .into()
    }
}
