//! `GetParameterHistory`.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::describe::invalid_token;
use super::model::{Named, arn, not_found};

impl Ssm {
    pub(super) async fn get_parameter_history(&self, call: &Call) -> Result<Value, AwsError> {
        let name = Named::parse(call.input.text("Name").unwrap_or_default()).name;
        let parameter = self.find(&call.scope, &name);
        let parameter = parameter.ok_or_else(|| not_found(&name))?;
        let limit = call.input.number("MaxResults").unwrap_or(50).clamp(1, 50) as usize;
        let token = call.input.filled("NextToken");
        let versions: Vec<_> = parameter.versions.iter().collect();
        let (versions, next) = page(
            versions,
            |(number, _)| format!("{number:020}"),
            token,
            limit,
        )
        .ok_or_else(invalid_token)?;
        let arn = arn(&call.scope, &parameter.name);
        let mut shown = Vec::new();
        for (number, version) in versions {
            let mut one = self.described(&parameter.name, *number, version);
            let secret = version.kind == "SecureString" && call.input.flag("WithDecryption");
            one["Value"] = match secret {
                true => self.decrypted(&call.scope, &arn, version).await?.into(),
                false => version.value.as_str().into(),
            };
            one["Labels"] = json!(version.labels);
            shown.push(one);
        }
        let mut output = json!({ "Parameters": shown });
        if let Some(next) = next {
            output["NextToken"] = next.into();
        }
        Ok(output)
    }
}
