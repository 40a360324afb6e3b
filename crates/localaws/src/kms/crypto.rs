//! AES-256-GCM, and the form of what it makes: one byte of version, the key's id by its length,
//! the nonce, the ciphertext with its tag.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use serde_json::{Map, Value};

use crate::{AwsError, Ids};

use super::model::Key;

const VERSION: u8 = 1;
const NONCE: usize = 12;

/// Encrypts so that only the same context decrypts.
pub(super) fn seal(
    ids: &Ids,
    key: &Key,
    plain: &[u8],
    context: Option<&Map<String, Value>>,
) -> Result<Vec<u8>, AwsError> {
    let nonce = hex::decode(ids.hex(2 * NONCE)).map_err(broken)?;
    let payload = Payload {
        msg: plain,
        aad: &canonical(context),
    };
    let sealed = cipher(key)?
        .encrypt(Nonce::from_slice(&nonce), payload)
        .map_err(broken)?;
    let id = key.id.as_bytes();
    let length = u8::try_from(id.len()).map_err(broken)?;
    Ok([&[VERSION, length], id, &nonce, &sealed].concat())
}

/// Id of the key that made a ciphertext, and the rest of it.
pub(super) fn key_of(blob: &[u8]) -> Option<(&str, &[u8])> {
    let (head, rest) = blob.split_at_checked(2)?;
    let [VERSION, length] = *head else {
        return None;
    };
    let (id, sealed) = rest.split_at_checked(usize::from(length))?;
    Some((std::str::from_utf8(id).ok()?, sealed))
}

/// Decrypts the rest that [`key_of`] gives; `None` when it is not what was sealed.
pub(super) fn open(
    key: &Key,
    sealed: &[u8],
    context: Option<&Map<String, Value>>,
) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE)?;
    let payload = Payload {
        msg: sealed,
        aad: &canonical(context),
    };
    cipher(key)
        .ok()?
        .decrypt(Nonce::from_slice(nonce), payload)
        .ok()
}

fn cipher(key: &Key) -> Result<Aes256Gcm, AwsError> {
    let material = hex::decode(&key.material).map_err(broken)?;
    Aes256Gcm::new_from_slice(&material).map_err(broken)
}

/// The context as bytes that do not depend on the order of its members.
fn canonical(context: Option<&Map<String, Value>>) -> Vec<u8> {
    let mut pairs: Vec<_> = context.into_iter().flatten().collect();
    pairs.sort_by_key(|(name, _)| *name);
    if pairs.is_empty() {
        return Vec::new();
    }
    serde_json::to_vec(&pairs).unwrap_or_default()
}

fn broken(error: impl std::fmt::Display) -> AwsError {
    AwsError::new("KMSInternalException", error.to_string()).with_status(500)
}
