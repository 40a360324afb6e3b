//! Task states: what is called, for how long, as whom.

use std::sync::Arc;

use crate::machine::{Placed, Quantity, QueryLanguage, Source, Task};

use super::{Findings, Pointer, fields, parameters, resource, template};
use document::Node;

pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Task> {
    let seconds = fields::Range::Whole(1, fields::MOST);
    let timeout = fields::quantity(
        node,
        at,
        ("TimeoutSeconds", "TimeoutSecondsPath"),
        language,
        seconds,
        findings,
    );
    let heartbeat = fields::quantity(
        node,
        at,
        ("HeartbeatSeconds", "HeartbeatSecondsPath"),
        language,
        seconds,
        findings,
    );
    heartbeat_fits(node, at, timeout.as_ref(), heartbeat.as_ref(), findings);
    let credentials = credentials(node, at, language, findings);
    let Some(value) = node.get("Resource") else {
        findings.error(at, &node.span, "These fields are required: [Resource]");
        return None;
    };
    let arn = fields::text(node, at, "Resource", findings)?;
    let here = at.child("Resource");
    findings.resources.push(Placed {
        pointer: here.as_str().to_owned(),
        text: arn.to_owned(),
        span: value.span.clone(),
    });
    match resource::parse(arn) {
        Some(resource) if parameters::is_known(&resource, &here, &value.span, findings) => {
            Some(Task {
                resource,
                arn: Arc::from(arn),
                credentials,
                timeout,
                heartbeat,
            })
        }
        Some(_) => None,
        None => {
            findings.error(&here, &value.span, format!(
                "The resource provided {arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region."
            ));
            None
        }
    }
}

fn heartbeat_fits(
    node: &Node,
    at: &Pointer,
    timeout: Option<&Quantity>,
    heartbeat: Option<&Quantity>,
    findings: &mut Findings,
) {
    let literal = |quantity: Option<&Quantity>| match quantity.map(|quantity| &quantity.source) {
        Some(Source::Literal(value)) => value.as_f64(),
        _ => None,
    };
    if let (Some(timeout), Some(heartbeat)) = (literal(timeout), literal(heartbeat))
        && heartbeat >= timeout
        && let Some(value) = node.get("HeartbeatSeconds")
    {
        findings.error(
            &at.child("HeartbeatSeconds"),
            &value.span,
            "The value of 'HeartbeatSeconds' must be less than 'TimeoutSeconds'",
        );
    }
}

fn credentials(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<crate::template::Template> {
    let value = node.get("Credentials")?;
    let here = at.child("Credentials");
    let role = ["RoleArn", "RoleArn.$"]
        .iter()
        .find_map(|field| value.get(field));
    if role.is_none() && value.as_str().is_none() {
        findings.error(
            &here,
            &value.span,
            "The field 'RoleArn' is required but was missing",
        );
    }
    template::compile(value, &here, language, "Credentials", findings)
}
