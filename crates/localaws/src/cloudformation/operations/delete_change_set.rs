//! `DeleteChangeSet`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_change_set::find;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::change_set::Execution;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let (key, set) = match find(cfn, call) {
        Ok(found) => found,
        // What is gone is deleted, as long as its stack exists or the ARN is given.
        Err(error) if error.message.starts_with("ChangeSet [") => return Ok(json!({})),
        Err(error) => return Err(error),
    };
    if set.execution == Execution::InProgress {
        return Err(AwsError::new(
            "InvalidChangeSetStatus",
            format!(
                "ChangeSet [{}] cannot be deleted in its current status of [{}]",
                set.id,
                set.execution.text()
            ),
        ));
    }
    cfn.state.change_sets.remove(&key);
    Ok(json!({}))
}
