//! `DescribeImages`.

use serde_json::{Value, json};

use super::Ecr;
use super::image::Image;
use super::repository::{Repository, list};
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn describe_images(&self, call: &Call) -> Result<Value, AwsError> {
        let ids = call.input.items("imageIds");
        let filter = call.input.map("filter");
        let status = filter.and_then(|filter| filter.text("tagStatus"));
        let details = self.look(call, |repository| {
            let missing = ids
                .iter()
                .find(|id| !repository.images.iter().any(|image| image.is(id)));
            if let Some(id) = missing {
                return Err(not_found(id, repository));
            }
            let images = repository.images.iter().filter(|image| {
                let wanted = match status {
                    Some("TAGGED") => !image.tags.is_empty(),
                    Some("UNTAGGED") => image.tags.is_empty(),
                    _ => true,
                };
                wanted && (ids.is_empty() || ids.iter().any(|id| image.is(id)))
            });
            Ok(images.map(|image| detail(repository, image)).collect())
        })??;
        let key = |one: &Value| one.text("imageDigest").unwrap_or_default().to_owned();
        list(call, "imageDetails", details, key)
    }
}

fn detail(repository: &Repository, image: &Image) -> Value {
    let mut detail = json!({
        "registryId": repository.scope.account,
        "repositoryName": repository.name,
        "imageDigest": image.digest,
        "imageSizeInBytes": image.size(),
        "imagePushedAt": image.pushed,
        "imageStatus": "ACTIVE",
    });
    if !image.tags.is_empty() {
        detail["imageTags"] = json!(image.tags);
    }
    if let Some(media_type) = &image.media_type {
        detail["imageManifestMediaType"] = json!(media_type);
    }
    detail
}

fn not_found(id: &Value, repository: &Repository) -> AwsError {
    let part = |name: &str| id.text(name).unwrap_or("null");
    AwsError::new(
        "ImageNotFoundException",
        format!(
            "The image with imageId {{imageDigest:'{}', imageTag:'{}'}} does not exist within the \
             repository with name '{}' in the registry with id '{}'",
            part("imageDigest"),
            part("imageTag"),
            repository.name,
            repository.scope.account
        ),
    )
}
