//! `BatchGetImage`.

use serde_json::{Value, json};

use super::Ecr;
use super::image::failure;
use super::put_image::shown;
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn batch_get_image(&self, call: &Call) -> Result<Value, AwsError> {
        self.look(call, |repository| {
            let mut images = Vec::new();
            let mut failures = Vec::new();
            for id in call.input.items("imageIds") {
                let Some(image) = repository.images.iter().find(|image| image.is(id)) else {
                    failures.push(failure(id));
                    continue;
                };
                let mut id = id.clone();
                id["imageDigest"] = json!(image.digest);
                images.push(shown(
                    &call.scope.account,
                    &repository.name,
                    &id,
                    &image.manifest,
                    image.media_type.as_deref(),
                ));
            }
            json!({ "images": images, "failures": failures })
        })
    }
}
