//! `SetStackPolicy`.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::request::{required, text};
use crate::cloudformation::source::fetch;
use crate::cloudformation::state::invalid;
use crate::cloudformation::{CloudFormation, policy};

const LIMIT: usize = 16_384;

pub(super) async fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    let given = policy_of(cfn, call, "StackPolicyBody", "StackPolicyURL").await?;
    let key = stack.key();
    cfn.state.stacks.update(&key, |stack| stack.policy = given);
    Ok(json!({}))
}

/// A policy given as text or by its URL.
pub(super) async fn policy_of(
    cfn: &CloudFormation,
    call: &Call,
    body: &str,
    url: &str,
) -> Result<Option<String>, AwsError> {
    let given = match (text(&call.input, body), text(&call.input, url)) {
        (Some(_), Some(_)) => {
            return Err(invalid(
                "You cannot specify both StackPolicyURL and StackPolicyBody",
            ));
        }
        (Some(body), None) => Some(body.to_owned()),
        (None, Some(url)) => Some(fetch(cfn, &call.scope, url, LIMIT).await?),
        (None, None) => None,
    };
    if let Some(given) = &given {
        policy::parse(given)?;
    }
    Ok(given)
}
