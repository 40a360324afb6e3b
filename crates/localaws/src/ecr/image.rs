//! An image: its manifest, and the tags that point at it.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::params::Params;

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Image {
    /// `sha256:` and the manifest's hash.
    pub(super) digest: String,
    pub(super) tags: BTreeSet<String>,
    pub(super) manifest: String,
    pub(super) media_type: Option<String>,
    pub(super) pushed: Timestamp,
}

impl Image {
    /// Whether an image identifier means it: by digest, by tag, or by both.
    pub(super) fn is(&self, id: &Value) -> bool {
        let digest = id.filled("imageDigest");
        let tag = id.filled("imageTag");
        (digest.is_some() || tag.is_some())
            && digest.is_none_or(|digest| digest == self.digest)
            && tag.is_none_or(|tag| self.tags.contains(tag))
    }

    /// What the manifest says of the size of its parts.
    pub(super) fn size(&self) -> i64 {
        let manifest: Value = serde_json::from_str(&self.manifest).unwrap_or_default();
        let of = |part: &Value| part.number("size").unwrap_or(0);
        let config = manifest.get("config").map_or(0, of);
        let layers = manifest.items("layers").iter().map(of);
        layers.fold(config, i64::saturating_add)
    }

    /// The identifiers: one a tag, or the digest alone.
    pub(super) fn ids(&self) -> Vec<Value> {
        if self.tags.is_empty() {
            return vec![json!({ "imageDigest": self.digest })];
        }
        let tags = self.tags.iter();
        tags.map(|tag| json!({ "imageDigest": self.digest, "imageTag": tag }))
            .collect()
    }
}

pub(super) fn digest_of(manifest: &str) -> String {
    format!("sha256:{}", hex::encode(Sha256::digest(manifest)))
}

/// A failure of a batch, for an identifier that means no image.
pub(super) fn failure(id: &Value) -> Value {
    let named = id.filled("imageDigest").is_some() || id.filled("imageTag").is_some();
    let digest = id.filled("imageDigest");
    let malformed = digest.is_some_and(|digest| {
        let hex = digest.strip_prefix("sha256:").unwrap_or_default();
        hex.len() != 64 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    });
    let (code, reason) = if !named {
        (
            "MissingDigestAndTag",
            "Invalid request parameters: both tag and digest cannot be null",
        )
    } else if malformed {
        (
            "InvalidImageDigest",
            "Invalid request parameters: image digest should satisfy the regex \
             '[a-zA-Z0-9-_+.]+:[a-fA-F0-9]+'",
        )
    } else {
        ("ImageNotFound", "Requested image not found")
    };
    json!({ "imageId": id, "failureCode": code, "failureReason": reason })
}
