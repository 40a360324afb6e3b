//! `DescribeType`: public resource types, as far as their schemas are known here.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::request::text;
use crate::cloudformation::state::invalid;

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let arn = text(&call.input, "Arn");
    let from_arn = arn.and_then(|arn| Some(arn.rsplit_once('/')?.1.replace('-', "::")));
    let name = match (text(&call.input, "TypeName"), from_arn) {
        (Some(name), _) => name.to_owned(),
        (None, Some(name)) => name,
        (None, None) => return Err(invalid("Either Arn or TypeName must be specified")),
    };
    let Some(schema) = cfn.resources.schema(&name) else {
        return Err(AwsError::new(
            "TypeNotFoundException",
            format!("The type '{name}' cannot be found."),
        )
        .with_status(404));
    };
    let provisioning = match (schema.is_provisionable(), schema.is_mutable()) {
        (false, _) => "NON_PROVISIONABLE",
        (true, true) => "FULLY_MUTABLE",
        (true, false) => "IMMUTABLE",
    };
    let region = &call.scope.region;
    Ok(json!({
        "Arn": format!("arn:{}:cloudformation:{region}::type/resource/{}", call.scope.partition(), name.replace("::", "-")),
        "Type": "RESOURCE",
        "TypeName": name,
        "IsDefaultVersion": true,
        "ProvisioningType": provisioning,
        "DeprecatedStatus": "LIVE",
        "Visibility": "PUBLIC",
    }))
}
