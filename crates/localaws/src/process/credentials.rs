//! Credentials of a role, as a process finds them in its environment.

use serde_json::json;

use crate::params::Params;
use crate::{Aws, Scope};

/// The variables that AWS's SDKs read, with what STS gives for the role.
pub(crate) async fn credentials(
    aws: &Aws,
    scope: &Scope,
    role: &str,
    session: &str,
) -> [(&'static str, String); 3] {
    let input = json!({
        "RoleArn": role, "RoleSessionName": session, "DurationSeconds": 43_200,
    });
    let assumed = aws.call(scope, "sts", "AssumeRole", input).await;
    let assumed = assumed.unwrap_or_else(|error| {
        tracing::warn!(role, session, %error, "no credentials for a role");
        json!({})
    });
    let credentials = assumed.map("Credentials").cloned().unwrap_or_default();
    let of = |member: &str| credentials.text(member).unwrap_or("local").to_owned();
    [
        ("AWS_ACCESS_KEY_ID", of("AccessKeyId")),
        ("AWS_SECRET_ACCESS_KEY", of("SecretAccessKey")),
        ("AWS_SESSION_TOKEN", of("SessionToken")),
    ]
}
