//! Which `Resource`s of Task states Step Functions takes, by type of state machine.

use asl::Kind;
use awsapi::states::{Integration, resolve};

/// Services with optimised integrations, with their actions where those are few; of the others
/// every action is taken for one. From the developer guide, "Integrating optimized services".
const OPTIMISED: [(&str, &[&str]); 20] = [
    ("apigateway", &["invoke"]),
    ("athena", &[]),
    ("batch", &["submitJob"]),
    ("bedrock", &["invokeModel", "createModelCustomizationJob"]),
    ("codebuild", &[]),
    (
        "dynamodb",
        &["getItem", "putItem", "updateItem", "deleteItem"],
    ),
    ("ecs", &["runTask"]),
    ("eks", &[]),
    ("elasticmapreduce", &[]),
    ("emr-containers", &[]),
    ("emr-serverless", &[]),
    ("events", &["putEvents"]),
    ("glue", &["startJobRun"]),
    ("databrew", &["startJobRun"]),
    ("http", &["invoke"]),
    ("lambda", &["invoke"]),
    ("mediaconvert", &["createJob"]),
    ("sagemaker", &[]),
    ("sns", &["publish"]),
    ("sqs", &["sendMessage"]),
];

/// Why a resource is refused, if it is.
pub(super) fn fault(resource: &str, kind: Kind) -> Option<String> {
    let parts: Vec<&str> = resource.splitn(6, ':').collect();
    let (service, rest) = match parts[..] {
        ["arn", _, service, _, _, rest] => (service, rest),
        _ => return None,
    };
    if kind == Kind::Express {
        if service == "states" && rest.starts_with("activity:") {
            return Some("Express state machine does not support Activity ARN".to_owned());
        }
        if rest.ends_with(".sync") || rest.ends_with(".sync:2") {
            let fault = "Express state machine does not support '.sync' service integration";
            return Some(fault.to_owned());
        }
        if rest.ends_with(".waitForTaskToken") {
            let fault =
                "Express state machine does not support '.waitForTaskToken' service integration ";
            return Some(fault.to_owned());
        }
    }
    let is_integration = service == "states" && parts.get(3..5) == Some(&["", ""]);
    (is_integration && !is_known(rest)).then(|| {
        format!(
            "The resource provided {resource} is not recognized. The value is not a valid \
             resource ARN, or the resource is not available in this region."
        )
    })
}

fn is_known(integration: &str) -> bool {
    let name = integration.strip_suffix(":2").unwrap_or(integration);
    let name = ["waitForTaskToken", "sync"]
        .iter()
        .find_map(|pattern| name.strip_suffix(pattern)?.strip_suffix('.'))
        .unwrap_or(name);
    if let Some(sdk) = name.strip_prefix("aws-sdk:") {
        let action = sdk.split_once(':');
        return action
            .is_some_and(|(service, action)| resolve(service, action, Integration::Sdk).is_some());
    }
    match name.split_once(':') {
        Some(("states", action)) => action == "startExecution",
        Some((service, action)) => OPTIMISED.iter().any(|(name, actions)| {
            *name == service && (actions.is_empty() || actions.contains(&action))
        }),
        None => false,
    }
}
