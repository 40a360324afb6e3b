//! `CreateComputeEnvironment`, `UpdateComputeEnvironment`, `DeleteComputeEnvironment`,
//! `DescribeComputeEnvironments`. Each has a cluster of ECS, where its jobs run.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::{check_name, client, last};
use super::list::list;
use super::tag::{self, Tags};
use crate::params::Params;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct ComputeEnvironment {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) uuid: String,
    /// Members of the API, kept as they were given.
    pub(super) body: Value,
    pub(super) state: String,
    pub(super) tags: Tags,
}

impl ComputeEnvironment {
    fn arn(&self) -> String {
        let place = format!("compute-environment/{}", self.name);
        self.scope.arn("batch", &place)
    }

    /// The name of its cluster.
    pub(super) fn cluster(&self) -> String {
        let name = self.name.get(..96).unwrap_or(&self.name);
        format!("AWSBatch-{name}-{}", self.uuid)
    }

    fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        let cluster = format!("cluster/{}", self.cluster());
        shown["computeEnvironmentName"] = json!(self.name);
        shown["computeEnvironmentArn"] = json!(self.arn());
        shown["ecsClusterArn"] = json!(self.scope.arn("ecs", &cluster));
        shown["state"] = json!(self.state);
        shown["status"] = json!("VALID");
        shown["statusReason"] = json!("ComputeEnvironment Healthy");
        shown["containerOrchestrationType"] = json!("ECS");
        shown["uuid"] = json!(self.uuid);
        shown["tags"] = json!(self.tags);
        shown
    }
}

impl Inner {
    /// The environment that a text names by name or ARN.
    pub(super) fn environment(&self, scope: &Scope, text: &str) -> Option<ComputeEnvironment> {
        self.environments.get(&scope.key(last(text)))
    }

    pub(super) async fn create_compute_environment(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("computeEnvironmentName").unwrap_or_default();
        check_name("computeEnvironmentName", name)?;
        if input.member("eksConfiguration").is_some() {
            return Err(AwsError::not_implemented(
                "batch",
                "CreateComputeEnvironment with eksConfiguration",
            ));
        }
        let kind = input.text("type").unwrap_or_default();
        if kind == "MANAGED" && input.member("computeResources").is_none() {
            return Err(client(
                "computeResources must be provided for a MANAGED compute environment",
            ));
        }
        let mut body = json!({});
        for member in [
            "type",
            "unmanagedvCpus",
            "computeResources",
            "serviceRole",
            "context",
        ] {
            if let Some(value) = input.member(member) {
                body[member] = value.clone();
            }
        }
        let environment = ComputeEnvironment {
            name: name.to_owned(),
            scope: call.scope.clone(),
            uuid: self.aws.ids().uuid(),
            body,
            state: input.text("state").unwrap_or("ENABLED").to_owned(),
            tags: tag::given(input),
        };
        let (arn, cluster) = (environment.arn(), environment.cluster());
        if !self.environments.insert(&call.scope.key(name), environment) {
            return Err(client("Object already exists"));
        }
        let cluster = json!({ "clusterName": cluster });
        self.ecs(&call.scope, "CreateCluster", cluster).await?;
        Ok(json!({ "computeEnvironmentName": name, "computeEnvironmentArn": arn }))
    }

    pub(super) fn update_compute_environment(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = last(input.text("computeEnvironment").unwrap_or_default());
        let updated = self.environments.update(&call.scope.key(name), |row| {
            if let Some(state) = input.text("state") {
                state.clone_into(&mut row.state);
            }
            for member in ["unmanagedvCpus", "serviceRole", "updatePolicy"] {
                if let Some(value) = input.member(member) {
                    row.body[member] = value.clone();
                }
            }
            for (member, value) in input.map("computeResources").into_iter().flatten() {
                row.body["computeResources"][member] = value.clone();
            }
            row.arn()
        });
        let arn = updated.ok_or_else(|| missing(name))?;
        Ok(json!({ "computeEnvironmentName": name, "computeEnvironmentArn": arn }))
    }

    pub(super) async fn delete_compute_environment(&self, call: &Call) -> Result<Value, AwsError> {
        let name = last(call.input.text("computeEnvironment").unwrap_or_default());
        let found = self.environment(&call.scope, name);
        // Gone is gone, as on AWS.
        let Some(found) = found else {
            return Ok(json!({}));
        };
        if found.state != "DISABLED" {
            return Err(client("Cannot delete, state must be DISABLED"));
        }
        let used = self.queues.scan(&call.scope.prefix());
        if used.iter().any(|(_, queue)| queue.uses(name)) {
            return Err(client(
                "Cannot delete, found existing JobQueue relationship",
            ));
        }
        self.environments.remove(&call.scope.key(name));
        let cluster = json!({ "cluster": found.cluster() });
        self.ecs(&call.scope, "DeleteCluster", cluster).await?;
        Ok(json!({}))
    }

    pub(super) fn describe_compute_environments(&self, call: &Call) -> Result<Value, AwsError> {
        let asked = call.input.texts("computeEnvironments");
        let asked: Vec<&str> = asked.iter().map(|name| last(name)).collect();
        let all = self.environments.scan(&call.scope.prefix()).into_iter();
        let wanted = all.filter(|(_, row)| asked.is_empty() || asked.contains(&row.name.as_str()));
        let shown = wanted.map(|(key, row)| (key, row.shown())).collect();
        list(call, "computeEnvironments", shown)
    }

    /// Calls ECS as the service.
    pub(super) async fn ecs(
        &self,
        scope: &Scope,
        action: &str,
        input: Value,
    ) -> Result<Value, AwsError> {
        let reply = self
            .aws
            .call_as("service:batch", scope, "ecs", action, input);
        Ok(reply.await?.output)
    }
}

fn missing(name: &str) -> AwsError {
    client(format!("{name} does not exist"))
}
