//! The ecr service: repositories, and the images in them by digest and tag.
//!
//! There is no registry behind it: layers are not kept, so nothing can be pushed or pulled with
//! `docker`. Images come by `PutImage`, with a manifest whose layers nobody asks for. Scans,
//! replication, pull-through caches and signing are not built; life cycle policies are kept and
//! not applied.

mod batch_delete_image;
mod batch_get_image;
mod describe_images;
mod error;
mod image;
mod list_images;
mod policies;
mod put_image;
mod repository;
mod tag;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service, Table};
use repository::Repository;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Ecr {
        aws: aws.clone(),
        repositories: aws.store().table("ecr.repositories"),
    })
}

struct Ecr {
    aws: Aws,
    repositories: Table<Repository>,
}

#[async_trait]
impl Service for Ecr {
    fn name(&self) -> &'static str {
        "ecr"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let output = match call.action.as_str() {
            "CreateRepository" => self.create_repository(&call),
            "DescribeRepositories" => self.describe_repositories(&call),
            "DeleteRepository" => self.delete_repository(&call),
            "PutImageTagMutability" => self.put_image_tag_mutability(&call),
            "PutImageScanningConfiguration" => self.put_image_scanning_configuration(&call),
            "SetRepositoryPolicy" => self.set_repository_policy(&call),
            "GetRepositoryPolicy" => self.get_repository_policy(&call),
            "DeleteRepositoryPolicy" => self.delete_repository_policy(&call),
            "PutLifecyclePolicy" => self.put_lifecycle_policy(&call),
            "GetLifecyclePolicy" => self.get_lifecycle_policy(&call),
            "DeleteLifecyclePolicy" => self.delete_lifecycle_policy(&call),
            "PutImage" => self.put_image(&call),
            "BatchGetImage" => self.batch_get_image(&call),
            "DescribeImages" => self.describe_images(&call),
            "ListImages" => self.list_images(&call),
            "BatchDeleteImage" => self.batch_delete_image(&call),
            "TagResource" => self.tag_resource(&call),
            "UntagResource" => self.untag_resource(&call),
            "ListTagsForResource" => self.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("ecr", &call.action)),
        };
        output.map(Reply::from)
    }
}
