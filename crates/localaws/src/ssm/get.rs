//! `GetParameter` and `GetParameters`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::model::{Named, not_found, version_not_found};

impl Ssm {
    pub(super) async fn get_parameter(&self, call: &Call) -> Result<Value, AwsError> {
        let text = call.input.text("Name").unwrap_or_default();
        Ok(json!({ "Parameter": self.look_up(call, text).await? }))
    }

    pub(super) async fn get_parameters(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("Names");
        if names.is_empty() || names.len() > 10 {
            return Err(AwsError::validation(
                "1 validation error detected: Value at 'names' failed to satisfy constraint: \
                 Member must have length between 1 and 10",
            ));
        }
        let (mut found, mut missing) = (Vec::new(), Vec::new());
        for name in names {
            match self.look_up(call, &name).await {
                Ok(parameter) => found.push(parameter),
                Err(error) if error.code == "InvalidKeyId" => return Err(error),
                Err(_) => missing.push(name),
            }
        }
        Ok(json!({ "Parameters": found, "InvalidParameters": missing }))
    }

    async fn look_up(&self, call: &Call, text: &str) -> Result<Value, AwsError> {
        let named = Named::parse(text);
        let selector = named.selector.as_deref();
        let parameter = self.find(&call.scope, &named.name);
        let parameter = parameter.ok_or_else(|| not_found(&named.name))?;
        let (number, version) = parameter
            .version(selector)
            .ok_or_else(|| version_not_found(&named.name, selector.unwrap_or_default()))?;
        let decrypt = call.input.flag("WithDecryption");
        let mut shown = self
            .shown(&call.scope, &parameter, number, version, decrypt)
            .await?;
        if let Some(selector) = named.selector {
            shown["Selector"] = selector.into();
        }
        Ok(shown)
    }
}
