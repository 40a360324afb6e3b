//! `PutImage`.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::Ecr;
use super::error::invalid;
use super::image::{Image, digest_of};
use crate::params::Params;
use crate::{AwsError, Call};

impl Ecr {
    pub(super) fn put_image(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let manifest = input.text("imageManifest").unwrap_or_default();
        let parsed: Value = serde_json::from_str(manifest).unwrap_or_default();
        if !parsed.is_object() {
            return Err(invalid(
                "Invalid parameter at 'ImageManifest' failed to satisfy constraint: 'Invalid JSON \
                 syntax'",
            ));
        }
        let digest = digest_of(manifest);
        if input
            .filled("imageDigest")
            .is_some_and(|given| given != digest)
        {
            return Err(AwsError::new(
                "ImageDigestDoesNotMatchException",
                format!("The provided digest does not match the calculated digest '{digest}'"),
            ));
        }
        let media_type = input.filled("imageManifestMediaType");
        let media_type = media_type
            .or_else(|| parsed.filled("mediaType"))
            .map(str::to_owned);
        let tag = input.filled("imageTag").map(str::to_owned);
        let now = self.aws.clock().now();
        let account = &call.scope.account;
        self.change(call, |repository| {
            let name = repository.name.clone();
            let holder = |image: &Image| tag.as_ref().is_some_and(|tag| image.tags.contains(tag));
            let held = repository.images.iter().find(|image| holder(image));
            let there = repository.images.iter().any(|image| image.digest == digest);
            let as_asked = match &tag {
                Some(_) => held.is_some_and(|image| image.digest == digest),
                None => there,
            };
            if as_asked {
                let tag = tag.as_deref().unwrap_or("null");
                return Err(AwsError::new(
                    "ImageAlreadyExistsException",
                    format!(
                        "Image with digest '{digest}' and tag '{tag}' already exists in the \
                         repository with name '{name}' in registry with id '{account}'"
                    ),
                ));
            }
            if let (Some(tag), Some(_)) = (&tag, held)
                && repository.keeps(tag)
            {
                return Err(AwsError::new(
                    "ImageTagAlreadyExistsException",
                    format!(
                        "The image tag '{tag}' already exists in the '{name}' repository and cannot \
                         be overwritten because the tag is immutable."
                    ),
                ));
            }
            if let Some(tag) = &tag {
                // The tag moves.
                for image in &mut repository.images {
                    image.tags.remove(tag);
                }
            }
            if !there {
                repository.images.push(Image {
                    digest: digest.clone(),
                    tags: BTreeSet::new(),
                    manifest: manifest.to_owned(),
                    media_type: media_type.clone(),
                    pushed: now,
                });
            }
            let put = repository.images.iter_mut().find(|image| image.digest == digest);
            if let Some(image) = put {
                image.tags.extend(tag.clone());
            }
            let mut id = json!({ "imageDigest": digest });
            if let Some(tag) = &tag {
                id["imageTag"] = json!(tag);
            }
            Ok(json!({ "image": shown(account, &name, &id, manifest, media_type.as_deref()) }))
        })?
    }
}

/// An image as `PutImage` and `BatchGetImage` show it.
pub(super) fn shown(
    account: &str,
    repository: &str,
    id: &Value,
    manifest: &str,
    media_type: Option<&str>,
) -> Value {
    let mut shown = json!({
        "registryId": account,
        "repositoryName": repository,
        "imageId": id,
        "imageManifest": manifest,
    });
    if let Some(media_type) = media_type {
        shown["imageManifestMediaType"] = json!(media_type);
    }
    shown
}
