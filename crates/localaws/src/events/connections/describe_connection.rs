//! `DescribeConnection`.

use serde_json::{Value, json};

use crate::events::Inner;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::events) fn describe_connection(&self, call: &Call) -> Result<Value, AwsError> {
        let connection = self.connection(call)?;
        let mut shown = connection.summary();
        shown["Name"] = json!(connection.name);
        shown["AuthorizationType"] = json!(connection.kind);
        shown["AuthParameters"] = connection.shown.clone();
        let secret = format!("events!connection/{}/{}", connection.name, connection.id);
        let secret = format!(
            "secret:{secret}-{}",
            connection.id.get(..6).unwrap_or_default()
        );
        shown["SecretArn"] = json!(connection.scope.arn("secretsmanager", &secret));
        for (member, text) in [
            ("Description", &connection.description),
            ("StateReason", &connection.reason),
        ] {
            if let Some(text) = text {
                shown[member] = json!(text);
            }
        }
        Ok(shown)
    }
}
