//! `AssumeRole`, `AssumeRoleWithWebIdentity` and `GetSessionToken`.

use serde_json::{Value, json};

use crate::arn::Arn;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Sts;

impl Sts {
    pub(super) async fn assume_role(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let role_arn = input.text("RoleArn").unwrap_or_default();
        let arn = Arn::parse(role_arn).filter(|arn| arn.service == "iam");
        let role = arn.and_then(|arn| arn.resource.strip_prefix("role/"));
        let role = role.and_then(|path| path.rsplit('/').next());
        let (Some(arn), Some(role)) = (arn, role) else {
            return Err(AwsError::new(
                "ValidationError",
                format!("{role_arn} is invalid"),
            ));
        };
        let session = input.text("RoleSessionName").unwrap_or_default();
        let fine = |c: char| c.is_ascii_alphanumeric() || "_=,.@-".contains(c);
        if !(2..=64).contains(&session.len()) || !session.chars().all(fine) {
            return Err(AwsError::new(
                "ValidationError",
                format!(
                    "1 validation error detected: Value '{session}' at 'roleSessionName' failed to \
                     satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*"
                ),
            ));
        }
        let seconds = duration(input, 3600, 43_200)?;
        let home = arn.scope(&call.scope);
        let assumed = home.global_arn("sts", &format!("assumed-role/{role}/{session}"));
        let named = json!({ "RoleName": role });
        let known = self.aws.call(&home, "iam", "GetRole", named).await.ok();
        let id = known.and_then(|known| Some(known["Role"]["RoleId"].as_str()?.to_owned()));
        // Roles need not exist here; then the id is made up, but the same each time.
        let id = id.unwrap_or_else(|| unknown_id(role_arn));
        Ok(json!({
            "Credentials": self.credentials(&assumed, seconds)?,
            "AssumedRoleUser": { "AssumedRoleId": format!("{id}:{session}"), "Arn": assumed },
        }))
    }

    pub(super) async fn assume_role_with_web_identity(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let token = call.input.text("WebIdentityToken").unwrap_or_default();
        let claims = claims(token).ok_or_else(|| {
            let why = "The ID Token provided is not a valid JWT. (You may see this error if you \
                       sent an Access Token)";
            AwsError::new("InvalidIdentityToken", why)
        })?;
        let mut output = self.assume_role(call).await?;
        for (claim, member) in [
            ("sub", "SubjectFromWebIdentityToken"),
            ("iss", "Provider"),
            ("aud", "Audience"),
        ] {
            if let Some(value) = claims.text(claim) {
                output[member] = value.into();
            }
        }
        Ok(output)
    }

    pub(super) fn get_session_token(&self, call: &Call) -> Result<Value, AwsError> {
        let seconds = duration(&call.input, 43_200, 129_600)?;
        Ok(json!({ "Credentials": self.credentials(&call.caller, seconds)? }))
    }
}

fn duration(input: &Value, default: i64, most: i64) -> Result<i64, AwsError> {
    let seconds = input.number("DurationSeconds").unwrap_or(default);
    match (900..=most).contains(&seconds) {
        true => Ok(seconds),
        false => Err(AwsError::new(
            "ValidationError",
            format!(
                "1 validation error detected: Value '{seconds}' at 'durationSeconds' failed to \
                 satisfy constraint: Member must have value between 900 and {most}"
            ),
        )),
    }
}

/// The claims of a web token. Its signature is not checked.
fn claims(token: &str) -> Option<Value> {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    let mut parts = token.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
}

fn unknown_id(arn: &str) -> String {
    use sha2::{Digest, Sha256};

    let hash = hex::encode_upper(Sha256::digest(arn));
    format!("AROA{}", hash.get(..17).unwrap_or_default())
}
