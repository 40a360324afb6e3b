//! `Encrypt`, `Decrypt` and `ReEncrypt`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;
use super::crypto::{key_of, open, seal};
use super::model::Key;

const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

impl Kms {
    pub(super) fn encrypt(&self, call: &Call) -> Result<Value, AwsError> {
        let key = self.key(call, "KeyId")?;
        key.check_usable()?;
        check_algorithm(call, "EncryptionAlgorithm")?;
        let plain = blob(call, "Plaintext")?;
        if plain.is_empty() || plain.len() > 4096 {
            return Err(AwsError::validation(
                "1 validation error detected: Value at 'plaintext' failed to satisfy constraint: \
                 Member must have length between 1 and 4096",
            ));
        }
        dry_run(call)?;
        let context = call.input.map("EncryptionContext");
        let sealed = seal(self.aws.ids(), &key, &plain, context)?;
        Ok(json!({
            "CiphertextBlob": STANDARD.encode(sealed),
            "KeyId": key.arn,
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    pub(super) fn decrypt(&self, call: &Call) -> Result<Value, AwsError> {
        check_algorithm(call, "EncryptionAlgorithm")?;
        let (key, plain) = self.opened(call, "KeyId", "EncryptionContext")?;
        dry_run(call)?;
        Ok(json!({
            "KeyId": key.arn,
            "Plaintext": STANDARD.encode(plain),
            "EncryptionAlgorithm": ALGORITHM,
        }))
    }

    pub(super) fn re_encrypt(&self, call: &Call) -> Result<Value, AwsError> {
        check_algorithm(call, "SourceEncryptionAlgorithm")?;
        check_algorithm(call, "DestinationEncryptionAlgorithm")?;
        let (source, plain) = self.opened(call, "SourceKeyId", "SourceEncryptionContext")?;
        let key = self.key(call, "DestinationKeyId")?;
        key.check_usable()?;
        dry_run(call)?;
        let context = call.input.map("DestinationEncryptionContext");
        let sealed = seal(self.aws.ids(), &key, &plain, context)?;
        Ok(json!({
            "CiphertextBlob": STANDARD.encode(sealed),
            "SourceKeyId": source.arn,
            "KeyId": key.arn,
            "SourceEncryptionAlgorithm": ALGORITHM,
            "DestinationEncryptionAlgorithm": ALGORITHM,
        }))
    }

    /// The key that made `CiphertextBlob`, and what is in it.
    fn opened(
        &self,
        call: &Call,
        expected: &str,
        context: &str,
    ) -> Result<(Key, Vec<u8>), AwsError> {
        let wrong = || AwsError::new("InvalidCiphertextException", "");
        let sealed = blob(call, "CiphertextBlob")?;
        let (id, sealed) = key_of(&sealed).ok_or_else(wrong)?;
        let key = self.keys.get(&call.scope.key(id)).ok_or_else(wrong)?;
        let expected = call.input.filled(expected);
        let expected = expected
            .map(|name| self.find(&call.scope, name))
            .transpose()?;
        if expected.is_some_and(|expected| expected.id != key.id) {
            return Err(AwsError::new(
                "IncorrectKeyException",
                "The key ID in the request does not identify a CMK that can perform this \
                 operation.",
            ));
        }
        key.check_usable()?;
        let plain = open(&key, sealed, call.input.map(context)).ok_or_else(wrong)?;
        Ok((key, plain))
    }
}

fn blob(call: &Call, member: &str) -> Result<Vec<u8>, AwsError> {
    let text = call.input.text(member).unwrap_or_default();
    let decoded = STANDARD.decode(text);
    decoded.map_err(|_| AwsError::validation(format!("{member} is not valid base64")))
}

fn check_algorithm(call: &Call, member: &str) -> Result<(), AwsError> {
    match call.input.filled(member) {
        None | Some(ALGORITHM) => Ok(()),
        Some(other) => Err(AwsError::new(
            "InvalidKeyUsageException",
            format!("Algorithm {other} is incompatible with key spec SYMMETRIC_DEFAULT."),
        )),
    }
}

/// A call that would succeed, but only asks whether it would.
pub(super) fn dry_run(call: &Call) -> Result<(), AwsError> {
    match call.input.flag("DryRun") {
        true => Err(AwsError::new(
            "DryRunOperationException",
            "The request would have succeeded, but the DryRun option is set.",
        )),
        false => Ok(()),
    }
}
