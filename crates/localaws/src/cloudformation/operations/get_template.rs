//! `GetTemplate`.

use awsapi::AwsError;
use serde_json::{Value, json};

use super::describe_change_set;
use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::{choice, required, text};

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    // Without macros both stages are the same.
    choice(&call.input, "TemplateStage", &["Original", "Processed"])?;
    let body = match text(&call.input, "ChangeSetName") {
        Some(_) => describe_change_set::find(cfn, call)?.1.deployment.template,
        None => {
            let name = required(&call.input, "StackName")?;
            cfn.state.stack(&call.scope, name)?.current.template
        }
    };
    Ok(json!({
        "TemplateBody": &*body,
        "StagesAvailable": ["Original", "Processed"],
    }))
}
