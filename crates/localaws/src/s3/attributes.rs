//! GetObjectAttributes.

use serde_json::{Map, Value, json};

use super::state::Versioning;
use super::{S3, condition, get_object};
use crate::params::Params;
use crate::{AwsError, Call};

impl S3 {
    pub(super) fn get_object_attributes(&self, call: &Call) -> Result<Value, AwsError> {
        let version = self.version(call)?;
        condition::check_read(call, "", &version)?;
        get_object::check_customer_key(call, &version)?;
        let mut output = json!({ "LastModified": version.modified });
        if self.bucket(call)?.versioning() != Versioning::Off {
            output["VersionId"] = json!(version.id);
        }
        for attribute in call.input.texts("ObjectAttributes") {
            match attribute.as_str() {
                "ETag" => output["ETag"] = json!(version.etag.trim_matches('"')),
                "ObjectSize" => output["ObjectSize"] = json!(version.size),
                "StorageClass" => output["StorageClass"] = json!(version.storage_class()),
                "Checksum" if !version.checksums.is_empty() => {
                    output["Checksum"] = json!(version.checksums);
                }
                "ObjectParts" if !version.parts.is_empty() => {
                    output["ObjectParts"] = self.object_parts(call, &version.parts);
                }
                _ => {}
            }
        }
        Ok(output)
    }

    fn object_parts(&self, call: &Call, parts: &[super::state::Part]) -> Value {
        let after = call.input.number("PartNumberMarker").unwrap_or(0);
        let most = call.input.number("MaxParts").unwrap_or(1000).clamp(0, 1000);
        let most = usize::try_from(most).unwrap_or(1000);
        let rest: Vec<_> = parts.iter().filter(|part| part.number > after).collect();
        let page = rest.iter().take(most);
        let shown: Vec<_> = page
            .map(|part| {
                let mut shown: Map<_, _> = part.checksums.clone();
                shown.remove("ChecksumType");
                shown.insert("PartNumber".to_owned(), json!(part.number));
                shown.insert("Size".to_owned(), json!(part.size));
                shown
            })
            .collect();
        let last = shown
            .last()
            .and_then(|part| part.get("PartNumber"))
            .cloned();
        json!({
            "TotalPartsCount": parts.len(),
            "PartNumberMarker": after,
            "NextPartNumberMarker": last.unwrap_or(json!(0)),
            "MaxParts": most,
            "IsTruncated": rest.len() > most,
            "Parts": shown,
        })
    }
}
