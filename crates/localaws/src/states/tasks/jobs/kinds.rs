//! The kinds of jobs: how each is described, when it is over and how it is stopped. Names of
//! actions and members are those of optimised integrations.
//!
//! Longer than most files: it is one table.

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
    /// The job is the end of something: that it is not found any more is success.
    pub until_gone: bool,
    /// Members of the answer to the start that the result has too.
    pub keeps: &'static [&'static str],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("codebuild", "retryBuildBatch"),
        name: "/BuildBatch/Id",
        describe: call("batchGetBuildBatches", &[("Ids", AcceptedList("/BuildBatch/Id"))]),
        job: "/BuildBatches/0",
        status: "/BuildBatchStatus",
        succeeded: &["SUCCEEDED"],
        failed: &["FAILED", "FAULT", "TIMED_OUT", "STOPPED"],
        until_gone: false,
        keeps: &[],
        stop: Some(call("stopBuildBatch", &[("Id", Accepted("/BuildBatch/Id"))])),
    },
    Kind {
        start: ("elasticmapreduce", "createCluster"),
        name: "/ClusterId",
        describe: call("describeCluster", &[("ClusterId", Accepted("/ClusterId"))]),
        job: "",
        status: "/Cluster/Status/State",
        succeeded: &["WAITING"],
        failed: &["TERMINATING", "TERMINATED", "TERMINATED_WITH_ERRORS"],
        until_gone: false,
        // The next states name the cluster by it, as the guide's examples show.
        keeps: &["ClusterId"],
        // "Step Functions does not terminate an Amazon EMR cluster automatically."
        stop: None,
    },
    Kind {
        start: ("elasticmapreduce", "terminateCluster"),
        name: "",
        describe: call("describeCluster", &[("ClusterId", Given("/ClusterId"))]),
        job: "",
        status: "/Cluster/Status/State",
        // What went wrong in it before is not the termination's failure.
        succeeded: &["TERMINATED", "TERMINATED_WITH_ERRORS"],
        failed: &[],
        until_gone: false,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("elasticmapreduce", "addStep"),
        name: "/StepId",
        describe: call("describeStep", &[
            ("ClusterId", Given("/ClusterId")), ("StepId", Accepted("/StepId"))]),
        job: "",
        status: "/Step/Status/State",
        succeeded: &["COMPLETED"],
        failed: &["CANCELLED", "FAILED", "INTERRUPTED"],
        until_gone: false,
        keeps: &[],
        stop: Some(call("cancelSteps", &[
            ("ClusterId", Given("/ClusterId")), ("StepIds", AcceptedList("/StepId"))])),
    },
    Kind {
        start: ("emr-containers", "deleteVirtualCluster"),
        name: "/Id",
        describe: call("describeVirtualCluster", &[("Id", Given("/Id"))]),
        job: "",
        status: "/VirtualCluster/State",
        succeeded: &["TERMINATED"],
        failed: &["ARRESTED"],
        until_gone: true,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("emr-serverless", "createApplication"),
        name: "/ApplicationId",
        describe: call("getApplication", &[("ApplicationId", Accepted("/ApplicationId"))]),
        job: "",
        status: "/Application/State",
        succeeded: &["CREATED", "STARTED"],
        failed: &["TERMINATED"],
        until_gone: false,
        keeps: &["ApplicationId"],
        stop: None,
    },
    Kind {
        start: ("emr-serverless", "startApplication"),
        name: "",
        describe: call("getApplication", &[("ApplicationId", Given("/ApplicationId"))]),
        job: "",
        status: "/Application/State",
        succeeded: &["STARTED"],
        failed: &["STOPPING", "STOPPED", "TERMINATED"],
        until_gone: false,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("emr-serverless", "stopApplication"),
        name: "",
        describe: call("getApplication", &[("ApplicationId", Given("/ApplicationId"))]),
        job: "",
        status: "/Application/State",
        succeeded: &["STOPPED", "TERMINATED"],
        failed: &[],
        until_gone: false,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("emr-serverless", "deleteApplication"),
        name: "",
        describe: call("getApplication", &[("ApplicationId", Given("/ApplicationId"))]),
        job: "",
        status: "/Application/State",
        succeeded: &["TERMINATED"],
        failed: &[],
        until_gone: true,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("emr-serverless", "cancelJobRun"),
        name: "",
        describe: call("getJobRun", &[
            ("ApplicationId", Given("/ApplicationId")), ("JobRunId", Given("/JobRunId"))]),
        job: "",
        status: "/JobRun/State",
        succeeded: &["CANCELLED"],
        failed: &["FAILED", "SUCCESS"],
        until_gone: false,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("eks", "deleteCluster"),
        name: "/Cluster/Arn",
        describe: call("describeCluster", &[("Name", Given("/Name"))]),
        job: "",
        status: "/Cluster/Status",
        succeeded: &[],
        failed: &["FAILED"],
        until_gone: true,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("eks", "deleteNodegroup"),
        name: "/Nodegroup/NodegroupArn",
        describe: call("describeNodegroup", &[
            ("ClusterName", Given("/ClusterName")), ("NodegroupName", Given("/NodegroupName"))]),
        job: "",
        status: "/Nodegroup/Status",
        succeeded: &[],
        failed: &["DELETE_FAILED"],
        until_gone: true,
        keeps: &[],
        stop: None,
    },
    Kind {
        start: ("eks", "deleteFargateProfile"),
        name: "/FargateProfile/FargateProfileArn",
        describe: call("describeFargateProfile", &[
            ("ClusterName", Given("/ClusterName")), ("FargateProfileName", Given("/FargateProfileName"))]),
        job: "",
        status: "/FargateProfile/Status",
        succeeded: &[],
        failed: &["DELETE_FAILED"],
        until_gone: true,
        keeps: &[],
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
        until_gone: false,
        keeps: &[],
        stop: Some(call("stopModelCustomizationJob", &[("JobIdentifier", Accepted("/JobArn"))])),
    },
];

#[cfg(test)]
mod tests {
    use awsapi::states::{Integration, check, resolve};
    use integrations::Renamed;
    use serde_json::{Map, Value, json};

    use super::*;

    #[test]
    fn every_call_exists_and_takes_these_parameters() {
        for kind in KINDS {
            let (service, start) = kind.start;
            let operation = integrations::renamed(service, start).map_or(start, Renamed::operation);
            assert!(
                resolve(service, operation, Integration::Optimised).is_some(),
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
