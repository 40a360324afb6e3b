//! What AWS's APIs say to a Task state: the language asks through [`asl::Integrations`], the tables
//! of `awsapi` answer.
//!
//! It calls nothing. Whoever parses definitions with [`apis`] has the parameters of tasks checked
//! as AWS does, when the definition is read and again before a task starts.

mod own;
mod renamed;

use std::sync::{Arc, OnceLock};

use asl::{Integrations, ParameterFault, Pattern, Resource, Written};
use awsapi::Operation;
use awsapi::states::{Fault, Integration, check, resolve};
use serde_json::{Map, Value};

pub use renamed::{ByName, Renamed, renamed};

/// The APIs that Step Functions can call, for [`asl::StateMachine::parse_with`].
#[must_use]
pub fn apis() -> Arc<dyn Integrations> {
    static APIS: OnceLock<Arc<Apis>> = OnceLock::new();
    let apis: Arc<Apis> = Arc::clone(APIS.get_or_init(|| Arc::new(Apis)));
    apis
}

#[derive(Debug)]
struct Apis;

/// Services that AWS has closed, so that its models know them no more; Step Functions did.
const RETIRED: [&str; 4] = ["lookoutmetrics", "lookoutvision", "qldb", "qldbsession"];

/// What stands for a value that only a run can tell.
const COMPUTED: &str = "{% computed %}";

impl Integrations for Apis {
    fn resource_fault(&self, resource: &Resource) -> Option<String> {
        let Resource::Sdk {
            service,
            action,
            pattern,
        } = resource
        else {
            return None;
        };
        let known = RETIRED.contains(&service.as_str())
            || resolve(service, action, Integration::Sdk).is_some();
        let suffix = match pattern {
            Pattern::TaskToken => ".waitForTaskToken",
            _ => "",
        };
        (!known).then(|| {
            format!(
                "The resource provided arn:aws:states:::aws-sdk:{service}:{action}{suffix} is not \
                 recognized. The value is not a valid resource ARN, or the resource is not \
                 available in this region."
            )
        })
    }

    fn parameter_faults(&self, resource: &Resource, written: &Written) -> Vec<ParameterFault> {
        let operation = operation(resource).map(|(operation, _)| operation);
        faults(resource, &value(written))
            .into_iter()
            .map(|fault| ParameterFault {
                path: path(&fault),
                help: operation.and_then(|operation| help(&fault, operation)),
                message: fault.message,
            })
            .collect()
    }

    fn refusal(&self, resource: &Resource, parameters: &Value) -> Option<String> {
        let faults = faults(resource, parameters);
        let told: Vec<_> = faults.into_iter().map(|fault| fault.message).collect();
        (!told.is_empty()).then(|| told.join(", "))
    }
}

fn faults(resource: &Resource, parameters: &Value) -> Vec<Fault> {
    if let Resource::Optimised {
        service, action, ..
    } = resource
    {
        if let Some(own) = own::of(service, action) {
            return own.check(parameters);
        }
        if let Some(renamed) = renamed(service, action) {
            return renamed.check(parameters);
        }
    }
    match operation(resource) {
        Some((operation, integration)) => check(operation, integration, parameters),
        None => Vec::new(),
    }
}

/// The operation that a task calls with its parameters as they are; nothing where Step Functions
/// has parameters of its own.
fn operation(resource: &Resource) -> Option<(Operation, Integration)> {
    let (service, action, integration) = match resource {
        Resource::Sdk {
            service, action, ..
        } => (service, action, Integration::Sdk),
        Resource::Optimised {
            service, action, ..
        } => match renamed(service, action) {
            None if own::of(service, action).is_none() => (service, action, Integration::Optimised),
            _ => return None,
        },
        Resource::Lambda { .. } | Resource::Activity { .. } => return None,
    };
    resolve(service, action, integration).map(|operation| (operation, integration))
}

fn is_computed(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text == COMPUTED)
}

fn value(written: &Written) -> Value {
    match written {
        Written::Literal(value) => value.clone(),
        Written::Computed => COMPUTED.into(),
        Written::Object(members) => {
            let members = members.iter();
            let members: Map<_, _> = members
                .map(|(name, written)| (name.clone(), value(written)))
                .collect();
            members.into()
        }
        Written::Array(items) => items.iter().map(value).collect(),
    }
}

/// The steps of a fault's JSON pointer.
fn path(fault: &Fault) -> Vec<String> {
    let steps = fault.pointer.split('/').skip(1);
    steps
        .map(|step| step.replace("~1", "/").replace("~0", "~"))
        .collect()
}

/// The members that there are, for a name that is none of them.
fn help(fault: &Fault, operation: Operation) -> Option<String> {
    if !fault
        .message
        .ends_with("is not supported by Step Functions")
        || path(fault).len() > 1
    {
        return None;
    }
    let shape = operation.input()?;
    let mut names: Vec<_> = shape.members().map(|member| member.name()).collect();
    names.sort_unstable();
    let more = names.len().saturating_sub(MANY);
    names.truncate(MANY);
    let mut help = format!("{} takes {}", operation.name(), names.join(", "));
    if more > 0 {
        help.push_str(&format!(" and {more} more"));
    }
    Some(help)
}

/// More names than this do not help.
const MANY: usize = 30;

#[cfg(test)]
mod tests {
    use asl::StateMachine;
    use serde_json::json;

    use super::*;

    fn faults(resource: &str, parameters: Value) -> Vec<String> {
        let definition = json!({ "StartAt": "A", "States": { "A": {
            "Type": "Task", "Resource": resource, "Parameters": parameters, "End": true,
        }}});
        let (_, found) = StateMachine::parse_with(&definition.to_string(), apis());
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn parameters_are_those_of_the_api() {
        let right = json!({ "QueueUrl.$": "$.q", "MessageBody": { "any": ["JSON"] } });
        assert_eq!(faults("arn:aws:states:::sqs:sendMessage", right), [""; 0]);
        let wrong = json!({ "QueueUrl": "q", "Body.$": "$.b", "DelaySeconds": "ten" });
        let told = faults("arn:aws:states:::sqs:sendMessage", wrong);
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(
            told.iter().any(|fault| fault.contains(
                "The field \"Body\" is not supported by Step Functions at /States/A/Parameters/Body.$"
            )),
            "{told:#?}"
        );
    }

    #[test]
    fn the_parameters_of_every_optimised_integration_are_known() {
        for (service, action) in asl::optimised_actions() {
            let resource = Resource::Optimised {
                service: service.to_owned(),
                action: action.to_owned(),
                pattern: Pattern::RequestResponse,
            };
            let nonsense = json!({ "NoSuchParameter": 1 });
            let told = apis().refusal(&resource, &nonsense).unwrap_or_default();
            let why = "The field \"NoSuchParameter\" is not supported";
            assert!(told.contains(why), "{service}:{action}: {told}");
        }
    }

    #[test]
    fn an_operation_that_no_api_has_is_refused() {
        let told = faults("arn:aws:states:::aws-sdk:s3:getObjekt", json!({}));
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told.iter().all(|fault| fault.contains("is not recognized")));
        let right = json!({ "Bucket": "b", "Key": "k" });
        assert_eq!(
            faults("arn:aws:states:::aws-sdk:s3:getObject", right),
            [""; 0]
        );
    }
}
