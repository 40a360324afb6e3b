//! `RunTask`.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{ContainerState, Status, Task, Times};
use crate::ecs::clusters::check_strategy;
use crate::ecs::error::{client, invalid};
use crate::ecs::names::last;
use crate::ecs::task_definitions::{TaskDefinition, size};
use crate::ecs::{Inner, tag};
use crate::params::Params;
use crate::{AwsError, Call};

/// How long stopped tasks are shown.
const KEPT: SignedDuration = SignedDuration::from_hours(1);

impl Inner {
    pub(in crate::ecs) fn run_task(self: &Arc<Self>, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let cluster = self.cluster(call)?;
        let named = input.text("taskDefinition").unwrap_or_default();
        let definition = self.definition(&call.scope, named);
        let definition = definition.ok_or_else(|| client("TaskDefinition not found."))?;
        if !definition.is_active() {
            return Err(client("TaskDefinition is inactive"));
        }
        let count = input.number("count").unwrap_or(1);
        if !(1..=10).contains(&count) {
            return Err(invalid("count should be between 1 and 10"));
        }
        let strategy = input.items("capacityProviderStrategy");
        let (launch_type, provider) = match (input.text("launchType"), strategy) {
            (Some(_), [_, ..]) => {
                return Err(invalid(
                    "Specifying both a launch type and capacity provider strategy is not \
                     supported. Remove one and try again.",
                ));
            }
            (Some(launch_type), []) => (launch_type, None),
            (None, []) if cluster.default_strategy.is_empty() => ("EC2", None),
            (None, given) => {
                let strategy = match given {
                    [] => cluster.default_strategy.as_slice(),
                    given => given,
                };
                check_strategy(strategy, &cluster.capacity_providers)?;
                ("FARGATE", Some(heaviest(strategy)))
            }
        };
        check(input, &definition, launch_type)?;
        self.forget_old(call);
        let token = input.filled("clientToken");
        let tasks = match token.map(|token| self.started_with(call, &cluster.name, token)) {
            Some(tasks) if !tasks.is_empty() => tasks,
            _ => (0..count)
                .map(|_| {
                    let mut task = self.new_task(call, &cluster.name, &definition, launch_type);
                    task.capacity_provider.clone_from(&provider);
                    self.tasks.put(&task.key(), task.clone());
                    self.announce(&task);
                    self.begin_life(task.key());
                    task
                })
                .collect(),
        };
        let tasks: Vec<Value> = tasks.iter().map(Task::shown_with_tags).collect();
        Ok(json!({ "tasks": tasks, "failures": [] }))
    }

    fn new_task(
        &self,
        call: &Call,
        cluster: &str,
        definition: &TaskDefinition,
        launch_type: &str,
    ) -> Task {
        let input = &call.input;
        let text = |name: &str| input.filled(name).map(str::to_owned);
        let ids = self.aws.ids();
        let overrides = input.member("overrides").cloned().unwrap_or(json!({}));
        let mut overrides = normal_overrides(overrides);
        if let Some(members) = overrides.as_object_mut() {
            members.retain(|_, value| !value.is_null());
        }
        let network = input.map("networkConfiguration");
        let network = network.and_then(|network| network.map("awsvpcConfiguration"));
        let subnets = network.map(|network| network.texts("subnets"));
        let mut tags = tag::given(input);
        if input.text("propagateTags") == Some("TASK_DEFINITION") {
            for (key, value) in &definition.tags {
                tags.entry(key.clone()).or_insert_with(|| value.clone());
            }
        }
        let containers = definition.containers().iter().map(|container| {
            let number = |name: &str| container.number(name).map(|number| number.to_string());
            ContainerState {
                id: ids.uuid(),
                name: container.text("name").unwrap_or_default().to_owned(),
                image: container.text("image").unwrap_or_default().to_owned(),
                cpu: number("cpu").unwrap_or_else(|| "0".to_owned()),
                memory: number("memory"),
                status: Status::Pending,
                runtime_id: None,
                mark: None,
                exit_code: None,
                reason: None,
            }
        });
        let fargate = launch_type == "FARGATE";
        let platform = match input.filled("platformVersion") {
            None | Some("LATEST") => "1.4.0",
            Some(version) => version,
        };
        Task {
            scope: call.scope.clone(),
            cluster: cluster.to_owned(),
            id: ids.hex(32),
            definition_arn: definition.arn(),
            family: definition.family.clone(),
            definition: definition.body.clone(),
            launch_type: launch_type.to_owned(),
            capacity_provider: None,
            platform_version: fargate.then(|| platform.to_owned()),
            group: text("group").unwrap_or_else(|| format!("family:{}", definition.family)),
            started_by: text("startedBy"),
            client_token: text("clientToken"),
            subnet: subnets.and_then(|subnets| subnets.first().cloned()),
            zone: format!("{}a", call.scope.region),
            execute_command: input.flag("enableExecuteCommand"),
            tags,
            last_status: Status::Provisioning,
            stop: None,
            version: 1,
            containers: containers.collect(),
            overrides,
            times: Times {
                created: self.aws.clock().now(),
                ..Times::default()
            },
        }
    }

    /// The tasks that an earlier call with the same token started.
    fn started_with(&self, call: &Call, cluster: &str, token: &str) -> Vec<Task> {
        let mut tasks = Vec::new();
        let prefix = call.scope.key(&format!("{cluster}/"));
        self.tasks.walk(&prefix, "", |_, task| {
            if task.client_token.as_deref() == Some(token) {
                tasks.push(task.clone());
            }
            true
        });
        tasks
    }

    /// Forgets tasks that stopped long ago.
    fn forget_old(&self, call: &Call) {
        let now = self.aws.clock().now();
        let mut old = Vec::new();
        self.tasks.walk(&call.scope.prefix(), "", |key, task| {
            let stopped = task.times.stopped;
            if stopped.is_some_and(|stopped| now.duration_since(stopped) > KEPT) {
                old.push(key.to_owned());
            }
            true
        });
        for key in old {
            self.tasks.remove(&key);
        }
    }
}

/// The provider that a strategy gives most tasks to, its base first.
fn heaviest(strategy: &[Value]) -> String {
    let rank = |item: &&Value| (item.number("base"), item.number("weight").unwrap_or(0));
    let item = strategy.iter().rev().max_by_key(rank);
    let name = item.and_then(|item| item.text("capacityProvider"));
    last(name.unwrap_or("FARGATE")).to_owned()
}

fn check(input: &Value, definition: &TaskDefinition, launch_type: &str) -> Result<(), AwsError> {
    let mut faults = Vec::new();
    match launch_type {
        "FARGATE" if !definition.suits_fargate() => {
            faults.push("Task definition does not support launch_type FARGATE.".to_owned());
        }
        "EXTERNAL" | "MANAGED_INSTANCES" => faults.push(format!(
            "The launch type {launch_type} has no capacity on this endpoint."
        )),
        _ => {}
    }
    let network = input.map("networkConfiguration");
    let network = network.and_then(|network| network.map("awsvpcConfiguration"));
    match (definition.body.text("networkMode"), network) {
        (Some("awsvpc"), None) => faults.push(
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
                .to_owned(),
        ),
        (Some("awsvpc"), Some(network)) if network.texts("subnets").is_empty() => {
            faults.push("subnets can not be empty.".to_owned());
        }
        (Some("awsvpc"), _) | (_, None) => {}
        (_, Some(_)) => faults.push(
            "Network Configuration is not valid for the given networkMode of this task definition."
                .to_owned(),
        ),
    }
    let overrides = input.map("overrides");
    for one in overrides.map_or(&[][..], |map| map.items("containerOverrides")) {
        let name = one.text("name").unwrap_or_default();
        let mut containers = definition.containers().iter();
        if !containers.any(|container| container.text("name") == Some(name)) {
            faults.push(format!(
                "Override for container named {name} is not a container in the TaskDefinition."
            ));
        }
    }
    for name in ["cpu", "memory"] {
        let text = overrides.and_then(|map| map.text(name));
        if text.is_some_and(|text| size(text).is_none()) {
            faults.push(format!("Invalid '{name}' setting for task."));
        }
    }
    match faults.is_empty() {
        true => Ok(()),
        false => Err(invalid(faults.join(" "))),
    }
}

/// Overrides with sizes as numbers.
fn normal_overrides(mut overrides: Value) -> Value {
    for name in ["cpu", "memory"] {
        if let Some(number) = overrides.text(name).and_then(size) {
            overrides[name] = json!(number.to_string());
        }
    }
    overrides
}
