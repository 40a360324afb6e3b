//! Credentials of a session. The token carries whose session it is, so that whoever is shown the
//! token knows without asking anybody.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::AwsError;

use super::Sts;

/// What session tokens begin with.
const PREFIX: &str = "local/";

/// ARN of the session that a token was made for: `arn:aws:sts::…:assumed-role/role/session`.
/// Nothing vouches for it: whoever can reach this endpoint may do everything anyway.
pub(crate) fn caller_of(token: &str) -> Option<String> {
    let text = STANDARD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let text = String::from_utf8(text).ok()?;
    let (_, arn) = text.split_once(' ')?;
    Some(arn.to_owned())
}

impl Sts {
    /// New credentials for a session of that ARN.
    pub(super) fn credentials(&self, arn: &str, seconds: i64) -> Result<Value, AwsError> {
        let now = self.aws.clock().now();
        let expires = now.saturating_add(SignedDuration::from_secs(seconds));
        let expires = expires.map_err(|error| AwsError::internal(error.to_string()))?;
        let ids = self.aws.ids();
        let token = STANDARD.encode(format!("{} {arn}", ids.hex(16)));
        Ok(json!({
            "AccessKeyId": format!("ASIA{}", ids.upper(16)),
            "SecretAccessKey": ids.hex(40),
            "SessionToken": format!("{PREFIX}{token}"),
            "Expiration": expires.to_string(),
        }))
    }
}
