//! How the children of the map ended, from the files that Step Functions writes for it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::parse;
use crate::Error;
use crate::ports::Files;

/// Where the map's manifest is: `ResultWriterDetails` of the map's result.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MapResults {
    /// The bucket.
    pub bucket: String,
    /// Key of the manifest.
    pub key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Manifest {
    result_files: BTreeMap<String, Vec<ResultFile>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ResultFile {
    key: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Child {
    /// The child's input, a text that holds JSON.
    input: Option<String>,
    status: Option<String>,
    error: Option<String>,
    cause: Option<String>,
}

/// The children that did not succeed, by name of their stack.
#[derive(Debug, Default)]
pub(super) struct Failures(BTreeMap<String, String>);

impl Failures {
    /// How the child of a stack failed.
    pub(super) fn of(&self, stack_name: &str) -> Option<&str> {
        self.0.get(stack_name).map(String::as_str)
    }
}

/// Reads the files about the children that failed or never started.
pub(super) async fn failures(port: &impl Files, results: &MapResults) -> Result<Failures, Error> {
    let mut failures = BTreeMap::new();
    let manifest: Manifest = parse(
        &file(port, &results.bucket, &results.key).await?,
        &results.key,
    )?;
    for (status, files) in manifest.result_files {
        if status == "SUCCEEDED" {
            continue;
        }
        for ResultFile { key } in files {
            let children: Vec<Child> = parse(&file(port, &results.bucket, &key).await?, &key)?;
            failures.extend(
                children
                    .into_iter()
                    .filter_map(|child| Some((stack_of(&child)?, sentence(&child)))),
            );
        }
    }
    Ok(Failures(failures))
}

async fn file(port: &impl Files, bucket: &str, key: &str) -> Result<Vec<u8>, Error> {
    let body = port.get(bucket, key).await?;
    body.ok_or_else(|| Error::BrokenRun(format!("there is no s3://{bucket}/{key}")))
}

fn stack_of(child: &Child) -> Option<String> {
    let input: Value = serde_json::from_str(child.input.as_deref()?).ok()?;
    input
        .pointer("/stack/stackName")?
        .as_str()
        .map(str::to_owned)
}

fn sentence(child: &Child) -> String {
    let status = child.status.as_deref().unwrap_or("FAILED");
    match (child.error.as_deref(), child.cause.as_deref()) {
        (Some(error), Some(cause)) => {
            format!("its execution ended as {status} with {error}: {cause}")
        }
        (Some(error), None) => format!("its execution ended as {status} with {error}"),
        _ => format!("its execution ended as {status}"),
    }
}
