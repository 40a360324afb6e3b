//! The kinds of jobs: how each is described, when it is over and how it is stopped. Names of
//! actions and members are those of optimised integrations.

use Origin::{Accepted, AcceptedAll, AcceptedList, Given};

/// A kind of job.
pub(super) struct Kind {
    /// Service and action that start it, as in `Resource`.
    pub start: (&'static str, &'static str),
    /// Where the answer to the start has the name under which the service sends word of changes.
    pub name: &'static str,
    /// Tells how the job is.
    pub describe: Call,
    /// JSON pointer to the job in the answer of `describe`.
    pub job: &'static str,
    /// JSON pointer to the status in the job.
    pub status: &'static str,
    pub succeeded: &'static [&'static str],
    pub failed: &'static [&'static str],
    /// Ends it early, where that is possible.
    pub stop: Option<Call>,
}

/// A call about a job.
pub(super) struct Call {
    pub action: &'static str,
    pub parameters: &'static [(&'static str, Origin)],
}

/// Where a parameter comes from, by JSON pointers.
#[derive(Clone, Copy)]
pub(super) enum Origin {
    /// The answer to the start.
    Accepted(&'static str),
    /// The same, as the one item of a list.
    AcceptedList(&'static str),
    /// A member of each item of a list in the answer: list and member.
    AcceptedAll(&'static str, &'static str),
    /// The parameters of the task.
    Given(&'static str),
    /// Always this.
    Text(&'static str),
}

/// What is written where a service asks why a job is stopped.
const REASON: Origin = Origin::Text("Stopped by Step Functions");

const fn call(action: &'static str, parameters: &'static [(&'static str, Origin)]) -> Call {
    Call { action, parameters }
}

/// The kind of job that an action starts.
pub(super) fn of(service: &str, action: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.start == (service, action))
}

#[rustfmt::skip] // a table
static KINDS: &[Kind] = &[
    Kind {
        start: ("ecs", "runTask"),
        name: "/Tasks/0/TaskArn",
        describe: call("describeTasks", &[
            ("Cluster", Given("/Cluster")), ("Tasks", AcceptedAll("/Tasks", "TaskArn"))]),
        job: "",
        // See `ecs`: several tasks may be one job.
        status: "",
        succeeded: &[],
        failed: &[],
        stop: Some(call("stopTask", &[
            ("Cluster", Given("/Cluster")), ("Task", Accepted("/Tasks/0/TaskArn")), ("Reason", REASON)])),
    },
    Kind {
        start: ("batch", "submitJob"),
        name: "/JobId",
        describe: call("describeJobs", &[("Jobs", AcceptedList("/JobId"))]),
        job: "/Jobs/0",
        status: "/Status",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED"],
        stop: Some(call("terminateJob", &[("JobId", Accepted("/JobId")), ("Reason", REASON)])),
    },
    Kind {
        start: ("glue", "startJobRun"),
        name: "/JobRunId",
        describe: call("getJobRun", &[("JobName", Given("/JobName")), ("RunId", Accepted("/JobRunId"))]),
        job: "/JobRun",
        status: "/JobRunState",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "TIMEOUT", "STOPPED", "ERROR", "EXPIRED"],
        stop: Some(call("batchStopJobRun", &[
            ("JobName", Given("/JobName")), ("JobRunIds", AcceptedList("/JobRunId"))])),
    },
    Kind {
        start: ("sagemaker", "createTrainingJob"),
        name: "/TrainingJobArn",
        describe: call("describeTrainingJob", &[("TrainingJobName", Given("/TrainingJobName"))]),
        job: "",
        status: "/TrainingJobStatus",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopTrainingJob", &[("TrainingJobName", Given("/TrainingJobName"))])),
    },
    Kind {
        start: ("sagemaker", "createTransformJob"),
        name: "/TransformJobArn",
        describe: call("describeTransformJob", &[("TransformJobName", Given("/TransformJobName"))]),
        job: "",
        status: "/TransformJobStatus",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopTransformJob", &[("TransformJobName", Given("/TransformJobName"))])),
    },
    Kind {
        start: ("sagemaker", "createProcessingJob"),
        name: "/ProcessingJobArn",
        describe: call("describeProcessingJob", &[("ProcessingJobName", Given("/ProcessingJobName"))]),
        job: "",
        status: "/ProcessingJobStatus",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopProcessingJob", &[("ProcessingJobName", Given("/ProcessingJobName"))])),
    },
    Kind {
        start: ("sagemaker", "createHyperParameterTuningJob"),
        name: "/HyperParameterTuningJobArn",
        describe: call("describeHyperParameterTuningJob", &[
            ("HyperParameterTuningJobName", Given("/HyperParameterTuningJobName"))]),
        job: "",
        status: "/HyperParameterTuningJobStatus",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopHyperParameterTuningJob", &[
            ("HyperParameterTuningJobName", Given("/HyperParameterTuningJobName"))])),
    },
    Kind {
        start: ("sagemaker", "createLabelingJob"),
        name: "/LabelingJobArn",
        describe: call("describeLabelingJob", &[("LabelingJobName", Given("/LabelingJobName"))]),
        job: "",
        status: "/LabelingJobStatus",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopLabelingJob", &[("LabelingJobName", Given("/LabelingJobName"))])),
    },
    Kind {
        start: ("codebuild", "startBuild"),
        name: "/Build/Id",
        describe: call("batchGetBuilds", &[("Ids", AcceptedList("/Build/Id"))]),
        job: "/Builds/0",
        status: "/BuildStatus",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        stop: Some(call("stopBuild", &[("Id", Accepted("/Build/Id"))])),
    },
    Kind {
        start: ("codebuild", "startBuildBatch"),
        name: "/BuildBatch/Id",
        describe: call("batchGetBuildBatches", &[("Ids", AcceptedList("/BuildBatch/Id"))]),
        job: "/BuildBatches/0",
        status: "/BuildBatchStatus",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        stop: Some(call("stopBuildBatch", &[("Id", Accepted("/BuildBatch/Id"))])),
    },
    Kind {
        start: ("athena", "startQueryExecution"),
        name: "/QueryExecutionId",
        describe: call("getQueryExecution", &[("QueryExecutionId", Accepted("/QueryExecutionId"))]),
        job: "",
        status: "/QueryExecution/Status/State",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "CANCELLED"],
        stop: Some(call("stopQueryExecution", &[("QueryExecutionId", Accepted("/QueryExecutionId"))])),
    },
    Kind {
        start: ("databrew", "startJobRun"),
        name: "/RunId",
        describe: call("describeJobRun", &[("Name", Given("/Name")), ("RunId", Accepted("/RunId"))]),
        job: "",
        status: "/State",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "STOPPED", "TIMEOUT"],
        stop: Some(call("stopJobRun", &[("Name", Given("/Name")), ("RunId", Accepted("/RunId"))])),
    },
    Kind {
        start: ("mediaconvert", "createJob"),
        name: "/Job/Id",
        describe: call("getJob", &[("Id", Accepted("/Job/Id"))]),
        job: "",
        status: "/Job/Status",
        succeeded: &["COMPLETE"],
        failed: &["ERROR", "CANCELED"],
        stop: Some(call("cancelJob", &[("Id", Accepted("/Job/Id"))])),
    },
    Kind {
        start: ("emr-serverless", "startJobRun"),
        name: "/JobRunId",
        describe: call("getJobRun", &[
            ("ApplicationId", Accepted("/ApplicationId")), ("JobRunId", Accepted("/JobRunId"))]),
        job: "",
        status: "/JobRun/State",
        succeeded: &["SUCCESS"],
        failed: &["FAILED", "CANCELLED"],
        stop: Some(call("cancelJobRun", &[
            ("ApplicationId", Accepted("/ApplicationId")), ("JobRunId", Accepted("/JobRunId"))])),
    },
    Kind {
        start: ("emr-containers", "startJobRun"),
        name: "/Id",
        describe: call("describeJobRun", &[
            ("Id", Accepted("/Id")), ("VirtualClusterId", Accepted("/VirtualClusterId"))]),
        job: "",
        status: "/JobRun/State",
        succeeded: &["COMPLETED"],
        failed: &["FAILED", "CANCELLED"],
        stop: Some(call("cancelJobRun", &[
            ("Id", Accepted("/Id")), ("VirtualClusterId", Accepted("/VirtualClusterId"))])),
    },
    Kind {
        start: ("eks", "createCluster"),
        name: "/Cluster/Arn",
        describe: call("describeCluster", &[("Name", Given("/Name"))]),
        job: "",
        status: "/Cluster/Status",
        succeeded: &["ACTIVE"],
        failed: &["FAILED"],
        stop: None,
    },
    Kind {
        start: ("eks", "createNodegroup"),
        name: "/Nodegroup/NodegroupArn",
        describe: call("describeNodegroup", &[
            ("ClusterName", Given("/ClusterName")), ("NodegroupName", Given("/NodegroupName"))]),
        job: "",
        status: "/Nodegroup/Status",
        succeeded: &["ACTIVE"],
        failed: &["CREATE_FAILED"],
        stop: None,
    },
    Kind {
        start: ("eks", "createFargateProfile"),
        name: "/FargateProfile/FargateProfileArn",
        describe: call("describeFargateProfile", &[
            ("ClusterName", Given("/ClusterName")), ("FargateProfileName", Given("/FargateProfileName"))]),
        job: "",
        status: "/FargateProfile/Status",
        succeeded: &["ACTIVE"],
        failed: &["CREATE_FAILED"],
        stop: None,
    },
    Kind {
        start: ("bedrock", "createModelCustomizationJob"),
        name: "/JobArn",
        describe: call("getModelCustomizationJob", &[("JobIdentifier", Accepted("/JobArn"))]),
        job: "",
        status: "/Status",
        succeeded: &["Completed"],
        failed: &["Failed", "Stopped"],
        stop: Some(call("stopModelCustomizationJob", &[("JobIdentifier", Accepted("/JobArn"))])),
    },
];

#[cfg(test)]
mod tests {
    use awsapi::states::{Integration, check, resolve};
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn every_call_exists_and_takes_these_parameters() {
        for kind in KINDS {
            let (service, start) = kind.start;
            assert!(
                resolve(service, start, Integration::Optimised).is_some(),
                "{start}"
            );
            for call in [Some(&kind.describe), kind.stop.as_ref()]
                .into_iter()
                .flatten()
            {
                let operation = resolve(service, call.action, Integration::Optimised);
                let operation = operation.unwrap_or_else(|| panic!("{service}:{}", call.action));
                let parameters = call.parameters.iter().map(|(name, from)| {
                    let value = match from {
                        AcceptedList(_) | AcceptedAll(..) => json!(["x"]),
                        _ => json!("x"),
                    };
                    ((*name).to_owned(), value)
                });
                let parameters = Value::Object(parameters.collect::<Map<_, _>>());
                assert_eq!(check(operation, Integration::Optimised, &parameters), []);
            }
        }
    }
}
