//! A task as the API shows it.

use serde_json::{Value, json};

use super::{ContainerState, Status, Task};
use crate::ecs::tag;
use crate::params::Params;

impl Task {
    /// Everything but the tags.
    pub(super) fn shown(&self) -> Value {
        let fargate = self.launch_type == "FARGATE";
        let containers = self.containers.iter();
        let mut shown = json!({
            "attachments": self.attachments(),
            "attributes": [{ "name": "ecs.cpu-architecture", "value": self.architecture() }],
            "availabilityZone": self.zone,
            "clusterArn": self.cluster_arn(),
            "containers": containers.map(|one| self.container(one)).collect::<Vec<_>>(),
            "createdAt": self.times.created,
            "desiredStatus": if self.stop.is_some() { "STOPPED" } else { "RUNNING" },
            "enableExecuteCommand": self.execute_command,
            "group": self.group,
            "inferenceAccelerators": [],
            "lastStatus": self.last_status.word(),
            "launchType": self.launch_type,
            "overrides": self.overrides(),
            "taskArn": self.arn(),
            "taskDefinitionArn": self.definition_arn,
            "tags": [],
            "version": self.version,
        });
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                shown[name] = value;
            }
        };
        set("cpu", self.size("cpu").map(Value::from));
        set("memory", self.size("memory").map(Value::from));
        set("startedBy", self.started_by.clone().map(Value::from));
        set(
            "capacityProviderName",
            self.capacity_provider.clone().map(Value::from),
        );
        set(
            "platformVersion",
            self.platform_version.clone().map(Value::from),
        );
        if fargate {
            set("platformFamily", Some(json!("Linux")));
            let given = self.overrides.member("ephemeralStorage");
            let given = given.or_else(|| self.definition.member("ephemeralStorage"));
            let storage = given.cloned().unwrap_or(json!({ "sizeInGiB": 20 }));
            set("ephemeralStorage", Some(storage));
        }
        // The worst of its containers, where any of them is checked.
        let checked = self.containers.iter().filter_map(|one| one.healthy);
        if let Some(worst) = checked.min() {
            set("healthStatus", Some(json!(health(Some(worst)))));
        }
        let times = &self.times;
        set("connectivity", times.connected.map(|_| json!("CONNECTED")));
        for (name, time) in [
            ("connectivityAt", times.connected),
            ("pullStartedAt", times.pull_started),
            ("pullStoppedAt", times.pull_stopped),
            ("startedAt", times.started),
            ("stoppingAt", times.stopping),
            ("executionStoppedAt", times.execution_stopped),
            ("stoppedAt", times.stopped),
        ] {
            set(name, time.map(|time| json!(time)));
        }
        if let Some(stop) = &self.stop {
            set("stopCode", Some(json!(stop.code)));
            set("stoppedReason", Some(json!(stop.reason)));
        }
        shown
    }

    pub(super) fn shown_with_tags(&self) -> Value {
        let mut shown = self.shown();
        shown["tags"] = tag::shown(&self.tags);
        shown
    }

    fn size(&self, name: &str) -> Option<String> {
        self.text(name).map(str::to_owned)
    }

    fn architecture(&self) -> &'static str {
        let platform = self.definition.map("runtimePlatform");
        match platform.and_then(|platform| platform.text("cpuArchitecture")) {
            Some("ARM64") => "arm64",
            _ => "x86_64",
        }
    }

    /// The network interface. Its address is where the task's processes are really reached.
    fn attachments(&self) -> Value {
        let Some(subnet) = &self.subnet else {
            return json!([]);
        };
        let attached = self.times.connected.is_some();
        let mut details = vec![json!({ "name": "subnetId", "value": subnet })];
        if attached {
            let hex = self.id.get(..17).unwrap_or(&self.id);
            let mac = |at: usize| self.id.get(at..at + 2).unwrap_or("00");
            details.extend([
                json!({ "name": "networkInterfaceId", "value": format!("eni-{hex}") }),
                json!({ "name": "macAddress",
                        "value": format!("0a:{}:{}:{}:{}:{}", mac(0), mac(2), mac(4), mac(6), mac(8)) }),
                json!({ "name": "privateDnsName",
                        "value": format!("ip-127-0-0-1.{}.compute.internal", self.scope.region) }),
                json!({ "name": "privateIPv4Address", "value": "127.0.0.1" }),
            ]);
        }
        let status = match self.last_status {
            Status::Stopped => "DELETED",
            Status::Deprovisioning => "DETACHING",
            _ if attached => "ATTACHED",
            _ => "PRECREATED",
        };
        json!([{
            "id": self.attachment_id(),
            "type": "ElasticNetworkInterface",
            "status": status,
            "details": details,
        }])
    }

    /// Ids have 32 hexadecimal digits, those of attachments are written as UUIDs.
    fn attachment_id(&self) -> String {
        let part = |from: usize, to: usize| self.id.get(from..to).unwrap_or_default();
        let (a, b, c) = (part(0, 8), part(8, 12), part(12, 16));
        format!("{a}-{b}-{c}-{}-{}", part(16, 20), part(20, 32))
    }

    fn overrides(&self) -> Value {
        let mut overrides = self.overrides.clone();
        let of_containers = self.containers.iter().map(|container| {
            let given = self.container_override(&container.name);
            given
                .cloned()
                .unwrap_or_else(|| json!({ "name": container.name }))
        });
        overrides["containerOverrides"] = of_containers.collect();
        overrides["inferenceAcceleratorOverrides"] = json!([]);
        overrides
    }

    fn container(&self, container: &ContainerState) -> Value {
        let place = format!("container/{}/{}/{}", self.cluster, self.id, container.id);
        let mut shown = json!({
            "containerArn": self.scope.arn("ecs", &place),
            "taskArn": self.arn(),
            "name": container.name,
            "image": container.image,
            "lastStatus": container.status.word(),
            "networkBindings": [],
            "networkInterfaces": [],
            "cpu": container.cpu,
        });
        if self.last_status != Status::Provisioning {
            shown["healthStatus"] = json!(health(container.healthy));
        }
        if self.subnet.is_some() && self.times.connected.is_some() {
            shown["networkInterfaces"] = json!([{
                "attachmentId": self.attachment_id(), "privateIpv4Address": "127.0.0.1",
            }]);
        }
        for (name, text) in [
            ("memory", &container.memory),
            ("runtimeId", &container.runtime_id),
            ("reason", &container.reason),
            ("imageDigest", &container.digest),
        ] {
            if let Some(text) = text {
                shown[name] = json!(text);
            }
        }
        if let Some(code) = container.exit_code {
            shown["exitCode"] = json!(code);
        }
        shown
    }
}

/// The word for what a health check says.
fn health(healthy: Option<bool>) -> &'static str {
    match healthy {
        Some(true) => "HEALTHY",
        Some(false) => "UNHEALTHY",
        None => "UNKNOWN",
    }
}
