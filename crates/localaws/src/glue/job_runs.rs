//! `StartJobRun`, `GetJobRun`, `GetJobRuns`, `BatchStopJobRun`, and the life of a run:
//! `STARTING`, `RUNNING`, and `SUCCEEDED`, `FAILED`, `TIMEOUT` or, by way of `STOPPING`,
//! `STOPPED`.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::{invalid, not_found};
use crate::on_request::OnRequest;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

/// What starting, and stopping, takes.
const STEP: Duration = Duration::from_secs(1);
/// How long a run takes that is not asked to take longer.
const LASTS: Duration = Duration::from_secs(5);

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct JobRun {
    id: String,
    job: String,
    scope: Scope,
    /// Members of the API that do not change.
    body: Value,
    state: String,
    message: Option<String>,
    /// What was asked of it.
    fail: Option<String>,
    lasts: Duration,
    started: Timestamp,
    running: Option<Timestamp>,
    modified: Timestamp,
    completed: Option<Timestamp>,
}

impl JobRun {
    fn key(&self) -> String {
        self.scope.key(&format!("{}/{}", self.job, self.id))
    }

    fn is_over(&self) -> bool {
        self.completed.is_some()
    }

    fn shown(&self) -> Value {
        let mut shown = self.body.clone();
        shown["Id"] = json!(self.id);
        shown["JobName"] = json!(self.job);
        shown["StartedOn"] = json!(self.started);
        shown["LastModifiedOn"] = json!(self.modified);
        shown["JobRunState"] = json!(self.state);
        if let Some(message) = &self.message {
            shown["ErrorMessage"] = json!(message);
        }
        let mut seconds = 0;
        if let Some(completed) = self.completed {
            shown["CompletedOn"] = json!(completed);
            let began = self.running.unwrap_or(completed);
            seconds = completed.duration_since(began).as_secs();
        }
        shown["ExecutionTime"] = json!(seconds);
        shown
    }

    fn timeout(&self) -> Duration {
        let minutes = self.body.number("Timeout").unwrap_or(2880);
        Duration::from_secs(minutes.unsigned_abs() * 60)
    }
}

impl Inner {
    pub(super) fn start_job_run(self: &Arc<Self>, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("JobName").unwrap_or_default();
        let job = self.jobs.get(&call.scope.key(name));
        let job =
            job.ok_or_else(|| not_found("Failed to start job run due to missing metadata"))?;
        let most = job.body.pointer("/ExecutionProperty/MaxConcurrentRuns");
        let most = most.and_then(Value::as_u64).unwrap_or(1);
        let mut running = 0;
        let prefix = call.scope.key(&format!("{name}/"));
        self.runs.walk(&prefix, "", |_, run| {
            running += u64::from(!run.is_over());
            true
        });
        if running >= most {
            return Err(AwsError::new(
                "ConcurrentRunsExceededException",
                format!("Concurrent runs exceeded for {name}"),
            ));
        }
        let tags = json!(job.tags);
        let asked = OnRequest::of([
            input.member("Arguments"),
            job.body.member("DefaultArguments"),
            Some(&tags),
        ]);
        let mut body = json!({
            "Attempt": 0,
            "PredecessorRuns": [],
            "LogGroupName": "/aws-glue/jobs",
        });
        for member in [
            "AllocatedCapacity",
            "Timeout",
            "MaxCapacity",
            "WorkerType",
            "NumberOfWorkers",
            "SecurityConfiguration",
            "NotificationProperty",
            "GlueVersion",
            "ExecutionClass",
            "JobMode",
        ] {
            let value = input.member(member).or_else(|| job.body.member(member));
            if let Some(value) = value {
                body[member] = value.clone();
            }
        }
        if let Some(arguments) = input.member("Arguments") {
            body["Arguments"] = arguments.clone();
        }
        let now = self.aws.clock().now();
        let run = JobRun {
            id: format!("jr_{}", self.aws.ids().hex(64)),
            job: name.to_owned(),
            scope: call.scope.clone(),
            body,
            state: "STARTING".to_owned(),
            message: None,
            fail: asked.fail,
            lasts: asked.lasts.unwrap_or(LASTS),
            started: now,
            running: None,
            modified: now,
            completed: None,
        };
        self.runs.put(&run.key(), run.clone());
        self.begin_life(run.key());
        Ok(json!({ "JobRunId": run.id }))
    }

    pub(super) fn get_job_run(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let text = |name: &str| input.text(name).unwrap_or_default();
        let (job, run) = (text("JobName"), text("RunId"));
        let found = self.runs.get(&call.scope.key(&format!("{job}/{run}")));
        let found = found.ok_or_else(|| not_found(format!("Job Run {run} not found.")))?;
        Ok(json!({ "JobRun": found.shown() }))
    }

    pub(super) fn get_job_runs(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("JobName").unwrap_or_default();
        self.job(call, name)?;
        let mut runs: Vec<JobRun> = self
            .runs
            .scan(&call.scope.key(&format!("{name}/")))
            .into_iter()
            .map(|(_, run)| run)
            .collect();
        runs.sort_by_key(place);
        let limit = call.input.number("MaxResults").unwrap_or(100).clamp(1, 200);
        let limit = usize::try_from(limit).unwrap_or(100);
        let shown = page(runs, place, call.input.filled("NextToken"), limit);
        let (runs, next) = shown.ok_or_else(|| invalid("Invalid NextToken."))?;
        let runs: Vec<Value> = runs.iter().map(JobRun::shown).collect();
        let mut output = json!({ "JobRuns": runs });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }

    pub(super) fn batch_stop_job_run(&self, call: &Call) -> Result<Value, AwsError> {
        let job = call.input.text("JobName").unwrap_or_default();
        let (mut stopped, mut errors) = (Vec::new(), Vec::new());
        for id in call.input.texts("JobRunIds") {
            let key = call.scope.key(&format!("{job}/{id}"));
            let now = self.aws.clock().now();
            let answer = self.runs.update(&key, |run| match run.is_over() {
                true => Err(("InvalidInputException", "Job Run cannot be stopped.")),
                false => {
                    "STOPPING".clone_into(&mut run.state);
                    run.modified = now;
                    Ok(())
                }
            });
            let missing = Err(("EntityNotFoundException", "Job Run not found."));
            match answer.unwrap_or(missing) {
                Ok(()) => {
                    self.aws.changes().tell(&id);
                    stopped.push(json!({ "JobName": job, "JobRunId": id }));
                }
                Err((code, message)) => errors.push(json!({
                    "JobName": job, "JobRunId": id,
                    "ErrorDetail": { "ErrorCode": code, "ErrorMessage": message },
                })),
            }
        }
        Ok(json!({ "SuccessfulSubmissions": stopped, "Errors": errors }))
    }

    /// Takes up the runs that lived when the store was last in use.
    pub(super) fn resume_runs(self: &Arc<Self>) {
        for (key, run) in self.runs.scan("") {
            if !run.is_over() {
                self.begin_life(key);
            }
        }
    }

    fn begin_life(self: &Arc<Self>, key: String) {
        let inner = Arc::clone(self);
        self.aws.spawn(async move { inner.live(&key).await });
    }

    async fn live(&self, key: &str) {
        let Some(run) = self.runs.get(key) else {
            return;
        };
        if run.running.is_none() && !self.sleep_or_stop(key, &run.id, STEP).await {
            let now = self.aws.clock().now();
            self.change(key, |run| {
                "RUNNING".clone_into(&mut run.state);
                run.running = Some(now);
            });
        }
        let limit = run.timeout();
        let late = limit < run.lasts;
        let stopped = self.sleep_or_stop(key, &run.id, run.lasts.min(limit)).await;
        if stopped {
            self.aws.clock().sleep(STEP).await;
        }
        let now = self.aws.clock().now();
        let ended = self.change(key, |run| {
            let (state, message) = match (&run.fail, stopped, late) {
                (_, true, _) => ("STOPPED", None),
                (_, _, true) => ("TIMEOUT", Some("Job run timed out".to_owned())),
                (Some(reason), ..) => ("FAILED", Some(reason.clone())),
                (None, ..) => ("SUCCEEDED", None),
            };
            state.clone_into(&mut run.state);
            run.message = message;
            run.completed = Some(now);
        });
        if let Some(run) = ended {
            self.announce(&run);
        }
    }

    /// Sleeps; true, and at once, where the run is being stopped.
    async fn sleep_or_stop(&self, key: &str, id: &str, time: Duration) -> bool {
        let slept = self.aws.clock().sleep(time);
        tokio::pin!(slept);
        loop {
            let changed = self.aws.changes().listen(id);
            let stopping = self.runs.with(key, |run| run.state == "STOPPING");
            if stopping != Some(false) {
                return true;
            }
            tokio::select! {
                () = &mut slept => return false,
                _ = changed => {}
            }
        }
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut JobRun)) -> Option<JobRun> {
        let now = self.aws.clock().now();
        let run = self.runs.update(key, |run| {
            change(run);
            run.modified = now;
            run.clone()
        })?;
        self.aws.changes().tell(&run.id);
        Some(run)
    }

    /// Sends the "Glue Job State Change" event of a run's end.
    fn announce(&self, run: &JobRun) {
        let well = run.state == "SUCCEEDED";
        let detail = json!({
            "jobName": run.job,
            "severity": if well { "INFO" } else { "ERROR" },
            "state": run.state,
            "jobRunId": run.id,
            "message": run.message.as_deref().unwrap_or("Job run succeeded"),
        });
        let entry = json!({
            "Source": "aws.glue",
            "DetailType": "Glue Job State Change",
            "Time": self.aws.clock().now(),
            "Detail": detail.to_string(),
        });
        self.announcer.send(&run.scope, entry);
    }
}

/// Sorts the newest first.
fn place(run: &JobRun) -> String {
    format!("{:020}{}", i64::MAX - run.started.as_millisecond(), run.id)
}
