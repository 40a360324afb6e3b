//! `UpdateConnection`, `DeauthorizeConnection`, `DeleteConnection`.

use std::sync::Arc;

use serde_json::{Value, json};

use super::secrets;
use crate::events::Inner;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::events) fn update_connection(
        self: &Arc<Self>,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let input = &call.input;
        let connection = self.connection(call)?;
        if input.member("InvocationConnectivityParameters").is_some() {
            return Err(AwsError::not_implemented(
                "events",
                "connections to private APIs",
            ));
        }
        let key = connection.key();
        let kind = input.text("AuthorizationType").unwrap_or(&connection.kind);
        let before = self.secrets.get(&key).unwrap_or_default();
        let update = input.member("AuthParameters").cloned().unwrap_or(json!({}));
        let parameters = secrets::merged(&before, &update, kind == connection.kind);
        secrets::check(kind, &parameters)?;
        let now = self.aws.clock().now();
        self.connections.update(&key, |connection| {
            kind.clone_into(&mut connection.kind);
            connection.shown = secrets::without(&parameters);
            connection.modified = now;
            "AUTHORIZING".clone_into(&mut connection.state);
            connection.reason = None;
            if let Some(text) = input.text("Description") {
                connection.description = Some(text.to_owned());
            }
        });
        self.secrets.put(&key, parameters);
        Ok(self.authorize(&key).unwrap_or(connection).summary())
    }

    pub(in crate::events) fn deauthorize_connection(&self, call: &Call) -> Result<Value, AwsError> {
        let connection = self.connection(call)?;
        let key = connection.key();
        self.secrets.remove(&key);
        let shown = self.connections.update(&key, |connection| {
            "DEAUTHORIZED".clone_into(&mut connection.state);
            connection.summary()
        });
        Ok(shown.unwrap_or_else(|| connection.summary()))
    }

    pub(in crate::events) fn delete_connection(&self, call: &Call) -> Result<Value, AwsError> {
        let connection = self.connection(call)?;
        let key = connection.key();
        self.secrets.remove(&key);
        self.connections.remove(&key);
        let mut shown = connection.summary();
        shown["ConnectionState"] = json!("DELETING");
        Ok(shown)
    }
}
