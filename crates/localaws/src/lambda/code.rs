//! Deployment packages: where they come from, and whether they can be opened.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Lambda;
use super::model::invalid;

/// Most bytes that a package may unpack to.
const MOST_UNPACKED: u64 = 262_144_000;

/// A package that was looked at.
pub(super) struct Package {
    pub(super) zip: Bytes,
    /// Base64, as `CodeSha256` shows it.
    pub(super) sha256: String,
}

impl Lambda {
    /// The package that `ZipFile` or `S3Bucket` and `S3Key` name.
    pub(super) async fn package(&self, call: &Call, code: &Value) -> Result<Package, AwsError> {
        let zip = if let Some(text) = code.text("ZipFile") {
            let decoded = STANDARD.decode(text);
            Bytes::from(decoded.map_err(|_| invalid("ZipFile is not valid base64"))?)
        } else if let (Some(bucket), Some(key)) = (code.filled("S3Bucket"), code.filled("S3Key")) {
            self.object(call, bucket, key, code.filled("S3ObjectVersion"))
                .await?
        } else if code.filled("ImageUri").is_some() {
            return Err(invalid(
                "Container images are not supported by this endpoint",
            ));
        } else {
            return Err(invalid("Please provide a source for function code."));
        };
        check(&zip)?;
        let sha256 = STANDARD.encode(Sha256::digest(&zip));
        Ok(Package { zip, sha256 })
    }

    async fn object(
        &self,
        call: &Call,
        bucket: &str,
        key: &str,
        version: Option<&str>,
    ) -> Result<Bytes, AwsError> {
        let mut input = Map::new();
        input.insert("Bucket".to_owned(), bucket.into());
        input.insert("Key".to_owned(), key.into());
        if let Some(version) = version {
            input.insert("VersionId".to_owned(), version.into());
        }
        let got = self
            .aws
            .call_raw(&call.scope, "s3", "GetObject", input.into(), Bytes::new())
            .await;
        match got {
            Ok(reply) => Ok(reply.body),
            Err(error) => Err(invalid(format!(
                "Error occurred while GetObject. S3 Error Code: {}. S3 Error Message: {}",
                error.code, error.message
            ))),
        }
    }

    pub(super) fn keep(&self, scope: &Scope, package: Package) {
        self.code.put(&scope.key(&package.sha256), package.zip);
    }

    /// Forgets packages that nobody uses any more.
    pub(super) fn forget<'a>(&self, scope: &Scope, packages: impl IntoIterator<Item = &'a str>) {
        let functions = self.functions.scan(&scope.prefix());
        for sha256 in packages {
            if !functions.iter().any(|(_, function)| function.uses(sha256)) {
                self.code.remove(&scope.key(sha256));
            }
        }
    }
}

fn check(zip: &Bytes) -> Result<(), AwsError> {
    if zip.is_empty() {
        return Err(invalid("Uploaded file must be a non-empty zip"));
    }
    let broken = || {
        invalid("Could not unzip uploaded file. Please check your file, then try to upload again.")
    };
    let archive = ZipArchive::new(Cursor::new(zip.as_ref())).map_err(|_| broken())?;
    if archive.is_empty() {
        return Err(invalid("Uploaded file must be a non-empty zip"));
    }
    if archive.decompressed_size().unwrap_or_default() > u128::from(MOST_UNPACKED) {
        return Err(invalid(format!(
            "Unzipped size must be smaller than {MOST_UNPACKED} bytes"
        )));
    }
    Ok(())
}

/// The part of `CreateFunction`'s and `UpdateFunctionCode`'s answers that tells where code is.
/// There is no `Location`: nothing here signs URLs for packages.
pub(super) fn location() -> Value {
    json!({ "RepositoryType": "S3" })
}
