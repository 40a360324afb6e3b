//! `BatchDeleteImage`: a tag is taken from its image, an image by its digest with all tags. What
//! has lost its last tag this way is gone too.

use serde_json::{Value, json};

use super::Ecr;
use super::image::failure;
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn batch_delete_image(&self, call: &Call) -> Result<Value, AwsError> {
        let ids = call.input.items("imageIds");
        self.change(call, |repository| {
            let mut deleted = Vec::new();
            let mut failures = Vec::new();
            for id in ids {
                let Some(at) = repository.images.iter().position(|image| image.is(id)) else {
                    failures.push(failure(id));
                    continue;
                };
                let tag = id.filled("imageTag");
                let Some(image) = repository.images.get_mut(at) else {
                    continue;
                };
                match tag {
                    Some(tag) => {
                        image.tags.remove(tag);
                        deleted.push(json!({ "imageDigest": image.digest, "imageTag": tag }));
                    }
                    None => deleted.extend(image.ids()),
                }
                if tag.is_none() || image.tags.is_empty() {
                    repository.images.remove(at);
                }
            }
            json!({ "imageIds": deleted, "failures": failures })
        })
    }
}
