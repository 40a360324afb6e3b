//! Tags of functions and event source mappings.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::{invalid, not_found};
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

    /// Looks at or changes the tags of the call's event source mapping; `None` where the call is
    /// about a function.
    fn mapping_tags<R>(
        &self,
        call: &Call,
        look: impl FnOnce(&mut BTreeMap<String, String>) -> R,
    ) -> Option<Result<R, AwsError>> {
        let arn = call.input.text("Resource").unwrap_or_default();
        let (_, uuid) = arn.split_once(":event-source-mapping:")?;
        let found = self
            .mappings
            .update(&call.scope.key(uuid), |mapping| look(&mut mapping.tags));
        Some(found.ok_or_else(|| not_found("The resource you requested does not exist.")))
    }

    pub(super) fn tag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        if let Some(done) = self.mapping_tags(call, |tags| tags.extend(tag_map(&call.input))) {
            return done.map(|()| json!({}));
        }
        let named = self.tagged(call)?;
        self.change(&call.scope, &named, |function| {
            function.tags.extend(tag_map(&call.input));
            Ok(json!({}))
        })
    }

    pub(super) fn untag_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("TagKeys");
        let keep = |name: &String, _: &mut String| !names.contains(name);
        if let Some(done) = self.mapping_tags(call, |tags| tags.retain(keep)) {
            return done.map(|()| json!({}));
        }
        let named = self.tagged(call)?;
        self.change(&call.scope, &named, |function| {
            function.tags.retain(|name, _| !names.contains(name));
            Ok(json!({}))
        })
    }

    pub(super) fn list_tags(&self, call: &Call) -> Result<Value, AwsError> {
        if let Some(tags) = self.mapping_tags(call, |tags| tags.clone()) {
            return Ok(json!({ "Tags": tags? }));
        }
        let named = self.tagged(call)?;
        Ok(json!({ "Tags": self.function(&call.scope, &named)?.tags }))
    }
}
