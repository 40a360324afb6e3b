//! `GetParametersByPath`.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::describe::{Filter, invalid_token};

impl Ssm {
    pub(super) async fn get_parameters_by_path(&self, call: &Call) -> Result<Value, AwsError> {
        let path = call.input.text("Path").unwrap_or_default();
        if !path.starts_with('/') {
            return Err(AwsError::validation(
                "The parameter doesn't meet the parameter name requirements. The parameter name \
                 must begin with a forward slash \"/\".",
            ));
        }
        let folder = format!("{}/", path.trim_end_matches('/'));
        let recursive = call.input.flag("Recursive");
        let filters = Filter::all(call)?;
        let mut parameters = Vec::new();
        for (_, parameter) in self.parameters.scan(&call.scope.key(&folder)) {
            let below = parameter.name.get(folder.len()..).unwrap_or_default();
            if (recursive || !below.contains('/'))
                && filters.iter().all(|filter| filter.matches(&parameter))
            {
                parameters.push(parameter);
            }
        }
        let limit = call.input.number("MaxResults").unwrap_or(10).clamp(1, 10) as usize;
        let token = call.input.filled("NextToken");
        let (parameters, next) =
            page(parameters, |one| one.name.clone(), token, limit).ok_or_else(invalid_token)?;
        let decrypt = call.input.flag("WithDecryption");
        let mut shown = Vec::new();
        for parameter in &parameters {
            if let Some((number, version)) = parameter.last() {
                let one = self.shown(&call.scope, parameter, number, version, decrypt);
                shown.push(one.await?);
            }
        }
        let mut output = json!({ "Parameters": shown });
        if let Some(next) = next {
            output["NextToken"] = next.into();
        }
        Ok(output)
    }
}
