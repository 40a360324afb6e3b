//! `AWS::S3::Bucket`. `Ref` is the bucket's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::setting::SETTINGS;
use crate::resources::handler::Handler;
use crate::resources::values::{differs, items, set, text};
use crate::resources::{At, Failure};
use crate::service::CLOUDFORMATION;

pub(in crate::resources) struct Bucket;

const UNSUPPORTED: [&str; 9] = [
    "AbacStatus",
    "AnalyticsConfigurations",
    "BucketNamePrefix",
    "BucketNamespace",
    "IntelligentTieringConfigurations",
    "InventoryConfigurations",
    "MetadataConfiguration",
    "MetadataTableConfiguration",
    "MetricsConfigurations",
];

#[async_trait]
impl Handler for Bucket {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(properties, &UNSUPPORTED)?;
        let name = match text(properties, "BucketName") {
            "" => at.name(63).to_lowercase(),
            name => name.to_owned(),
        };
        // S3 answers one's own bucket in some regions; a stack must not take it over.
        if at
            .find("s3", "HeadBucket", json!({ "Bucket": name }))
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        let mut input = json!({ "Bucket": name });
        let region = &at.cx.scope.region;
        if region != "us-east-1" {
            set(
                &mut input,
                "CreateBucketConfiguration",
                json!({ "LocationConstraint": region }),
            );
        }
        if properties.get("ObjectLockEnabled") == Some(&json!(true)) {
            set(&mut input, "ObjectLockEnabledForBucket", true);
        }
        // Needed before an ACL can be set.
        if let Some(owner) = properties.pointer("/OwnershipControls/Rules/0/ObjectOwnership") {
            set(&mut input, "ObjectOwnership", owner.clone());
        }
        at.call("s3", "CreateBucket", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        self.update(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(after, &UNSUPPORTED)?;
        for setting in SETTINGS {
            setting.change(at, physical_id, before, after).await?;
        }
        if differs(before, after, "AccessControl") {
            let acl = match text(after, "AccessControl") {
                "" => "private".to_owned(),
                acl => kebab(acl),
            };
            let input = json!({ "Bucket": physical_id, "ACL": acl });
            at.call("s3", "PutBucketAcl", input).await?;
        }
        if differs(before, after, "Tags") {
            let tags = items(after, "Tags");
            if tags.is_empty() {
                at.call(
                    "s3",
                    "DeleteBucketTagging",
                    json!({ "Bucket": physical_id }),
                )
                .await?;
            } else {
                let input = json!({ "Bucket": physical_id, "Tagging": { "TagSet": tags } });
                at.call_as(CLOUDFORMATION, "s3", "PutBucketTagging", input)
                    .await?;
            }
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("s3", "DeleteBucket", json!({ "Bucket": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let bucket = json!({ "Bucket": physical_id });
        if at.find("s3", "HeadBucket", bucket.clone()).await?.is_none() {
            return Ok(None);
        }
        let (partition, region) = (at.cx.scope.partition(), &at.cx.scope.region);
        let mut live = json!({
            "BucketName": physical_id,
            "Arn": format!("arn:{partition}:s3:::{physical_id}"),
            "DomainName": format!("{physical_id}.s3.amazonaws.com"),
            "DualStackDomainName": format!("{physical_id}.s3.dualstack.{region}.amazonaws.com"),
            "RegionalDomainName": format!("{physical_id}.s3.{region}.amazonaws.com"),
            "WebsiteURL": website(physical_id, region),
        });
        for setting in SETTINGS {
            if let Some(value) = setting.read(at, physical_id).await? {
                set(&mut live, setting.property, value);
            }
        }
        if live
            .pointer("/ObjectLockConfiguration/ObjectLockEnabled")
            .is_some()
        {
            set(&mut live, "ObjectLockEnabled", true);
        }
        let tags = at
            .find("s3", "GetBucketTagging", bucket)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "TagSet"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at.call("s3", "ListBuckets", json!({})).await?;
        let buckets = items(&found, "Buckets").iter();
        Ok(buckets
            .map(|bucket| text(bucket, "Name").to_owned())
            .collect())
    }
}

/// `LogDeliveryWrite` is `log-delivery-write` in the API.
fn kebab(pascal: &str) -> String {
    let mut kebab = String::with_capacity(pascal.len() + 4);
    for letter in pascal.chars() {
        if letter.is_ascii_uppercase() && !kebab.is_empty() {
            kebab.push('-');
        }
        kebab.push(letter.to_ascii_lowercase());
    }
    kebab
}

/// The regions that had websites first put a hyphen where all others have a dot.
fn website(bucket: &str, region: &str) -> String {
    let first = [
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "eu-west-1",
        "sa-east-1",
        "us-east-1",
        "us-gov-west-1",
        "us-west-1",
        "us-west-2",
    ];
    let sign = if first.contains(&region) { '-' } else { '.' };
    format!("http://{bucket}.s3-website{sign}{region}.amazonaws.com")
}
