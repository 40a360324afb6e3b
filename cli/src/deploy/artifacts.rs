//! The bucket that holds what is deployed, and uploads to it.
//!
//! Objects are named by their content, so uploading the same thing again costs one question.

use aws_sdk_cloudformation::types::Capability;
use aws_sdk_s3::primitives::ByteStream;
use sha2::{Digest, Sha256};
use tokio::task::block_in_place;

use super::change_set::{self, Change};
use super::{archive, diff};
use crate::catalogue::BOOTSTRAP_TEMPLATE;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::target::Target;
use crate::ui::{Mark, Ui};

/// Stands for the bucket in a plan that is made before there is one.
const FUTURE_BUCKET: &str = "footwork-artifacts-not-made-yet";

/// A place for artifacts, or the plan of one.
#[derive(Debug)]
pub struct Artifacts<'a> {
    target: &'a Target,
    ui: &'a Ui,
    /// Name of the bucket.
    pub bucket: String,
    uploads: bool,
}

impl<'a> Artifacts<'a> {
    /// The place as it is, without uploads: keys are the same, objects are not written, and where
    /// there is no bucket yet, its name is made up.
    pub async fn planned(target: &'a Target, ui: &'a Ui) -> Result<Self> {
        let found = find(target).await?;
        if found.is_none() {
            let name = stack::stack_name(stack::BOOTSTRAP);
            ui.mark(
                Mark::Note,
                format!("the stack {name}, for deployment artifacts, would be created first"),
            );
        }
        Ok(Self {
            target,
            ui,
            bucket: found.unwrap_or_else(|| FUTURE_BUCKET.to_owned()),
            uploads: false,
        })
    }

    /// The place; made, after asking, when the account and region have none. `None` after a no.
    pub async fn ready(target: &'a Target, yes: bool, ui: &'a Ui) -> Result<Option<Self>> {
        let bucket = match find(target).await? {
            Some(bucket) => bucket,
            None if !make(target, yes, ui).await? => return Ok(None),
            None => find(target).await?.ok_or_else(|| {
                let name = stack::stack_name(stack::BOOTSTRAP);
                Failure::new(format!("the stack {name} has no output ArtifactBucketName"))
                    .help("was it made by another tool? delete or rename it")
            })?,
        };
        Ok(Some(Self {
            target,
            ui,
            bucket,
            uploads: true,
        }))
    }

    /// Uploads under a name made from the content, unless it is there already; returns the key.
    pub async fn put(&self, prefix: &str, extension: &str, content: Vec<u8>) -> Result<String> {
        let key = key(prefix, extension, &content);
        if self.wants(&key).await? {
            self.upload(&key, content).await?;
        }
        Ok(key)
    }

    /// Uploads a function's executable as a deployment package named by the executable, which is
    /// packed only when it is not there already; returns the key.
    pub async fn put_packed(&self, prefix: &str, executable: &[u8]) -> Result<String> {
        // Seconds of work each, during which Ctrl-C must be heard.
        let key = block_in_place(|| key(prefix, "zip", executable));
        if self.wants(&key).await? {
            let package = block_in_place(|| archive::bootstrap(executable))?;
            self.upload(&key, package).await?;
        }
        Ok(key)
    }

    async fn upload(&self, key: &str, content: Vec<u8>) -> Result<()> {
        let size = content.len();
        let put = self
            .target
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .body(ByteStream::from(content));
        put.send()
            .await
            .map_err(|error| Failure::aws("upload to the artifact bucket", error))?;
        self.ui.mark(
            Mark::Good,
            format!("uploaded {key} ({} KiB)", size.div_ceil(1024)),
        );
        Ok(())
    }

    /// Whether an object is to be uploaded.
    async fn wants(&self, key: &str) -> Result<bool> {
        Ok(self.uploads && !self.has(key).await?)
    }

    async fn has(&self, key: &str) -> Result<bool> {
        let head = self.target.s3.head_object().bucket(&self.bucket).key(key);
        match head.send().await {
            Ok(_) => Ok(true),
            Err(error) if error.as_service_error().is_some_and(|e| e.is_not_found()) => Ok(false),
            Err(error) => Err(Failure::aws(
                &format!("look into the artifact bucket {}", self.bucket),
                error,
            )),
        }
    }

    /// URL of an object, for CloudFormation.
    pub fn url(&self, key: &str) -> String {
        let (bucket, region) = (&self.bucket, &self.target.region);
        match &self.target.endpoint {
            Some(endpoint) => format!("{}/{bucket}/{key}", endpoint.trim_end_matches('/')),
            None if region.starts_with("cn-") => {
                format!("https://{bucket}.s3.{region}.amazonaws.com.cn/{key}")
            }
            None => format!("https://{bucket}.s3.{region}.amazonaws.com/{key}"),
        }
    }
}

async fn find(target: &Target) -> Result<Option<String>> {
    let found = change_set::find(target, &stack::stack_name(stack::BOOTSTRAP)).await?;
    let bucket = found
        .as_ref()
        .and_then(|found| stack::output(found, "ArtifactBucketName"));
    Ok(bucket.map(str::to_owned))
}

/// Makes the stack that holds the bucket; false after a no.
async fn make(target: &Target, yes: bool, ui: &Ui) -> Result<bool> {
    let name = stack::stack_name(stack::BOOTSTRAP);
    ui.mark(
        Mark::Note,
        format!(
            "{} has no bucket for deployment artifacts yet; the stack {name} holds it",
            target.region
        ),
    );
    let change = Change {
        stack: &name,
        template: BOOTSTRAP_TEMPLATE.to_owned(),
        template_url: None,
        parameters: Vec::new(),
        tags: stack::own_tags(stack::BOOTSTRAP),
        capabilities: vec![Capability::CapabilityIam],
    };
    let Some(plan) = change_set::create(target, &change).await? else {
        return Ok(true);
    };
    if !yes {
        diff::show(&plan, &name, ui);
        if !plan.agreed(target, ui).await? {
            return Ok(false);
        }
    }
    change_set::execute(target, &plan, ui).await?;
    Ok(true)
}

fn key(prefix: &str, extension: &str, content: &[u8]) -> String {
    format!("{prefix}/{}.{extension}", hex(&Sha256::digest(content)))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
