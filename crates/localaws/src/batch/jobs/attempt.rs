//! One attempt at a job: a task of ECS, or a while on the clock.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use super::{Attempt, Job};
use crate::AwsError;
use crate::batch::Inner;
use crate::batch::compute_environments::ComputeEnvironment;
use crate::on_request::OnRequest;
use crate::params::Params;

/// How long a job that is not really run takes.
const LASTS: Duration = Duration::from_secs(5);
/// Where jobs log, unless they say otherwise.
const LOG_GROUP: &str = "/aws/batch/job";

/// How an attempt ended.
#[derive(Default)]
pub(super) struct Ended {
    pub(super) failed: bool,
    pub(super) timed_out: bool,
    pub(super) exit_code: Option<i64>,
    /// What the container says.
    pub(super) reason: Option<String>,
    /// What Batch says.
    pub(super) status_reason: String,
}

impl Ended {
    fn failed(status_reason: impl Into<String>) -> Self {
        Self {
            failed: true,
            status_reason: status_reason.into(),
            ..Self::default()
        }
    }
}

impl Inner {
    pub(super) async fn attempt(self: &Arc<Self>, key: &str) -> Ended {
        let Some(job) = self.jobs.get(key) else {
            return Ended::failed("The job is gone");
        };
        let tags = json!(job.tags);
        let asked = OnRequest::of([
            Some(&tags),
            job.request.member("parameters"),
            job.overrides().member("environment"),
            job.container().member("environment"),
            job.definition.member("parameters"),
            job.definition.member("tags"),
        ]);
        if asked.is_some() || job.command().is_empty() {
            return self.pretend(key, &job, asked).await;
        }
        let queue = self.queue(&job.scope, &job.queue);
        let environment = queue.as_ref().and_then(|queue| self.environment_of(queue));
        let Some(environment) = environment else {
            return Ended::failed("No compute environment of the queue is enabled");
        };
        match self.run(key, &job, &environment).await {
            Ok(ended) => ended,
            Err(error) => Ended::failed(error.message),
        }
    }

    /// Goes through the life without running anything.
    async fn pretend(&self, key: &str, job: &Job, asked: OnRequest) -> Ended {
        self.new_attempt(key, Attempt::default());
        self.running(key);
        let lasts = asked.lasts.unwrap_or(LASTS);
        let limit = job.timeout().filter(|limit| *limit < lasts);
        if let Some(ended) = self.sleep_or_stop(key, limit.unwrap_or(lasts)).await {
            return ended;
        }
        if limit.is_some() {
            return timed_out();
        }
        match asked.fail {
            Some(reason) => Ended {
                exit_code: Some(1),
                reason: Some(reason),
                failed: true,
                status_reason: "Essential container in task exited".to_owned(),
                ..Ended::default()
            },
            None => Ended {
                exit_code: Some(0),
                status_reason: "Essential container in task exited".to_owned(),
                ..Ended::default()
            },
        }
    }

    /// Sleeps, unless the job is to be stopped first.
    async fn sleep_or_stop(&self, key: &str, time: Duration) -> Option<Ended> {
        let slept = self.aws.clock().sleep(time);
        tokio::pin!(slept);
        loop {
            let stop = self
                .jobs
                .with(key, |job| (job.id.clone(), job.stop.clone()))?;
            let (id, None) = stop else {
                return Some(Ended::failed(stop.1.unwrap_or_default()));
            };
            let changed = self.aws.changes().listen(&id);
            if self.jobs.with(key, |job| job.stop.is_some()) == Some(true) {
                continue;
            }
            tokio::select! {
                () = &mut slept => return None,
                _ = changed => {}
            }
        }
    }

    /// Runs the job as a task in the environment's cluster.
    async fn run(
        &self,
        key: &str,
        job: &Job,
        environment: &ComputeEnvironment,
    ) -> Result<Ended, AwsError> {
        let definition = task_definition(job, environment);
        let made = self
            .ecs(&job.scope, "RegisterTaskDefinition", definition)
            .await?;
        let arn = made.pointer("/taskDefinition/taskDefinitionArn").cloned();
        let arn = arn.unwrap_or_default();
        let ended = self.run_task(key, job, environment, &arn).await;
        // Nobody else uses it.
        self.ecs(
            &job.scope,
            "DeregisterTaskDefinition",
            json!({ "taskDefinition": arn }),
        )
        .await?;
        let delete = json!({ "taskDefinitions": [arn] });
        self.ecs(&job.scope, "DeleteTaskDefinitions", delete)
            .await?;
        ended
    }

    async fn run_task(
        &self,
        key: &str,
        job: &Job,
        environment: &ComputeEnvironment,
        definition: &Value,
    ) -> Result<Ended, AwsError> {
        let cluster = environment.cluster();
        let run = json!({
            "cluster": cluster, "taskDefinition": definition, "launchType": "EC2",
            "startedBy": "AWS Batch",
        });
        let ran = self.ecs(&job.scope, "RunTask", run).await?;
        let task = ran.pointer("/tasks/0/taskArn").and_then(Value::as_str);
        let Some(task) = task.map(str::to_owned) else {
            return Ok(Ended::failed("The task was not placed"));
        };
        let id = task.rsplit('/').next().unwrap_or_default();
        self.new_attempt(
            key,
            Attempt {
                log_stream: Some(format!("{}/default/{id}", job.definition_name())),
                task_arn: Some(task.clone()),
                ..Attempt::default()
            },
        );
        let stop_task = |reason: &str| {
            let input = json!({ "cluster": cluster, "task": task, "reason": reason });
            self.ecs(&job.scope, "StopTask", input)
        };
        let (mut stopped, mut began, mut late) = (false, None, false);
        loop {
            let (of_task, of_job) = (
                self.aws.changes().listen(&task),
                self.aws.changes().listen(&job.id),
            );
            let input = json!({ "cluster": cluster, "tasks": [task] });
            let described = self.ecs(&job.scope, "DescribeTasks", input).await?;
            let described = described.pointer("/tasks/0").cloned().unwrap_or_default();
            match described.text("lastStatus") {
                Some("STOPPED") | None if late => return Ok(timed_out()),
                Some("STOPPED") | None => return Ok(ended(&described)),
                Some("RUNNING") if began.is_none() => {
                    began = Some(self.aws.clock().now());
                    self.running(key);
                }
                Some(_) => {}
            }
            let stop = self.jobs.with(key, |job| job.stop.clone()).flatten();
            if let (Some(reason), false) = (stop, stopped) {
                stopped = true;
                stop_task(&reason).await?;
                continue;
            }
            let deadline = job.timeout().zip(began).filter(|_| !late);
            let deadline = deadline.and_then(|(limit, began)| began.checked_add(limit).ok());
            let timer = async {
                match deadline {
                    Some(at) => self.aws.clock().sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = of_task => {}
                _ = of_job => {}
                () = timer => {
                    late = true;
                    stop_task("Job attempt duration exceeded timeout").await?;
                }
            }
        }
    }
}

fn timed_out() -> Ended {
    Ended {
        timed_out: true,
        ..Ended::failed("Job attempt duration exceeded timeout")
    }
}

fn ended(task: &Value) -> Ended {
    let container = task.pointer("/containers/0").cloned().unwrap_or_default();
    let code = task.text("stopCode");
    Ended {
        failed: code != Some("EssentialContainerExited"),
        exit_code: container.number("exitCode"),
        reason: container.text("reason").map(str::to_owned),
        status_reason: task.text("stoppedReason").unwrap_or_default().to_owned(),
        timed_out: false,
    }
}

impl Job {
    /// The command, with the parameters (`Ref::name`) filled in.
    pub(super) fn command(&self) -> Vec<String> {
        let given = self.overrides().texts("command");
        let command = match given.is_empty() {
            true => self.container().texts("command"),
            false => given,
        };
        command.iter().map(|word| self.fill(word)).collect()
    }

    fn fill(&self, word: &str) -> String {
        let Some(name) = word.strip_prefix("Ref::") else {
            return word.to_owned();
        };
        let places = [&self.request, &self.definition];
        let mut values = places
            .into_iter()
            .filter_map(|place| place.map("parameters")?.text(name));
        values.next().unwrap_or(word).to_owned()
    }

    fn timeout(&self) -> Option<Duration> {
        let timeout = self.setting("timeout")?;
        let seconds = timeout.number("attemptDurationSeconds")?;
        u64::try_from(seconds).ok().map(Duration::from_secs)
    }

    pub(super) fn definition_name(&self) -> &str {
        let name = self.definition_arn.rsplit('/').next().unwrap_or_default();
        name.split(':').next().unwrap_or(name)
    }

    /// The environment of the container, as it was declared and overridden.
    pub(super) fn environment(&self) -> Vec<Value> {
        let given = self.overrides().items("environment");
        let declared = self.container().items("environment").iter();
        let kept = declared.filter(|one| {
            !given
                .iter()
                .any(|other| other.text("name") == one.text("name"))
        });
        kept.chain(given).cloned().collect()
    }

    /// A resource requirement, or the older member for the same.
    pub(super) fn requirement(&self, kind: &str, old: &str) -> Option<i64> {
        let places = [self.overrides(), self.container()];
        places.into_iter().find_map(|place| {
            let mut wanted = place.items("resourceRequirements").iter();
            let found = wanted.find(|one| one.text("type") == Some(kind));
            let value = found.and_then(|one| one.text("value")?.parse::<f64>().ok());
            value.map(|value| value as i64).or(place.number(old))
        })
    }
}

/// The task definition of one attempt.
fn task_definition(job: &Job, environment: &ComputeEnvironment) -> Value {
    let container = job.container();
    let mut variables = job.environment();
    let mut add = |name: &str, value: String| {
        variables.push(json!({ "name": name, "value": value }));
    };
    add("AWS_BATCH_JOB_ID", job.id.clone());
    add(
        "AWS_BATCH_JOB_ATTEMPT",
        (job.attempts.len() + 1).to_string(),
    );
    add("AWS_BATCH_JQ_NAME", job.queue.clone());
    add("AWS_BATCH_CE_NAME", environment.name.clone());
    if let Some(index) = job.index {
        add("AWS_BATCH_JOB_ARRAY_INDEX", index.to_string());
    }
    let log = container.member("logConfiguration").cloned();
    let log = log.unwrap_or_else(|| {
        json!({
            "logDriver": "awslogs",
            "options": {
                "awslogs-group": LOG_GROUP,
                "awslogs-create-group": "true",
                "awslogs-stream-prefix": job.definition_name(),
            },
        })
    });
    let mut body = json!({
        "family": job.definition_name(),
        "networkMode": "host",
        "containerDefinitions": [{
            "name": "default",
            "image": container.text("image"),
            "command": job.command(),
            "environment": variables,
            "memory": job.requirement("MEMORY", "memory").unwrap_or(2048),
            "logConfiguration": log,
        }],
    });
    for (name, from) in [
        ("taskRoleArn", "jobRoleArn"),
        ("executionRoleArn", "executionRoleArn"),
    ] {
        if let Some(role) = container.text(from) {
            body[name] = json!(role);
        }
    }
    if let Some(secrets) = container.member("secrets") {
        body["containerDefinitions"][0]["secrets"] = secrets.clone();
    }
    body
}
