//! `DescribeParameters`, and the filters that it shares with `GetParametersByPath`.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Ssm;
use super::model::{Parameter, arn};

/// What a parameter must be like.
pub(super) struct Filter {
    key: String,
    option: String,
    values: Vec<String>,
}

impl Ssm {
    pub(super) fn describe_parameters(&self, call: &Call) -> Result<Value, AwsError> {
        let filters = Filter::all(call)?;
        let mut parameters = self.parameters.scan(&call.scope.prefix());
        parameters.retain(|(_, one)| filters.iter().all(|filter| filter.matches(one)));
        let limit = call.input.number("MaxResults").unwrap_or(50).clamp(1, 50) as usize;
        let token = call.input.filled("NextToken");
        let (parameters, next) =
            page(parameters, |(key, _)| key.clone(), token, limit).ok_or_else(invalid_token)?;
        let mut described = Vec::new();
        for (_, parameter) in &parameters {
            if let Some((number, version)) = parameter.last() {
                let mut one = self.described(&parameter.name, number, version);
                one["ARN"] = arn(&call.scope, &parameter.name).into();
                described.push(one);
            }
        }
        let mut output = json!({ "Parameters": described });
        if let Some(next) = next {
            output["NextToken"] = next.into();
        }
        Ok(output)
    }
}

impl Filter {
    /// `ParameterFilters`, and the older `Filters`, which match names by their beginning.
    pub(super) fn all(call: &Call) -> Result<Vec<Self>, AwsError> {
        let mut filters = Vec::new();
        for (member, default) in [("ParameterFilters", "Equals"), ("Filters", "BeginsWith")] {
            for filter in call.input.items(member) {
                let key = filter.text("Key").unwrap_or_default();
                let default = match (key, default) {
                    ("Path", _) => "OneLevel",
                    ("Name", default) => default,
                    _ => "Equals",
                };
                let option = filter.filled("Option").unwrap_or(default);
                let known = matches!(
                    key,
                    "Name" | "Path" | "Type" | "KeyId" | "Tier" | "DataType" | "Label"
                );
                if !known && !key.starts_with("tag:") {
                    return Err(AwsError::new(
                        "InvalidFilterKey",
                        format!("The filter key {key} is not valid"),
                    ));
                }
                filters.push(Self {
                    key: key.to_owned(),
                    option: option.to_owned(),
                    values: filter.texts("Values"),
                });
            }
        }
        Ok(filters)
    }

    pub(super) fn matches(&self, parameter: &Parameter) -> bool {
        let Some((_, version)) = parameter.last() else {
            return false;
        };
        let any = |text: &str| self.values.iter().any(|value| self.fits(text, value));
        match self.key.as_str() {
            "Name" => any(&parameter.name),
            "Path" => self.values.iter().any(|value| {
                let folder = format!("{}/", value.trim_end_matches('/'));
                let below = parameter.name.strip_prefix(&folder);
                below.is_some_and(|below| self.option == "Recursive" || !below.contains('/'))
            }),
            "Type" => any(&version.kind),
            "Tier" => any(&version.tier),
            "DataType" => any(&version.data_type),
            "KeyId" => version.key_id.as_deref().is_some_and(any),
            "Label" => version.labels.iter().any(|label| any(label)),
            key => {
                let tag = key.strip_prefix("tag:").unwrap_or(key);
                let value = parameter.tags.get(tag);
                value.is_some_and(|value| self.values.is_empty() || any(value))
            }
        }
    }

    fn fits(&self, text: &str, value: &str) -> bool {
        match self.option.as_str() {
            "BeginsWith" => text.starts_with(value),
            "Contains" => text.contains(value),
            _ => text == value,
        }
    }
}

pub(super) fn invalid_token() -> AwsError {
    AwsError::new("InvalidNextToken", "The specified token is not valid.")
}
