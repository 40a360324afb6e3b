//! ListObjectVersions.

use serde_json::{Value, json};

use super::list_objects::{check_encoding, common_prefix, encoder, max_keys, show};
use super::state::{object_prefix, owner};
use super::{S3, bucket_name};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn list_object_versions(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        check_encoding(call)?;
        let input = &call.input;
        let encode = encoder(call);
        let start = object_prefix(&call.scope, &bucket.name);
        let prefix = input.text("Prefix").unwrap_or_default();
        let delimiter = input.filled("Delimiter");
        let marker = input.text("KeyMarker").unwrap_or_default();
        let id_marker = input.filled("VersionIdMarker");
        let most = usize::try_from(max_keys(call)).unwrap_or(1000);

        let (mut versions, mut markers, mut prefixes) = (Vec::new(), Vec::new(), Vec::new());
        let mut last = (String::new(), None::<String>);
        let mut count = 0;
        let mut truncated = false;
        self.objects.walk(
            &format!("{start}{prefix}"),
            &format!("{start}{marker}"),
            |row, object| {
                let key = row.get(start.len()..).unwrap_or_default();
                if let Some(common) = delimiter.and_then(|one| common_prefix(key, prefix, one)) {
                    if common == last.0 || common <= marker || marker.starts_with(common) {
                        return true;
                    }
                    if count == most {
                        truncated = true;
                        return false;
                    }
                    count += 1;
                    last = (common.to_owned(), None);
                    prefixes.push(json!({ "Prefix": encode(common) }));
                    return true;
                }
                // Goes on after the marked version, or after all of the marked key.
                let skip = match (key == marker, id_marker) {
                    (false, _) => 0,
                    (true, None) => object.versions.len(),
                    (true, Some(id)) => {
                        let found = object.versions.iter().position(|one| one.id == id);
                        found.map_or(0, |at| at + 1)
                    }
                };
                for (at, version) in object.versions.iter().enumerate().skip(skip) {
                    if count == most {
                        truncated = true;
                        return false;
                    }
                    count += 1;
                    last = (key.to_owned(), Some(version.id.clone()));
                    let mut shown = if version.delete_marker {
                        json!({ "LastModified": version.modified })
                    } else {
                        show(version)
                    };
                    shown["Key"] = encode(key);
                    shown["VersionId"] = json!(version.id);
                    shown["IsLatest"] = json!(at == 0);
                    shown["Owner"] = owner(call);
                    let list = if version.delete_marker {
                        &mut markers
                    } else {
                        &mut versions
                    };
                    list.push(shown);
                }
                true
            },
        );

        let mut output = json!({
            "Name": bucket_name(call),
            "Prefix": encode(prefix),
            "KeyMarker": encode(marker),
            "VersionIdMarker": id_marker.unwrap_or_default(),
            "MaxKeys": max_keys(call),
            "IsTruncated": truncated && most > 0,
        });
        let lists = [
            ("Versions", versions),
            ("DeleteMarkers", markers),
            ("CommonPrefixes", prefixes),
        ];
        for (name, list) in lists {
            if !list.is_empty() {
                output[name] = json!(list);
            }
        }
        if let Some(delimiter) = delimiter {
            output["Delimiter"] = encode(delimiter);
        }
        if let Some(encoding) = input.text("EncodingType") {
            output["EncodingType"] = json!(encoding);
        }
        if truncated && most > 0 {
            output["NextKeyMarker"] = encode(&last.0);
            if let Some(id) = last.1 {
                output["NextVersionIdMarker"] = json!(id);
            }
        }
        Ok(output)
    }
}
