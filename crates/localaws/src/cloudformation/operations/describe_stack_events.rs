//! `DescribeStackEvents`: newest first.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::request::required;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn
        .state
        .find(&call.scope, name)
        .ok_or_else(|| invalid(format!("Stack [{name}] does not exist")))?;
    let events = cfn.state.events.scan(&format!("{}/", stack.key()));
    let events = events.into_iter().rev().map(|(_, event)| {
        let mut shown = json!({
            "StackId": stack.id,
            "EventId": event.id,
            "StackName": stack.name,
            "LogicalResourceId": event.logical,
            "PhysicalResourceId": event.physical.as_deref().unwrap_or_default(),
            "ResourceType": event.kind,
            "Timestamp": event.at.to_string(),
            "ResourceStatus": event.status,
        });
        if let Value::Object(members) = &mut shown {
            optional(members, "ResourceStatusReason", event.reason.as_deref());
            optional(members, "ClientRequestToken", event.token.as_deref());
            let properties = event.properties.as_ref();
            let properties = properties.map(Value::to_string);
            optional(members, "ResourceProperties", properties.as_deref());
        }
        shown
    });
    page(&call.input, "StackEvents", events.collect(), 100)
}
