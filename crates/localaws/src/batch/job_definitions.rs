//! `RegisterJobDefinition`, `DeregisterJobDefinition`, `DescribeJobDefinitions`.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::{all, check_name, client, last};
use super::list::list;
use super::tag::{self, Tags};
use crate::params::Params;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JobDefinition {
    pub(super) name: String,
    pub(super) revision: u64,
    pub(super) scope: Scope,
    pub(super) active: bool,
    /// Members of the API, kept as they were given.
    pub(super) body: Value,
    pub(super) tags: Tags,
}

impl JobDefinition {
    pub(super) fn arn(&self) -> String {
        let place = format!("job-definition/{}:{}", self.name, self.revision);
        self.scope.arn("batch", &place)
    }

    pub(super) fn key(&self) -> String {
        key(&self.scope, &self.name, self.revision)
    }

    fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        shown["jobDefinitionName"] = json!(self.name);
        shown["jobDefinitionArn"] = json!(self.arn());
        shown["revision"] = json!(self.revision);
        shown["status"] = json!(if self.active { "ACTIVE" } else { "INACTIVE" });
        shown["containerOrchestrationType"] = json!("ECS");
        shown["tags"] = json!(self.tags);
        shown
    }
}

fn key(scope: &Scope, name: &str, revision: u64) -> String {
    scope.key(&format!("{name}:{revision:010}"))
}

impl Inner {
    /// The definition that a text names: an ARN or a name, with a revision or without, which means
    /// the newest active one.
    pub(super) fn definition(&self, scope: &Scope, text: &str) -> Option<JobDefinition> {
        let name = last(text);
        if let Some((name, revision)) = name.rsplit_once(':') {
            return self
                .definitions
                .get(&key(scope, name, revision.parse().ok()?));
        }
        let revisions = self.definitions.scan(&scope.key(&format!("{name}:")));
        let newest = revisions.into_iter().rev().map(|(_, found)| found);
        newest.into_iter().find(|found| found.active)
    }

    pub(super) fn register_job_definition(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("jobDefinitionName").unwrap_or_default();
        check_name("jobDefinitionName", name)?;
        for member in ["nodeProperties", "eksProperties", "ecsProperties"] {
            if input.member(member).is_some() {
                let what = format!("RegisterJobDefinition with {member}");
                return Err(AwsError::not_implemented("batch", &what));
            }
        }
        check(input)?;
        let before = self.definitions.scan(&call.scope.key(&format!("{name}:")));
        let last = before.last().map_or(0, |(_, found)| found.revision);
        let mut body = json!({ "parameters": {} });
        for member in [
            "type",
            "parameters",
            "schedulingPriority",
            "containerProperties",
            "retryStrategy",
            "propagateTags",
            "timeout",
            "platformCapabilities",
        ] {
            if let Some(value) = input.member(member) {
                body[member] = value.clone();
            }
        }
        let definition = JobDefinition {
            name: name.to_owned(),
            revision: last + 1,
            scope: call.scope.clone(),
            active: true,
            body,
            tags: tag::given(input),
        };
        let arn = definition.arn();
        self.definitions.put(&definition.key(), definition);
        Ok(json!({ "jobDefinitionName": name, "jobDefinitionArn": arn, "revision": last + 1 }))
    }

    pub(super) fn deregister_job_definition(&self, call: &Call) -> Result<Value, AwsError> {
        let named = call.input.text("jobDefinition").unwrap_or_default();
        if !last(named).contains(':') {
            return Err(client(
                "jobDefinition must be an ARN or a name with its revision",
            ));
        }
        if let Some(found) = self.definition(&call.scope, named) {
            self.definitions
                .update(&found.key(), |definition| definition.active = false);
        }
        Ok(json!({}))
    }

    pub(super) fn describe_job_definitions(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let asked = input.texts("jobDefinitions");
        let found: Vec<(String, JobDefinition)> = if asked.is_empty() {
            let prefix = match input.filled("jobDefinitionName") {
                Some(name) => format!("{}:", last(name)),
                None => String::new(),
            };
            self.definitions.scan(&call.scope.key(&prefix))
        } else {
            let found = asked
                .iter()
                .filter_map(|name| self.definition(&call.scope, name));
            found.map(|one| (one.key(), one)).collect()
        };
        let status = input.filled("status");
        let wanted = |one: &JobDefinition| match status {
            Some("ACTIVE") => one.active,
            Some("INACTIVE") => !one.active,
            _ => true,
        };
        let found = found.into_iter().filter(|(_, one)| wanted(one));
        let mut shown: Vec<_> = found.map(|(key, one)| (key, one.shown())).collect();
        shown.sort_by(|(one, _), (other, _)| one.cmp(other));
        list(call, "jobDefinitions", shown)
    }
}

fn check(input: &Value) -> Result<(), AwsError> {
    let mut faults = Vec::new();
    if input.text("type") == Some("multinode") {
        return Err(AwsError::not_implemented("batch", "multi-node jobs"));
    }
    let Some(container) = input.member("containerProperties") else {
        return Err(client(
            "Error executing request, Exception : Container properties cannot be empty.",
        ));
    };
    if container.filled("image").is_none() {
        faults.push("Container image must not be empty.".to_owned());
    }
    let has = |kind: &str, old: &str| {
        let mut wanted = container.items("resourceRequirements").iter();
        wanted.any(|one| one.text("type") == Some(kind)) || container.number(old).is_some()
    };
    for (kind, old) in [("VCPU", "vcpus"), ("MEMORY", "memory")] {
        if !has(kind, old) {
            faults.push(format!(
                "Container properties should have a {kind} resource requirement."
            ));
        }
    }
    let attempts = input.map("retryStrategy");
    let attempts = attempts.and_then(|strategy| strategy.number("attempts"));
    if attempts.is_some_and(|attempts| !(1..=10).contains(&attempts)) {
        faults.push("Attempts must be between 1 and 10.".to_owned());
    }
    let timeout = input.map("timeout");
    let timeout = timeout.and_then(|timeout| timeout.number("attemptDurationSeconds"));
    if timeout.is_some_and(|seconds| seconds < 60) {
        faults.push("Timeout must be at least 60 seconds.".to_owned());
    }
    all(faults)
}
