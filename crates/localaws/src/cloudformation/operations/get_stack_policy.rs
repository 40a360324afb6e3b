//! `GetStackPolicy`.

use awsapi::AwsError;
use serde_json::{Map, Value};

use super::describe_stacks::optional;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::required;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    let mut answer = Map::new();
    optional(&mut answer, "StackPolicyBody", stack.policy.as_deref());
    Ok(Value::Object(answer))
}
