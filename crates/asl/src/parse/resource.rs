//! `Resource` of a Task state, and the integrations that AWS knows.

use crate::port::{Pattern, Resource};

/// What an optimised integration can wait for, beside the call's answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    /// Nothing.
    No,
    /// `.sync`.
    Job,
    /// `.waitForTaskToken`.
    Token,
    JobOrToken,
    /// These, and `.sync:2`.
    Execution,
}

impl Waits {
    fn allows(self, pattern: Pattern) -> bool {
        match pattern {
            Pattern::RequestResponse => true,
            Pattern::Sync => matches!(self, Self::Job | Self::JobOrToken | Self::Execution),
            Pattern::TaskToken => matches!(self, Self::Token | Self::JobOrToken | Self::Execution),
            Pattern::Sync2 => self == Self::Execution,
        }
    }
}

/// Optimised integrations: a service, what its actions wait for, and their names. From the pages
/// of the developer guide under "Integrating optimized services".
#[rustfmt::skip] // a table
const OPTIMISED: &[(&str, Waits, &[&str])] = &[
    ("apigateway", Waits::Token, &["invoke"]),
    ("athena", Waits::Job, &["startQueryExecution"]),
    ("athena", Waits::No, &["stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    ("batch", Waits::Job, &["submitJob"]),
    ("bedrock", Waits::Token, &["invokeModel"]),
    ("bedrock", Waits::JobOrToken, &["createModelCustomizationJob"]),
    ("codebuild", Waits::Job, &["startBuild", "startBuildBatch", "retryBuildBatch"]),
    ("codebuild", Waits::No, &[
        "stopBuild", "batchDeleteBuilds", "batchGetReports", "stopBuildBatch", "deleteBuildBatch"]),
    ("databrew", Waits::Job, &["startJobRun"]),
    ("dynamodb", Waits::No, &["getItem", "putItem", "deleteItem", "updateItem"]),
    ("ecs", Waits::JobOrToken, &["runTask"]),
    ("eks", Waits::Job, &[
        "createCluster", "deleteCluster", "createFargateProfile", "deleteFargateProfile",
        "createNodegroup", "deleteNodegroup", "runJob"]),
    ("eks", Waits::No, &["call"]),
    ("elasticmapreduce", Waits::Job, &["createCluster", "terminateCluster", "addStep"]),
    ("elasticmapreduce", Waits::No, &[
        "cancelStep", "setClusterTerminationProtection", "modifyInstanceFleetByName",
        "modifyInstanceGroupByName"]),
    ("emr-containers", Waits::Job, &["deleteVirtualCluster", "startJobRun"]),
    ("emr-containers", Waits::No, &["createVirtualCluster"]),
    ("emr-serverless", Waits::Job, &[
        "createApplication", "startApplication", "stopApplication", "deleteApplication",
        "startJobRun", "cancelJobRun"]),
    ("events", Waits::Token, &["putEvents"]),
    ("glue", Waits::Job, &["startJobRun"]),
    ("http", Waits::No, &["invoke"]),
    ("lambda", Waits::Token, &["invoke"]),
    ("mediaconvert", Waits::Job, &["createJob"]),
    ("sagemaker", Waits::Job, &[
        "createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob",
        "createTrainingJob", "createTransformJob"]),
    ("sagemaker", Waits::No, &[
        "createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint"]),
    ("sns", Waits::Token, &["publish"]),
    ("sqs", Waits::Token, &["sendMessage"]),
    ("states", Waits::Execution, &["startExecution"]),
];

/// Service and action of all optimised integrations.
pub(crate) fn optimised_actions() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rows = OPTIMISED.iter();
    rows.flat_map(|(service, _, actions)| actions.iter().map(move |action| (*service, *action)))
}

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
    let mut rows = OPTIMISED.iter();
    let known = rows.any(|(name, waits, actions)| {
        *name == service && waits.allows(pattern) && actions.contains(&action)
    });
    known.then(|| Resource::Optimised {
        service: service.to_owned(),
        action: action.to_owned(),
        pattern,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_known_only_where_the_service_has_it() {
        let known = |call: &str| parse(&format!("arn:aws:states:::{call}")).is_some();
        for call in [
            "states:startExecution.sync:2",
            "ecs:runTask.waitForTaskToken",
            "codebuild:retryBuildBatch.sync",
            "elasticmapreduce:addStep.sync",
            "apigateway:invoke.waitForTaskToken",
            "aws-sdk:dynamodb:query.waitForTaskToken",
        ] {
            assert!(known(call), "{call}");
        }
        for call in [
            "dynamodb:getItem.sync",
            "glue:startJobRun.waitForTaskToken",
            "batch:submitJob.sync:2",
            "codebuild:stopBuild.sync",
            "http:invoke.waitForTaskToken",
            "aws-sdk:batch:submitJob.sync",
            "dynamodb:query",
        ] {
            assert!(!known(call), "{call}");
        }
    }
}
