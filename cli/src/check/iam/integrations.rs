//! What a definition needs to be allowed (Step Functions Developer Guide, "IAM policies for
//! integrated services", and for Distributed Map, "IAM policies").

use std::collections::BTreeSet;

use awsapi::states::{Integration, resolve};
use document::Node;

use super::calls;

/// Something that a definition does.
#[derive(Debug)]
pub(super) struct Need<'d> {
    /// `ecs:RunTask`.
    pub(super) action: String,
    /// The value that makes it needed.
    pub(super) node: &'d Node,
    /// Names of the substitutions that say what it is about; none where that cannot be told.
    pub(super) about: BTreeSet<String>,
}

/// Everything that a definition needs, and what it may be allowed besides.
#[derive(Debug, Default)]
pub(super) struct Needs<'d> {
    pub(super) needed: Vec<Need<'d>>,
    /// Patterns of actions.
    pub(super) welcome: Vec<&'static str>,
    /// Whether something is called whose permissions nobody here knows.
    pub(super) unknown: bool,
}

/// Integrations whose permissions are not those of the API call of the same name.
struct Known {
    /// As written in a `Resource`, without what comes before and after.
    name: &'static str,
    needs: &'static [&'static str],
    /// Of `.sync` and `.sync:2`, in addition.
    sync: &'static [&'static str],
    welcome: &'static [&'static str],
}

/// The rule by which Step Functions learns that a job ended.
const EVENTS: [&str; 3] = ["events:DescribeRule", "events:PutRule", "events:PutTargets"];

const INTEGRATIONS: &[Known] = &[
    Known {
        name: "apigateway:invoke",
        needs: &["execute-api:Invoke"],
        sync: &[],
        welcome: &[],
    },
    Known {
        name: "aws-sdk:cloudformation:detectStackDrift",
        needs: &[
            "cloudformation:BatchDescribeTypeConfigurations",
            "cloudformation:DetectStackDrift",
            "cloudformation:DetectStackResourceDrift",
        ],
        sync: &[],
        welcome: &[],
    },
    Known {
        name: "batch:submitJob",
        needs: &["batch:SubmitJob"],
        sync: &["batch:DescribeJobs", "batch:TerminateJob"],
        welcome: &[],
    },
    Known {
        name: "codebuild:startBuild",
        needs: &["codebuild:StartBuild"],
        sync: &["codebuild:BatchGetBuilds", "codebuild:StopBuild"],
        welcome: &[],
    },
    Known {
        name: "ecs:runTask",
        needs: &["ecs:RunTask", "iam:PassRole"],
        sync: &["ecs:DescribeTasks", "ecs:StopTask"],
        welcome: &["ecs:TagResource"],
    },
    Known {
        name: "glue:startJobRun",
        needs: &["glue:StartJobRun"],
        sync: &["glue:BatchStopJobRun", "glue:GetJobRun"],
        welcome: &["glue:GetJobRuns"],
    },
    Known {
        name: "http:invoke",
        needs: &[
            "states:InvokeHTTPEndpoint",
            "events:RetrieveConnectionCredentials",
        ],
        sync: &[],
        welcome: &[
            "secretsmanager:DescribeSecret",
            "secretsmanager:GetSecretValue",
        ],
    },
    Known {
        name: "lambda:invoke",
        needs: &["lambda:InvokeFunction"],
        sync: &[],
        welcome: &[],
    },
    Known {
        name: "s3:getObject",
        needs: &["s3:GetObject"],
        sync: &[],
        welcome: &["s3:ListBucket"],
    },
    Known {
        name: "s3:listObjectsV2",
        needs: &["s3:ListBucket"],
        sync: &[],
        welcome: &["s3:GetObject"],
    },
    Known {
        name: "states:startExecution",
        needs: &["states:StartExecution"],
        sync: &["states:DescribeExecution", "states:StopExecution"],
        welcome: &[],
    },
];

/// Of distributed Maps, for the child executions.
const MAP: [&str; 3] = [
    "states:DescribeExecution",
    "states:StartExecution",
    "states:StopExecution",
];

/// Where distributed Maps write results: in parts, if they are large.
const RESULTS: [&str; 1] = ["s3:PutObject"];
const PARTS: [&str; 2] = ["s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"];

/// Reads a definition.
pub(super) fn needs(definition: &Node) -> Needs<'_> {
    let mut needs = Needs::default();
    machine(definition, &mut needs);
    needs
}

fn machine<'d>(program: &'d Node, needs: &mut Needs<'d>) {
    let Some(states) = program.get("States") else {
        return;
    };
    for state in states.members() {
        let state = &state.value;
        if let Some(resource) = state.get("Resource") {
            task(state, resource, needs);
        }
        for part in ["ItemReader", "ResultWriter"] {
            let place = state.get(part);
            if let Some(resource) = place.and_then(|place| place.get("Resource")) {
                task(place.unwrap_or(state), resource, needs);
                if part == "ResultWriter" {
                    add(&RESULTS, resource, &BTreeSet::new(), needs);
                    needs.welcome.extend(PARTS);
                }
            }
        }
        for part in ["ItemProcessor", "Iterator"] {
            let Some(processor) = state.get(part) else {
                continue;
            };
            let mode = processor
                .get("ProcessorConfig")
                .and_then(|config| config.get("Mode"));
            if let Some(mode) = mode.filter(|mode| mode.as_str() == Some("DISTRIBUTED")) {
                add(&MAP, mode, &BTreeSet::new(), needs);
                needs.welcome.push("states:RedriveExecution");
            }
            machine(processor, needs);
        }
        for branch in state.get("Branches").map(Node::items).unwrap_or_default() {
            machine(branch, needs);
        }
    }
}

fn add<'d>(actions: &[&str], node: &'d Node, about: &BTreeSet<String>, needs: &mut Needs<'d>) {
    for action in actions {
        needs.needed.push(Need {
            action: (*action).to_owned(),
            node,
            about: about.clone(),
        });
    }
}

fn task<'d>(state: &'d Node, resource: &'d Node, needs: &mut Needs<'d>) {
    let Some(arn) = resource.as_str() else { return };
    let integration = arn
        .split_once(":states:::")
        .map(|(_, integration)| integration);
    let Some(integration) = integration else {
        // A function or an activity by its ARN or by a substitution.
        if arn.contains(":activity:") {
            return;
        }
        let mut about = BTreeSet::new();
        names_in(resource, &mut about);
        return add(&["lambda:InvokeFunction"], resource, &about, needs);
    };
    let (name, pattern) = match integration.split_once('.') {
        Some((name, pattern)) => (name, pattern),
        None => (integration, ""),
    };
    let mut about = BTreeSet::new();
    for part in ["Arguments", "Parameters"] {
        if let Some(given) = state.get(part) {
            // What is deeper is what is sent, not what it is sent to.
            let texts = given.members().iter().map(|member| &member.value);
            texts
                .filter(|value| value.as_str().is_some())
                .for_each(|value| names_in(value, &mut about));
        }
    }
    let is_sync = pattern.starts_with("sync");
    if is_sync && !name.starts_with("aws-sdk:") {
        // The rule is Step Functions' own; some services need none.
        needs.welcome.extend(EVENTS);
    }
    if let Some(known) = INTEGRATIONS.iter().find(|known| known.name == name) {
        let (first, rest) = known.needs.split_at(known.needs.len().min(1));
        add(first, resource, &about, needs);
        add(rest, resource, &BTreeSet::new(), needs);
        if is_sync {
            add(known.sync, resource, &BTreeSet::new(), needs);
        }
        needs.welcome.extend(known.welcome);
        return;
    }
    let operation = match name.strip_prefix("aws-sdk:") {
        Some(name) => name
            .split_once(':')
            .and_then(|(service, action)| resolve(service, action, Integration::Sdk)),
        None => name
            .split_once(':')
            .and_then(|(service, action)| resolve(service, action, Integration::Optimised)),
    };
    let actions = operation.map(calls::needed).unwrap_or_default();
    needs.unknown |= actions.is_empty() || is_sync;
    for action in actions {
        add(&[&action], resource, &about, needs);
    }
}

/// Names of the substitutions in a text.
fn names_in(node: &Node, names: &mut BTreeSet<String>) {
    for part in node.as_str().unwrap_or_default().split("${").skip(1) {
        names.extend(part.split_once('}').map(|(name, _)| name.to_owned()));
    }
}

#[cfg(test)]
mod tests {
    use cfn::iam;

    use super::*;

    #[test]
    fn every_action_of_the_table_exists() {
        let known = INTEGRATIONS.iter();
        let named = known.flat_map(|known| [known.needs, known.sync, known.welcome].concat());
        for action in named.chain(MAP).chain(EVENTS).chain(PARTS) {
            let (service, name) = action.split_once(':').unwrap();
            assert!(iam::action(service, name).is_some(), "{action}");
        }
    }
}
