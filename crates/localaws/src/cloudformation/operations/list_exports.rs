//! `ListExports`.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::page::page;
use crate::cloudformation::status::StackStatus;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let mut exports = Vec::new();
    for stack in cfn.state.all(&call.scope) {
        if stack.status == StackStatus::DeleteComplete {
            continue;
        }
        for output in &stack.outputs {
            if let Some(name) = &output.export {
                exports.push(json!({
                    "ExportingStackId": stack.id,
                    "Name": name,
                    "Value": output.value,
                }));
            }
        }
    }
    exports.sort_by_key(|export| export.get("Name").map(Value::to_string));
    page(&call.input, "Exports", exports, 100)
}
