//! `ListImages`.

use serde_json::Value;

use super::Ecr;
use super::repository::list;
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn list_images(&self, call: &Call) -> Result<Value, AwsError> {
        let filter = call.input.map("filter");
        let status = filter.and_then(|filter| filter.text("tagStatus"));
        let ids = self.look(call, |repository| {
            let images = repository.images.iter().filter(|image| match status {
                Some("TAGGED") => !image.tags.is_empty(),
                Some("UNTAGGED") => image.tags.is_empty(),
                _ => true,
            });
            images.flat_map(|image| image.ids()).collect()
        })?;
        let key = |id: &Value| {
            let part = |name: &str| id.text(name).unwrap_or_default();
            format!("{} {}", part("imageDigest"), part("imageTag"))
        };
        list(call, "imageIds", ids, key)
    }
}
