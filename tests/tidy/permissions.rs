//! The roles of a use case allow what it calls, and nothing else.
//!
//! Reads the template by its layout, which is the same in all templates: a resource begins with a
//! name indented by two, a statement with `- Sid:`, an action is quoted.

use std::collections::BTreeSet;

use harness::{files, folders, read};
use serde_json::Value;

/// What an integration of a workflow needs to be allowed, in IAM's words, with what AWS calls on
/// its behalf (Step Functions Developer Guide, "IAM policies for integrated services" and "for
/// Distributed Map state"; CloudFormation User Guide, "Detect drift").
const INTEGRATIONS: &[(&str, &[&str])] = &[
    (
        "aws-sdk:cloudformation:detectStackDrift",
        &[
            "cloudformation:BatchDescribeTypeConfigurations",
            "cloudformation:DetectStackDrift",
            "cloudformation:DetectStackResourceDrift",
        ],
    ),
    (
        "aws-sdk:cloudformation:describeStackDriftDetectionStatus",
        &["cloudformation:DescribeStackDriftDetectionStatus"],
    ),
    ("dynamodb:updateItem", &["dynamodb:UpdateItem"]),
    (
        "ecs:runTask.sync",
        &[
            "ecs:DescribeTasks",
            "ecs:RunTask",
            "ecs:StopTask",
            "events:DescribeRule",
            "events:PutRule",
            "events:PutTargets",
            "iam:PassRole",
        ],
    ),
    ("events:putEvents", &["events:PutEvents"]),
    ("lambda:invoke", &["lambda:InvokeFunction"]),
    ("lambda:invoke.waitForTaskToken", &["lambda:InvokeFunction"]),
    ("s3:getObject", &["s3:GetObject"]),
    (
        "s3:putObject",
        &[
            "s3:AbortMultipartUpload",
            "s3:ListMultipartUploadParts",
            "s3:PutObject",
        ],
    ),
    ("sns:publish", &["sns:Publish"]),
    (
        "map",
        &[
            "states:DescribeExecution",
            "states:RedriveExecution",
            "states:StartExecution",
            "states:StopExecution",
        ],
    ),
];

/// Actions for logs, traces and encryption, which no code names.
const SERVICES: [&str; 3] = ["kms:", "logs:", "xray:"];

/// What a call needs to be allowed beside itself.
const IMPLIED: &[(&str, &str)] = &[("ecs:RegisterTaskDefinition", "iam:PassRole")];

/// What Lambda does with the role of a function: it reads its queue, and sends what failed to another.
const LAMBDA: [&str; 4] = [
    "sqs:DeleteMessage",
    "sqs:GetQueueAttributes",
    "sqs:ReceiveMessage",
    "sqs:SendMessage",
];

/// Allowed although nobody calls it: without it, S3 answers that a missing object is forbidden.
const ANSWERS: &str = "s3:ListBucket";

/// Looks like an action, and is the key of a condition.
const CONDITION: &str = "iam:PassedToService";

#[test]
fn the_state_machine_may_do_what_it_does() {
    for name in folders("workflows") {
        let text = read(format!("workflows/{name}/workflow.asl.json"));
        let mut integrations = BTreeSet::new();
        collect(&serde_json::from_str(&text).unwrap(), &mut integrations);
        let mut needed = BTreeSet::new();
        for integration in &integrations {
            let known = INTEGRATIONS.iter().find(|(known, _)| known == integration);
            let (_, actions) = known.unwrap_or_else(|| {
                panic!("{name}: say in this test what `{integration}` needs to be allowed")
            });
            needed.extend(actions.iter().map(|action| (*action).to_owned()));
        }
        let roles = allowed(&name, |resource| {
            resource.contains("'states.amazonaws.com'")
                || resource.contains("- !Ref StateMachineRole")
        });
        assert_eq!(roles, needed, "{name}: allowed, and needed");
    }
}

#[test]
fn the_functions_may_do_what_they_do() {
    for name in folders("workflows") {
        let sources = files(&format!("functions/{name}/src/ports"));
        let mut needed: BTreeSet<_> = sources
            .iter()
            .flat_map(|path| quoted(&read(path), '"'))
            .filter(|word| is_action(word) && word != ANSWERS)
            .filter(|word| SERVICES.iter().all(|service| !word.starts_with(service)))
            .collect();
        for (call, implied) in IMPLIED {
            if needed.contains(*call) {
                needed.insert((*implied).to_owned());
            }
        }
        let mut roles = allowed(&name, |resource| {
            resource.contains("'lambda.amazonaws.com'")
        });
        roles.retain(|action| !LAMBDA.contains(&action.as_str()));
        assert_eq!(roles, needed, "{name}: allowed, and called");
    }
}

/// Integrations of a definition: `service:action` of every resource, `map` for a distributed map.
fn collect(value: &Value, integrations: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if object.get("Mode").is_some_and(|mode| mode == "DISTRIBUTED") {
                integrations.insert("map".to_owned());
            }
            let resource = object.get("Resource").and_then(Value::as_str);
            let integration = resource.and_then(|arn| arn.strip_prefix("arn:aws:states:::"));
            integrations.extend(integration.map(str::to_owned));
            object
                .values()
                .for_each(|member| collect(member, integrations));
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, integrations)),
        _ => {}
    }
}

/// Actions that the chosen resources of a template allow, but for those of [`SERVICES`].
fn allowed(name: &str, choose: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let template = read(format!("templates/{name}.yaml"));
    let (_, resources) = template.split_once("\nResources:\n").unwrap();
    let (resources, _) = resources.split_once("\nOutputs:\n").unwrap();
    let mut all = vec![String::new()];
    for line in resources.lines() {
        if line.starts_with("  ") && !line.starts_with("   ") {
            all.push(String::new());
        }
        all.last_mut().unwrap().push_str(&format!("{line}\n"));
    }
    let chosen: Vec<_> = all.iter().filter(|resource| choose(resource)).collect();
    assert!(!chosen.is_empty(), "{name} has no such role");
    let statements = chosen
        .iter()
        .flat_map(|resource| resource.split("- Sid:").skip(1));
    let allowing = statements.filter(|statement| statement.contains("Effect: Allow"));
    allowing
        .flat_map(|statement| quoted(statement, '\''))
        .filter(|word| is_action(word) && word != ANSWERS)
        .filter(|word| SERVICES.iter().all(|service| !word.starts_with(service)))
        .collect()
}

/// What stands between a pair of quotes on one line.
fn quoted(text: &str, quote: char) -> Vec<String> {
    let lines = text.lines().map(|line| line.split(quote));
    lines
        .flat_map(|parts| parts.skip(1).step_by(2).map(str::to_owned))
        .collect()
}

/// `service:Action`.
fn is_action(word: &str) -> bool {
    word.split_once(':').is_some_and(|(service, action)| {
        service
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
            && action.starts_with(|c: char| c.is_ascii_uppercase())
            && action.chars().all(|c| c.is_ascii_alphabetic())
            && service != "aws"
            && word != CONDITION
    })
}
