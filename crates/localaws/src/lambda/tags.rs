//! Tags of functions.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::invalid;
use super::names::Named;

/// The member `Tags`.
pub(super) fn tag_map(input: &Value) -> BTreeMap<String, String> {
    let tags = input.map("Tags").into_iter().flatten();
    tags.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
        .collect()
}

impl Lambda {
    fn tagged(&self, call: &Call) -> Result<Named, AwsError> {
        let arn = call.input.text("Resource").unwrap_or_default();
        match Named::parse(arn) {
            Some(named) if arn.starts_with("arn:") && named.qualifier.is_none() => Ok(named),
            _ => Err(invalid(format!(
                "Tags on function aliases and versions are not supported. Please specify a \
                 function ARN: {arn}"
            ))),
        }
    }

    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.tagged(call)?;
        self.change(&call.scope, &named, |function| {
            function.tags.extend(tag_map(&call.input));
            Ok(json!({}))
        })
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.tagged(call)?;
        let names = call.input.texts("TagKeys");
        self.change(&call.scope, &named, |function| {
            function.tags.retain(|name, _| !names.contains(name));
            Ok(json!({}))
        })
    }

    pub(super) fn list_tags(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.tagged(call)?;
        Ok(json!({ "Tags": self.function(&call.scope, &named)?.tags }))
    }
}
