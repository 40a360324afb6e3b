//! `ItemReader`: items of a distributed Map from S3: the items of a file, of the files that a
//! manifest names, or of all files under a prefix; or a list of objects as items.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::runner::Running;

use super::item_format::parse;
use super::manifest::{self, Manifest};
use super::s3;

/// The most items that a map run takes.
const MAX_ITEMS: usize = 100_000_000;

/// Reads the items, or says why it cannot: error name and cause.
pub(super) async fn read(
    states: &States,
    running: &Running,
    reader: &Value,
) -> Result<Vec<Value>, (String, String)> {
    let items = read_all(states, running, reader).await;
    items.map_err(|cause| ("States.ItemReaderFailed".to_owned(), cause))
}

async fn read_all(
    states: &States,
    running: &Running,
    reader: &Value,
) -> Result<Vec<Value>, String> {
    let arguments = reader.get("Arguments").or_else(|| reader.get("Parameters"));
    let arguments = arguments.cloned().unwrap_or_else(|| json!({}));
    let config = reader.get("ReaderConfig").cloned().unwrap_or_default();
    let max = max_items(&config)?;
    let resource = reader
        .get("Resource")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let setting = |name: &str| config.get(name).and_then(Value::as_str);
    let flatten = setting("Transformation") == Some("LOAD_AND_FLATTEN");
    let is_manifest = setting("InputType") == Some("MANIFEST");
    let source = Source { states, running };
    let mut items = match resource.rsplit(":::").next().unwrap_or_default() {
        "s3:getObject" if is_manifest || setting("ManifestType").is_some() => {
            let text = source.text(&arguments).await?;
            let manifest = manifest::parse(&text, &arguments, &config)?;
            source.files(&manifest, max).await?
        }
        "s3:getObject" => parse(&source.text(&arguments).await?, &config)?,
        "s3:listObjectsV2" => {
            let most = if flatten { 0 } else { max };
            let objects = s3::list(states, running, &arguments, most)
                .await
                .map_err(s3_cause)?;
            if flatten {
                let manifest = manifest::of_listed(&arguments, &objects, &config);
                source.files(&manifest, max).await?
            } else {
                objects.iter().map(listed).collect()
            }
        }
        other => return Err(format!("The item reader resource '{other}' is not known")),
    };
    if max > 0 {
        items.truncate(max);
    }
    Ok(items)
}

/// Where files are read from.
struct Source<'a> {
    states: &'a States,
    running: &'a Running,
}

impl Source<'_> {
    /// An object as text.
    async fn text(&self, arguments: &Value) -> Result<String, String> {
        manifest::text(&self.bytes(arguments).await?)
    }

    async fn bytes(&self, arguments: &Value) -> Result<Bytes, String> {
        let body = s3::get(self.states, self.running, arguments).await;
        body.map_err(s3_cause)
    }

    /// The items of all files, one file after the other, until there are `max` (0: all).
    async fn files(&self, manifest: &Manifest, max: usize) -> Result<Vec<Value>, String> {
        let mut items = Vec::new();
        for file in &manifest.files {
            if max > 0 && items.len() >= max {
                break;
            }
            let body = manifest::decompressed(self.bytes(file).await?)?;
            items.extend(parse(&manifest::text(&body)?, &manifest.config)?);
        }
        Ok(items)
    }
}

/// How many items are wanted, 0 for all. More than the service takes is the most it takes.
fn max_items(config: &Value) -> Result<usize, String> {
    let Some(max) = config.get("MaxItems").and_then(Value::as_i64) else {
        return Ok(0);
    };
    match usize::try_from(max) {
        Ok(max) => Ok(max.min(MAX_ITEMS)),
        Err(_) => Err("field MaxItems must be positive".to_owned()),
    }
}

/// A listed object as an item: members in AWS's order, the time in seconds.
fn listed(object: &Value) -> Value {
    let modified = object.get("LastModified").and_then(Value::as_str);
    let modified = modified.and_then(|text| text.parse::<Timestamp>().ok());
    json!({
        "Etag": object.get("ETag"),
        "LastModified": modified.map(Timestamp::as_second),
        "Key": object.get("Key"),
        "Size": object.get("Size"),
        "StorageClass": object.get("StorageClass"),
    })
}

fn s3_cause(error: AwsError) -> String {
    let AwsError {
        code,
        message,
        status,
        ..
    } = error;
    format!("{message} (Service: Amazon S3; Status Code: {status}; Error Code: {code})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_items_must_not_be_negative() {
        assert_eq!(max_items(&json!({ "MaxItems": 2 })), Ok(2));
        let refused = max_items(&json!({ "MaxItems": -1 }));
        assert_eq!(refused.unwrap_err(), "field MaxItems must be positive");
    }
}
