//! Manifests: files that name files. Those of S3 Inventory (`S3_INVENTORY`) list objects, whose
//! list is the items; those of Athena's `UNLOAD` (`ATHENA_DATA`) name files of items.

use std::io::Read;

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use serde_json::{Value, json};

use crate::params::Params;

/// Files, as the arguments of `GetObject`, and how they are read.
pub(super) struct Manifest {
    pub(super) files: Vec<Value>,
    /// The `ReaderConfig` of each.
    pub(super) config: Value,
}

/// Reads a manifest by the reader's arguments and configuration.
pub(super) fn parse(text: &str, arguments: &Value, config: &Value) -> Result<Manifest, String> {
    match config.text("ManifestType").unwrap_or("S3_INVENTORY") {
        "S3_INVENTORY" => inventory(text, arguments),
        "ATHENA_DATA" => athena(text, arguments, config),
        other => Err(format!("The manifest type {other} is not known")),
    }
}

/// The `manifest.json` of an inventory: "Amazon S3 Inventory list" in the S3 user guide.
fn inventory(text: &str, arguments: &Value) -> Result<Manifest, String> {
    let manifest: Value = serde_json::from_str(text)
        .map_err(|error| format!("Attempting to parse invalid manifest: {error}"))?;
    let format = manifest.text("fileFormat").unwrap_or_default();
    if !format.eq_ignore_ascii_case("CSV") {
        return Err(format!(
            "Attempting to read an S3 inventory in the format '{format}': only CSV can be read"
        ));
    }
    let bucket = manifest.text("destinationBucket").unwrap_or_default();
    let bucket = bucket.rsplit(':').next().unwrap_or(bucket);
    let files = manifest.items("files").iter();
    let files = files.filter_map(|file| file.text("key"));
    let files = files.map(|key| of(arguments, bucket, key)).collect();
    let schema = manifest.text("fileSchema").unwrap_or_default();
    let headers: Vec<&str> = schema.split(',').map(str::trim).collect();
    Ok(Manifest {
        files,
        config: json!({
            "InputType": "CSV", "CSVHeaderLocation": "GIVEN", "CSVHeaders": headers,
        }),
    })
}

/// A URL of S3 a line.
fn athena(text: &str, arguments: &Value, config: &Value) -> Result<Manifest, String> {
    let mut files = Vec::new();
    for line in text.lines().map(|line| line.trim().trim_matches('"')) {
        if line.is_empty() {
            continue;
        }
        let place = line
            .strip_prefix("s3://")
            .and_then(|rest| rest.split_once('/'));
        let (bucket, key) =
            place.ok_or_else(|| format!("The manifest has a line that is no S3 URI: {line}"))?;
        files.push(of(arguments, bucket, key));
    }
    Ok(Manifest {
        files,
        config: config.clone(),
    })
}

/// The listed objects as files of items (`LOAD_AND_FLATTEN`).
pub(super) fn of_listed(arguments: &Value, objects: &[Value], config: &Value) -> Manifest {
    let bucket = arguments.text("Bucket").unwrap_or_default();
    let keys = objects.iter().filter_map(|object| object.text("Key"));
    // What consoles make of folders is no file.
    let keys = keys.filter(|key| !key.ends_with('/'));
    Manifest {
        files: keys.map(|key| of(arguments, bucket, key)).collect(),
        config: config.clone(),
    }
}

fn of(arguments: &Value, bucket: &str, key: &str) -> Value {
    let mut file = json!({ "Bucket": bucket, "Key": key });
    if let Some(owner) = arguments.member("ExpectedBucketOwner") {
        file["ExpectedBucketOwner"] = owner.clone();
    }
    file
}

/// A file's text.
pub(super) fn text(body: &Bytes) -> Result<String, String> {
    std::str::from_utf8(body)
        .map(str::to_owned)
        .map_err(|error| format!("The object is not UTF-8 text: {error}"))
}

/// Inventories and `UNLOAD` compress their files.
pub(super) fn decompressed(body: Bytes) -> Result<Bytes, String> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return Ok(body);
    }
    let mut plain = Vec::new();
    MultiGzDecoder::new(body.as_ref())
        .read_to_end(&mut plain)
        .map_err(|error| format!("The object cannot be decompressed: {error}"))?;
    Ok(plain.into())
}
