//! `AWS::S3::BucketPolicy`. `Ref` is the bucket's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{document, parsed, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct BucketPolicy;

#[async_trait]
impl Handler for BucketPolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let bucket = text(properties, "Bucket");
        if at
            .find("s3", "GetBucketPolicy", json!({ "Bucket": bucket }))
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, bucket));
        }
        put(at, bucket, properties).await?;
        Ok(bucket.to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        put(at, physical_id, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("s3", "DeleteBucketPolicy", json!({ "Bucket": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "Bucket": physical_id });
        let found = at.find("s3", "GetBucketPolicy", input).await?;
        Ok(found.map(|found| {
            let policy = parsed(text(&found, "Policy"));
            json!({ "Bucket": physical_id, "PolicyDocument": policy })
        }))
    }
}

async fn put(at: &At<'_>, bucket: &str, properties: &Value) -> Result<(), Failure> {
    let policy = properties
        .get("PolicyDocument")
        .map(document)
        .unwrap_or_default();
    let input = json!({ "Bucket": bucket, "Policy": policy });
    at.call("s3", "PutBucketPolicy", input).await?;
    Ok(())
}
