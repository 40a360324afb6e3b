//! The containers that an execution starts in ECS, and what they log to CloudWatch Logs.
//!
//! Found in the history (`ecs:runTask.sync`), so it is the same for every workflow. Only the
//! execution's own tasks are found: those of a distributed map belong to its children.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use aws_sdk_sfn::types::{HistoryEvent, HistoryEventType as Type};
use serde_json::{Value, json};

use crate::failure::{Failure, Result};
use crate::target::Target;

/// Time between two looks at the logs on AWS, whose quota others of the account use too.
const INTERVAL: Duration = Duration::from_secs(1);
/// Lines a look.
const PAGE: u32 = 10_000;
/// So many looks in vain after a task ended mean that its log is complete: what a container says
/// is there to read a moment later than its end.
const IN_VAIN: u32 = 2;

/// What a container said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Name of the container.
    pub container: String,
    /// Id of its task.
    pub task: String,
    /// The words.
    pub text: String,
}

/// The containers of an execution.
#[derive(Debug)]
pub struct Containers {
    /// The container that is listened to; without a name the first essential one.
    wanted: Option<String>,
    streams: Vec<Stream>,
    /// Where the containers of a task definition log to.
    places: BTreeMap<String, Place>,
    next: Instant,
    /// What a person should know, once.
    remarks: Vec<String>,
}

/// The log of one task.
#[derive(Debug)]
struct Stream {
    task: String,
    definition: String,
    /// Id of the event that told of the task.
    submitted: i64,
    token: Option<String>,
    ended: bool,
    in_vain: u32,
}

/// Where a container logs to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    Logs {
        container: String,
        group: String,
        prefix: String,
        region: Option<String>,
    },
    /// Elsewhere, in words.
    Elsewhere(String),
}

impl Containers {
    /// Those of an execution whose history is given to [`Containers::take`].
    pub fn new(wanted: Option<&str>) -> Self {
        Self {
            wanted: wanted.filter(|name| !name.is_empty()).map(str::to_owned),
            streams: Vec::new(),
            places: BTreeMap::new(),
            next: Instant::now(),
            remarks: Vec::new(),
        }
    }

    /// Learns from an event which tasks there are.
    pub fn take(&mut self, event: &HistoryEvent) {
        if let Some(details) = event.task_submitted_event_details()
            && details.resource_type() == "ecs"
        {
            let output = details.output().map(serde_json::from_str::<Value>);
            if let Some(Ok(output)) = output {
                self.submitted(event.id(), &output);
            }
            return;
        }
        let over = [Type::TaskSucceeded, Type::TaskFailed, Type::TaskTimedOut];
        let stopped = [
            Type::ExecutionSucceeded,
            Type::ExecutionFailed,
            Type::ExecutionAborted,
            Type::ExecutionTimedOut,
        ];
        let all = stopped.contains(event.r#type());
        if all || over.contains(event.r#type()) {
            let before = event.previous_event_id();
            let ended = |stream: &&mut Stream| all || stream.submitted == before;
            let ended = self.streams.iter_mut().filter(ended);
            ended.for_each(|stream| stream.ended = true);
        }
    }

    fn submitted(&mut self, event: i64, output: &Value) {
        let tasks = output.get("Tasks").and_then(Value::as_array);
        for task in tasks.into_iter().flatten() {
            let text = |key| task.get(key).and_then(Value::as_str);
            if let (Some(task), Some(definition)) = (text("TaskArn"), text("TaskDefinitionArn")) {
                let (_, id) = task.rsplit_once('/').unwrap_or_default();
                self.streams.push(Stream {
                    task: id.to_owned(),
                    definition: definition.to_owned(),
                    submitted: event,
                    token: None,
                    ended: false,
                    in_vain: 0,
                });
            }
        }
    }

    /// Whether a container was started.
    pub fn any(&self) -> bool {
        !self.streams.is_empty()
    }

    /// Whether all that the containers said was read.
    pub fn complete(&self) -> bool {
        self.streams.iter().all(Stream::complete)
    }

    /// What a person should know of the logs, once.
    pub fn remarks(&mut self) -> Vec<String> {
        std::mem::take(&mut self.remarks)
    }

    /// What was said since the last look, in order; nothing when that was a moment ago.
    pub async fn read(&mut self, target: &Target) -> Result<Vec<LogLine>> {
        let now = Instant::now();
        if target.endpoint.is_none() && now < self.next {
            return Ok(Vec::new());
        }
        self.next = now + INTERVAL;
        let mut lines = Vec::new();
        for index in 0..self.streams.len() {
            self.read_stream(target, index, &mut lines).await?;
        }
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }

    /// All that there is to read now, in order.
    pub async fn read_all(&mut self, target: &Target) -> Result<Vec<LogLine>> {
        let mut lines = Vec::new();
        for index in 0..self.streams.len() {
            let mut known = usize::MAX;
            while known != lines.len() {
                known = lines.len();
                self.read_stream(target, index, &mut lines).await?;
            }
        }
        lines.sort_by_key(|line| line.at);
        Ok(lines)
    }

    /// Reads a page of a log that is not complete.
    async fn read_stream(
        &mut self,
        target: &Target,
        index: usize,
        lines: &mut Vec<LogLine>,
    ) -> Result<()> {
        let Some(stream) = self.streams.get(index).filter(|one| !one.complete()) else {
            return Ok(());
        };
        let definition = stream.definition.clone();
        let place = self.place(target, &definition).await;
        match self.streams.get_mut(index) {
            Some(stream) => stream.read(target, place, lines).await,
            None => Ok(()),
        }
    }

    async fn place(&mut self, target: &Target, definition: &str) -> Place {
        if let Some(place) = self.places.get(definition) {
            return place.clone();
        }
        let input = json!({"taskDefinition": definition});
        let doing = "read the task definition";
        let found = target
            .api
            .call(doing, "ecs", "DescribeTaskDefinition", input)
            .await;
        let place = match found {
            Ok(found) => place(&found, self.wanted.as_deref()),
            // The run is not to be left because of its log.
            Err(failure) => Place::Elsewhere(failure.what),
        };
        if let Place::Elsewhere(why) = &place {
            self.remarks
                .push(format!("the container's log is not shown: {why}"));
        }
        self.places.insert(definition.to_owned(), place.clone());
        place
    }
}

impl Stream {
    fn complete(&self) -> bool {
        self.ended && self.in_vain >= IN_VAIN
    }

    async fn read(
        &mut self,
        target: &Target,
        place: Place,
        lines: &mut Vec<LogLine>,
    ) -> Result<()> {
        let Place::Logs {
            container,
            group,
            prefix,
            region,
        } = place
        else {
            self.in_vain = IN_VAIN;
            return Ok(());
        };
        let api = match &region {
            Some(region) => target.api.in_region(region),
            None => target.api.clone(),
        };
        let mut input = json!({
            "logGroupName": group,
            "logStreamName": format!("{prefix}/{container}/{}", self.task),
            "startFromHead": true,
            "limit": PAGE,
        });
        if let (Some(input), Some(token)) = (input.as_object_mut(), &self.token) {
            input.insert("nextToken".to_owned(), json!(token));
        }
        self.in_vain += 1;
        let doing = "read the log";
        let answer = match api.attempt(doing, "logs", "GetLogEvents", input).await? {
            Ok(answer) => answer,
            // The stream comes with the first line.
            Err(error) if error.code == "ResourceNotFoundException" => return Ok(()),
            Err(error) => return Err(Failure::refused(doing, &error.code, &error.message)),
        };
        let events = answer.get("events").and_then(Value::as_array);
        for event in events.into_iter().flatten() {
            self.in_vain = 0;
            let text = event.get("message").and_then(Value::as_str);
            let at = event.get("timestamp").and_then(Value::as_i64);
            lines.push(LogLine {
                at: at.unwrap_or_default(),
                container: container.clone(),
                task: self.task.clone(),
                text: text
                    .unwrap_or_default()
                    .trim_end_matches(['\n', '\r'])
                    .to_owned(),
            });
        }
        // At the end of a stream AWS hands the same token back, and takes it again.
        let token = answer.get("nextForwardToken").and_then(Value::as_str);
        if let Some(token) = token {
            self.token = Some(token.to_owned());
        }
        Ok(())
    }
}

/// Where the container that is listened to logs to, by its task definition.
fn place(found: &Value, wanted: Option<&str>) -> Place {
    let containers = found.pointer("/taskDefinition/containerDefinitions");
    let containers = containers.and_then(Value::as_array).map(Vec::as_slice);
    let containers = containers.unwrap_or_default();
    let name = |container: &&Value| {
        container
            .get("name")
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    // Essential unless said otherwise.
    let essential = |container: &&Value| container.get("essential") != Some(&json!(false));
    let container = match wanted {
        Some(wanted) => containers
            .iter()
            .find(|one| name(one).as_deref() == Some(wanted)),
        None => containers.iter().find(essential),
    };
    let Some(container) = container else {
        let wanted = wanted.map(|name| format!(" `{name}`")).unwrap_or_default();
        let names: Vec<_> = containers.iter().filter_map(|one| name(&one)).collect();
        let names = names.join("`, `");
        return Place::Elsewhere(format!(
            "the task definition has no container{wanted}, it has `{names}`"
        ));
    };
    let text = |pointer: &str| {
        container
            .pointer(pointer)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let driver = text("/logConfiguration/logDriver").unwrap_or_else(|| "none".to_owned());
    let option = |key: &str| text(&format!("/logConfiguration/options/{key}"));
    match (
        driver.as_str(),
        option("awslogs-group"),
        option("awslogs-stream-prefix"),
    ) {
        ("awslogs", Some(group), Some(prefix)) => Place::Logs {
            container: name(&container).unwrap_or_default(),
            group,
            prefix,
            region: option("awslogs-region"),
        },
        ("awslogs", ..) => {
            Place::Elsewhere("its group or its stream's prefix is not set".to_owned())
        }
        _ => Place::Elsewhere(format!("its log driver is {driver} and not awslogs")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition() -> Value {
        let log = json!({"logDriver": "awslogs", "options": {
            "awslogs-group": "/jobs", "awslogs-stream-prefix": "job", "awslogs-region": "eu-west-1",
        }});
        json!({"taskDefinition": {"containerDefinitions": [
            {"name": "proxy", "essential": false},
            {"name": "report", "logConfiguration": log},
            {"name": "trace", "logConfiguration": {"logDriver": "awsfirelens"}},
        ]}})
    }

    #[test]
    fn the_first_essential_container_is_listened_to() {
        let logs = Place::Logs {
            container: "report".to_owned(),
            group: "/jobs".to_owned(),
            prefix: "job".to_owned(),
            region: Some("eu-west-1".to_owned()),
        };
        assert_eq!(place(&definition(), None), logs);
        assert_eq!(place(&definition(), Some("report")), logs);
        for (wanted, why) in [
            ("trace", "its log driver is awsfirelens and not awslogs"),
            ("proxy", "its log driver is none and not awslogs"),
            ("x", "no container `x`, it has `proxy`, `report`, `trace`"),
        ] {
            let Place::Elsewhere(said) = place(&definition(), Some(wanted)) else {
                panic!("{wanted}");
            };
            assert!(said.contains(why), "{said}");
        }
    }
}
