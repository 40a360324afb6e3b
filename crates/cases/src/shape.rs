//! Whether the results of a world are such as the APIs answer.

use asl::{Pattern, Resource};
use awsapi::states::{Integration, check_result, resolve};
use serde_json::Value;

/// What is wrong with results. Only answers of an API as they are can be compared: what a job or a
/// token brings is nobody's shape.
pub(crate) fn complaints(results: &[(String, Resource, Value)]) -> Vec<String> {
    let mut complaints = Vec::new();
    for (state, resource, result) in results {
        let (service, action, pattern, integration) = match resource {
            Resource::Optimised {
                service,
                action,
                pattern,
            } => (service, action, pattern, Integration::Optimised),
            Resource::Sdk {
                service,
                action,
                pattern,
            } => (service, action, pattern, Integration::Sdk),
            Resource::Lambda { .. } | Resource::Activity { .. } => continue,
        };
        if *pattern != Pattern::RequestResponse {
            continue;
        }
        let Some(operation) = resolve(service, action, integration) else {
            continue;
        };
        for fault in check_result(operation, integration, result) {
            let place = fault.pointer;
            let what = fault.message;
            let complaint =
                format!("`{state}` returns what {service}:{action} does not: at `{place}` {what}");
            if !complaints.contains(&complaint) {
                complaints.push(complaint);
            }
        }
    }
    complaints
}
