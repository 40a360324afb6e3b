//! The bucket that holds what is deployed, and uploads to it.
//!
//! Objects are named by their content, so uploading the same thing again costs one question.

use aws_sdk_cloudformation::types::Capability;
use aws_sdk_s3::primitives::ByteStream;
use sha2::{Digest, Sha256};

use super::change_set::{self, Change};
use crate::catalogue::BOOTSTRAP_TEMPLATE;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::target::Target;
use crate::ui::{Mark, Ui};

/// Stack that holds the bucket.
pub const BOOTSTRAP_STACK: &str = "footwork-bootstrap";

/// Name of the artifact bucket; made, after asking, when the account and region have none.
pub async fn bucket(target: &Target, yes: bool, ui: &Ui) -> Result<String> {
    if let Some(found) = change_set::find(target, BOOTSTRAP_STACK).await?
        && let Some(bucket) = stack::output(&found, "ArtifactBucketName")
    {
        return Ok(bucket.to_owned());
    }
    ui.mark(
        Mark::Note,
        format!(
            "{} has no bucket for deployment artifacts yet; the stack {BOOTSTRAP_STACK} holds it",
            target.region
        ),
    );
    if !yes && !ui.confirm(&format!("create the stack {BOOTSTRAP_STACK}?"))? {
        return Err(Failure::new("nothing was deployed"));
    }
    let change = Change {
        stack: BOOTSTRAP_STACK,
        template: BOOTSTRAP_TEMPLATE.to_owned(),
        template_url: None,
        parameters: Vec::new(),
        tags: stack::tags("bootstrap"),
        capabilities: vec![Capability::CapabilityIam],
    };
    if let Some(planned) = change_set::create(target, &change).await? {
        change_set::execute(target, &planned, ui).await?;
    }
    let made = change_set::find(target, BOOTSTRAP_STACK).await?;
    let bucket = made
        .as_ref()
        .and_then(|made| stack::output(made, "ArtifactBucketName"));
    bucket.map(str::to_owned).ok_or_else(|| {
        Failure::new(format!(
            "the stack {BOOTSTRAP_STACK} has no output ArtifactBucketName"
        ))
        .help("was it made by another tool? delete or rename it")
    })
}

/// Uploads under a name made from the content, unless it is there already; returns the key.
pub async fn upload(
    target: &Target,
    bucket: &str,
    prefix: &str,
    extension: &str,
    content: Vec<u8>,
    ui: &Ui,
) -> Result<String> {
    let key = format!("{prefix}/{}.{extension}", hex(&Sha256::digest(&content)));
    let there = target
        .s3
        .head_object()
        .bucket(bucket)
        .key(&key)
        .send()
        .await;
    match there {
        Ok(_) => return Ok(key),
        Err(error)
            if error
                .as_service_error()
                .is_some_and(|error| error.is_not_found()) => {}
        Err(error) => return Err(Failure::aws("look into the artifact bucket", error)),
    }
    let size = content.len();
    let put = target
        .s3
        .put_object()
        .bucket(bucket)
        .key(&key)
        .body(ByteStream::from(content));
    put.send()
        .await
        .map_err(|error| Failure::aws("upload to the artifact bucket", error))?;
    ui.mark(
        Mark::Good,
        format!("uploaded {key} ({} KiB)", size.div_ceil(1024)),
    );
    Ok(key)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
