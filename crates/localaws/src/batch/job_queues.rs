//! `CreateJobQueue`, `UpdateJobQueue`, `DeleteJobQueue`, `DescribeJobQueues`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::compute_environments::ComputeEnvironment;
use super::error::{all, check_name, client, last};
use super::list::list;
use super::tag::{self, Tags};
use crate::params::Params;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JobQueue {
    pub(super) name: String,
    pub(super) scope: Scope,
    pub(super) state: String,
    /// Members of the API, kept as they were given.
    body: Value,
    pub(super) tags: Tags,
}

impl JobQueue {
    pub(super) fn arn(&self) -> String {
        self.scope.arn("batch", &format!("job-queue/{}", self.name))
    }

    /// Names or ARNs of its compute environments, in order.
    fn environments(&self) -> Vec<String> {
        let mut order = self.body.items("computeEnvironmentOrder").to_vec();
        order.sort_by_key(|one| one.number("order"));
        let names = order
            .iter()
            .filter_map(|one| one.text("computeEnvironment"));
        names.map(str::to_owned).collect()
    }

    pub(super) fn uses(&self, environment: &str) -> bool {
        let mut names = self.environments().into_iter();
        names.any(|name| last(&name) == environment)
    }

    fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        shown["jobQueueName"] = json!(self.name);
        shown["jobQueueArn"] = json!(self.arn());
        shown["state"] = json!(self.state);
        shown["status"] = json!("VALID");
        shown["statusReason"] = json!("JobQueue Healthy");
        shown["tags"] = json!(self.tags);
        shown
    }
}

impl Inner {
    /// The queue that a text names by name or ARN.
    pub(super) fn queue(&self, scope: &Scope, text: &str) -> Option<JobQueue> {
        self.queues.get(&scope.key(last(text)))
    }

    /// The first of a queue's environments that takes jobs.
    pub(super) fn environment_of(&self, queue: &JobQueue) -> Option<ComputeEnvironment> {
        let names = queue.environments().into_iter();
        let mut found = names.filter_map(|name| self.environment(&queue.scope, &name));
        found.find(|environment| environment.state == "ENABLED")
    }

    fn check_order(&self, call: &Call) -> Result<(), AwsError> {
        let order = call.input.items("computeEnvironmentOrder").iter();
        let names = order.filter_map(|one| one.text("computeEnvironment"));
        let unknown = names.filter(|name| self.environment(&call.scope, name).is_none());
        all(unknown
            .map(|name| format!("Compute environment {name} does not exist."))
            .collect())
    }

    pub(super) fn create_job_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("jobQueueName").unwrap_or_default();
        check_name("jobQueueName", name)?;
        if input.items("computeEnvironmentOrder").is_empty() {
            return Err(client("computeEnvironmentOrder must not be empty"));
        }
        self.check_order(call)?;
        let mut body = json!({});
        update(&mut body, input);
        let queue = JobQueue {
            name: name.to_owned(),
            scope: call.scope.clone(),
            state: input.text("state").unwrap_or("ENABLED").to_owned(),
            body,
            tags: tag::given(input),
        };
        let arn = queue.arn();
        if !self.queues.insert(&call.scope.key(name), queue) {
            return Err(client("Object already exists"));
        }
        Ok(json!({ "jobQueueName": name, "jobQueueArn": arn }))
    }

    pub(super) fn update_job_queue(&self, call: &Call) -> Result<Value, AwsError> {
        self.check_order(call)?;
        let name = last(call.input.text("jobQueue").unwrap_or_default());
        let updated = self.queues.update(&call.scope.key(name), |queue| {
            if let Some(state) = call.input.text("state") {
                state.clone_into(&mut queue.state);
            }
            update(&mut queue.body, &call.input);
            queue.arn()
        });
        let arn = updated.ok_or_else(|| client(format!("{name} does not exist")))?;
        Ok(json!({ "jobQueueName": name, "jobQueueArn": arn }))
    }

    pub(super) fn delete_job_queue(&self, call: &Call) -> Result<Value, AwsError> {
        let name = last(call.input.text("jobQueue").unwrap_or_default());
        // Gone is gone, as on AWS.
        let Some(queue) = self.queue(&call.scope, name) else {
            return Ok(json!({}));
        };
        if queue.state != "DISABLED" {
            return Err(client("Cannot delete, state must be DISABLED"));
        }
        self.queues.remove(&call.scope.key(name));
        Ok(json!({}))
    }

    pub(super) fn describe_job_queues(&self, call: &Call) -> Result<Value, AwsError> {
        let asked = call.input.texts("jobQueues");
        let asked: Vec<&str> = asked.iter().map(|name| last(name)).collect();
        let all = self.queues.scan(&call.scope.prefix()).into_iter();
        let wanted = all.filter(|(_, row)| asked.is_empty() || asked.contains(&row.name.as_str()));
        let shown = wanted.map(|(key, row)| (key, row.shown())).collect();
        list(call, "jobQueues", shown)
    }
}

fn update(body: &mut Value, input: &Value) {
    for member in [
        "schedulingPolicyArn",
        "priority",
        "computeEnvironmentOrder",
        "jobStateTimeLimitActions",
    ] {
        if let Some(value) = input.member(member) {
            body[member] = value.clone();
        }
    }
}
