//! `Resource` of a Task state, and the integrations that AWS knows.

use crate::port::{Pattern, Resource};

/// Optimised integrations: service, and its actions; `*` for services with too many to list.
const OPTIMISED: [(&str, &[&str]); 21] = [
    ("lambda", &["invoke"]),
    ("batch", &["submitJob"]),
    (
        "dynamodb",
        &["getItem", "putItem", "deleteItem", "updateItem"],
    ),
    ("ecs", &["runTask"]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
    ("glue", &["startJobRun"]),
    (
        "sagemaker",
        &[
            "createEndpoint",
            "createEndpointConfig",
            "createHyperParameterTuningJob",
            "createLabelingJob",
            "createModel",
            "createProcessingJob",
            "createTrainingJob",
            "createTransformJob",
            "updateEndpoint",
        ],
    ),
    (
        "elasticmapreduce",
        &[
            "createCluster",
            "terminateCluster",
            "setClusterTerminationProtection",
            "addStep",
            "cancelStep",
            "modifyInstanceFleetByName",
            "modifyInstanceGroupByName",
        ],
    ),
    (
        "emr-containers",
        &[
            "createVirtualCluster",
            "deleteVirtualCluster",
            "startJobRun",
        ],
    ),
    (
        "emr-serverless",
        &[
            "createApplication",
            "startApplication",
            "stopApplication",
            "deleteApplication",
            "startJobRun",
            "cancelJobRun",
        ],
    ),
    (
        "codebuild",
        &[
            "startBuild",
            "stopBuild",
            "batchDeleteBuilds",
            "batchGetReports",
            "startBuildBatch",
            "stopBuildBatch",
            "retryBuildBatch",
            "deleteBuildBatch",
        ],
    ),
    (
        "athena",
        &[
            "startQueryExecution",
            "stopQueryExecution",
            "getQueryExecution",
            "getQueryResults",
        ],
    ),
    (
        "eks",
        &[
            "createCluster",
            "deleteCluster",
            "createFargateProfile",
            "deleteFargateProfile",
            "createNodegroup",
            "deleteNodegroup",
            "runJob",
            "call",
        ],
    ),
    ("apigateway", &["invoke"]),
    ("databrew", &["startJobRun"]),
    ("events", &["putEvents"]),
    ("states", &["startExecution"]),
    ("bedrock", &["invokeModel", "createModelCustomizationJob"]),
    ("mediaconvert", &["createJob"]),
    ("http", &["invoke"]),
];

/// `None` when AWS does not know the resource. Placeholders (`${Name}`), which a deployment
/// fills in, stand for a Lambda function.
pub(super) fn parse(arn: &str) -> Option<Resource> {
    if arn.starts_with("${") && arn.contains('}') {
        return Some(Resource::Lambda {
            arn: arn.to_owned(),
        });
    }
    let parts: Vec<&str> = arn.splitn(7, ':').collect();
    let [scheme, _partition, service, region, _account, kind, rest] = parts.as_slice() else {
        return None;
    };
    if *scheme != "arn" {
        return None;
    }
    match (*service, *kind) {
        ("lambda", "function") => is_function(rest).then(|| Resource::Lambda {
            arn: arn.to_owned(),
        }),
        ("states", "activity") if !region.is_empty() => Some(Resource::Activity {
            arn: arn.to_owned(),
        }),
        ("states", "aws-sdk") => sdk(rest),
        ("states", service) => optimised(service, rest),
        _ => None,
    }
}

/// `name` or `name:qualifier`, placeholders allowed.
fn is_function(text: &str) -> bool {
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
    };
    if text.contains("${") {
        return true;
    }
    match text.split_once(':') {
        None => is_name(text),
        Some((name, qualifier)) => is_name(name) && (qualifier == "$LATEST" || is_name(qualifier)),
    }
}

fn sdk(rest: &str) -> Option<Resource> {
    let (service, call) = rest.split_once(':')?;
    let (action, pattern) = match call.split_once('.') {
        None => (call, Pattern::RequestResponse),
        Some((action, "waitForTaskToken")) => (action, Pattern::TaskToken),
        Some(_) => return None,
    };
    let is_word = |text: &str| !text.is_empty() && text.chars().all(char::is_alphanumeric);
    (is_word(service) && is_word(action)).then(|| Resource::Sdk {
        service: service.to_owned(),
        action: action.to_owned(),
        pattern,
    })
}

fn optimised(service: &str, call: &str) -> Option<Resource> {
    let (action, pattern) = match call.split_once('.') {
        None => (call, Pattern::RequestResponse),
        Some((action, "sync")) => (action, Pattern::Sync),
        Some((action, "sync:2")) => (action, Pattern::Sync2),
        Some((action, "waitForTaskToken")) => (action, Pattern::TaskToken),
        Some(_) => return None,
    };
    let (_, actions) = OPTIMISED.iter().find(|(name, _)| *name == service)?;
    actions.contains(&action).then(|| Resource::Optimised {
        service: service.to_owned(),
        action: action.to_owned(),
        pattern,
    })
}
