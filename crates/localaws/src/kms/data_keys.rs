//! `GenerateDataKey`, `GenerateDataKeyWithoutPlaintext` and `GenerateRandom`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Kms;
use super::crypto::seal;
use super::encrypt::dry_run;

impl Kms {
    pub(super) fn generate_data_key(&self, call: &Call, shown: bool) -> Result<Value, AwsError> {
        let key = self.key(call, "KeyId")?;
        key.check_usable()?;
        let bytes = match (
            call.input.filled("KeySpec"),
            call.input.number("NumberOfBytes"),
        ) {
            (Some("AES_256"), None) => 32,
            (Some("AES_128"), None) => 16,
            (None, Some(bytes)) => length(bytes)?,
            _ => {
                return Err(AwsError::validation(
                    "Please specify either number of bytes or key spec.",
                ));
            }
        };
        dry_run(call)?;
        let plain = self.random(bytes);
        let context = call.input.map("EncryptionContext");
        let sealed = seal(self.aws.ids(), &key, &plain, context)?;
        let mut output = json!({
            "CiphertextBlob": STANDARD.encode(sealed),
            "KeyId": key.arn,
        });
        if shown {
            output["Plaintext"] = STANDARD.encode(plain).into();
        }
        Ok(output)
    }

    pub(super) fn generate_random(&self, call: &Call) -> Result<Value, AwsError> {
        let bytes = length(call.input.number("NumberOfBytes").unwrap_or_default())?;
        Ok(json!({ "Plaintext": STANDARD.encode(self.random(bytes)) }))
    }

    fn random(&self, bytes: usize) -> Vec<u8> {
        let mut random = Vec::with_capacity(bytes + 8);
        while random.len() < bytes {
            random.extend(self.aws.ids().u64().to_le_bytes());
        }
        random.truncate(bytes);
        random
    }
}

fn length(bytes: i64) -> Result<usize, AwsError> {
    match bytes {
        1..=1024 => Ok(bytes as usize),
        _ => Err(AwsError::validation(format!(
            "1 validation error detected: Value '{bytes}' at 'numberOfBytes' failed to satisfy \
             constraint: Member must have value between 1 and 1024"
        ))),
    }
}
