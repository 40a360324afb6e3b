//! The kinds of jobs.

use serde_json::{Value, json};

use super::Job;
use crate::params::Params;

/// What a kind of job is called, and what its answers have beyond the common.
pub(super) struct Kind {
    /// In names of operations and members.
    pub name: &'static str,
    pub name_member: &'static str,
    /// In ARNs.
    pub resource: &'static str,
    /// In sentences.
    pub words: &'static str,
    /// The event's `detail-type`.
    pub event: &'static str,
    pub start_member: Option<&'static str>,
    pub end_member: Option<&'static str>,
    pub modified: bool,
    pub more: fn(&Job, &mut Value),
    pub more_of_summary: fn(&Job, &mut Value),
}

pub(super) static KINDS: [Kind; 4] = [
    Kind {
        name: "TrainingJob",
        name_member: "TrainingJobName",
        resource: "training-job",
        words: "training job",
        event: "SageMaker Training Job State Change",
        start_member: Some("TrainingStartTime"),
        end_member: Some("TrainingEndTime"),
        modified: true,
        more: training,
        more_of_summary: nothing,
    },
    Kind {
        name: "TransformJob",
        name_member: "TransformJobName",
        resource: "transform-job",
        words: "transform job",
        event: "SageMaker Transform Job State Change",
        start_member: Some("TransformStartTime"),
        end_member: Some("TransformEndTime"),
        modified: false,
        more: nothing,
        more_of_summary: nothing,
    },
    Kind {
        name: "ProcessingJob",
        name_member: "ProcessingJobName",
        resource: "processing-job",
        words: "processing job",
        event: "SageMaker Processing Job State Change",
        start_member: Some("ProcessingStartTime"),
        end_member: Some("ProcessingEndTime"),
        modified: true,
        more: processing,
        more_of_summary: nothing,
    },
    Kind {
        name: "HyperParameterTuningJob",
        name_member: "HyperParameterTuningJobName",
        resource: "hyper-parameter-tuning-job",
        words: "hyperparameter tuning job",
        event: "SageMaker HyperParameter Tuning Job State Change",
        start_member: None,
        end_member: Some("HyperParameterTuningEndTime"),
        modified: true,
        more: tuning,
        more_of_summary: tuning_summary,
    },
];

fn nothing(_: &Job, _: &mut Value) {}

fn training(job: &Job, shown: &mut Value) {
    let secondary = match job.status.as_str() {
        "InProgress" if job.started.is_none() => "Starting",
        "InProgress" => "Training",
        status => status,
    };
    shown["SecondaryStatus"] = json!(secondary);
    let mut steps = vec![json!({ "Status": "Starting", "StartTime": job.created })];
    if let Some(started) = job.started {
        if let Some(first) = steps.first_mut() {
            first["EndTime"] = json!(started);
        }
        steps.push(json!({ "Status": "Training", "StartTime": started }));
    }
    if let (Some(ended), Some(last)) = (job.ended, steps.last_mut()) {
        last["EndTime"] = json!(ended);
        steps.push(json!({ "Status": job.status, "StartTime": ended, "EndTime": ended }));
    }
    shown["SecondaryStatusTransitions"] = json!(steps);
    let output = job.request.map("OutputDataConfig");
    let path = output.and_then(|output| output.text("S3OutputPath"));
    let path = path.unwrap_or_default().trim_end_matches('/');
    let artifacts = format!("{path}/{}/output/model.tar.gz", job.name);
    shown["ModelArtifacts"] = json!({ "S3ModelArtifacts": artifacts });
    if let (Some(started), Some(ended)) = (job.started, job.ended) {
        let seconds = ended.duration_since(started).as_secs();
        shown["TrainingTimeInSeconds"] = json!(seconds.max(1));
        shown["BillableTimeInSeconds"] = json!(seconds.max(1));
    }
}

fn processing(job: &Job, shown: &mut Value) {
    if let Some(reason) = &job.failure {
        shown["ExitMessage"] = json!(reason);
    }
}

/// No training jobs are started, so none are counted.
fn tuning(_: &Job, shown: &mut Value) {
    shown["TrainingJobStatusCounters"] = json!({
        "Completed": 0, "InProgress": 0, "RetryableError": 0, "NonRetryableError": 0, "Stopped": 0,
    });
    shown["ObjectiveStatusCounters"] = json!({ "Succeeded": 0, "Pending": 0, "Failed": 0 });
}

fn tuning_summary(job: &Job, shown: &mut Value) {
    tuning(job, shown);
    let config = job.request.map("HyperParameterTuningJobConfig");
    let strategy = config.and_then(|config| config.text("Strategy"));
    shown["Strategy"] = json!(strategy.unwrap_or("Bayesian"));
}
