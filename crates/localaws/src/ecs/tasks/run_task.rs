//! `RunTask`.

use std::sync::Arc;

use jiff::SignedDuration;
use serde_json::{Value, json};

use super::check::check;
use super::strategy::distribute;
use super::{ContainerState, Status, Task, Times};
use crate::ecs::clusters::check_strategy;
use crate::ecs::error::{client, invalid};
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
        let (launch_type, providers) = match (input.text("launchType"), strategy) {
            (Some(_), [_, ..]) => {
                return Err(invalid(
                    "Specifying both a launch type and capacity provider strategy is not \
                     supported. Remove one and try again.",
                ));
            }
            (Some(launch_type), []) => (launch_type, Vec::new()),
            (None, []) if cluster.default_strategy.is_empty() => ("EC2", Vec::new()),
            (None, given) => {
                let strategy = match given {
                    [] => cluster.default_strategy.as_slice(),
                    given => given,
                };
                check_strategy(strategy, &cluster.capacity_providers)?;
                ("FARGATE", distribute(strategy, count))
            }
        };
        check(input, &definition, launch_type)?;
        self.forget_old(call);
        let request = self.request(call, &cluster.name);
        let token = input.filled("clientToken");
        let before = token.map_or_else(Vec::new, |token| {
            self.started_with(call, &cluster.name, token)
        });
        if let Some(other) = before.iter().find(|task| task.request != request) {
            return Err(AwsError::new(
                "ConflictException",
                "The client token was used before with other parameters.",
            )
            .with_field("resourceIds", json!([other.arn()])));
        }
        let mut tasks = before;
        if tasks.is_empty() {
            for at in 0..usize::try_from(count).unwrap_or(1) {
                let mut task = self.new_task(call, &cluster.name, &definition, launch_type);
                task.capacity_provider = providers.get(at).cloned();
                task.request.clone_from(&request);
                self.tasks.put(&task.key(), task.clone());
                self.announce(&task);
                self.begin_life(task.key());
                tasks.push(task);
            }
        }
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
        if input.flag("enableECSManagedTags") {
            tags.insert("aws:ecs:clusterName".to_owned(), cluster.to_owned());
        }
        let containers = definition.containers().iter().map(|container| {
            let number = |name: &str| container.number(name).map(|number| number.to_string());
            ContainerState {
                id: ids.uuid(),
                name: container.text("name").unwrap_or_default().to_owned(),
                image: container.text("image").unwrap_or_default().to_owned(),
                digest: None,
                cpu: number("cpu").unwrap_or_else(|| "0".to_owned()),
                memory: number("memory"),
                status: Status::Pending,
                runtime_id: None,
                mark: None,
                exit_code: None,
                reason: None,
                healthy: None,
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
            request: None,
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

    /// What a call with a token asks for, to be compared with the next one.
    fn request(&self, call: &Call, cluster: &str) -> Option<Value> {
        call.input.filled("clientToken")?;
        let mut request = call.input.clone();
        request["cluster"] = json!(cluster);
        Some(request)
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

/// Overrides with sizes as numbers.
fn normal_overrides(mut overrides: Value) -> Value {
    for name in ["cpu", "memory"] {
        if let Some(number) = overrides.text(name).and_then(size) {
            overrides[name] = json!(number.to_string());
        }
    }
    overrides
}
