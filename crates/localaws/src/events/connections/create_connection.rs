//! `CreateConnection`.

use std::sync::Arc;

use serde_json::Value;

use super::{Connection, secrets};
use crate::events::Inner;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::events) fn create_connection(
        self: &Arc<Self>,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("Name").unwrap_or_default();
        let allowed = |c: u8| c.is_ascii_alphanumeric() || b".-_".contains(&c);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) {
            return Err(AwsError::validation(format!(
                "1 validation error detected: Value '{name}' at 'name' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"
            )));
        }
        if input.member("InvocationConnectivityParameters").is_some() {
            return Err(AwsError::not_implemented(
                "events",
                "connections to private APIs",
            ));
        }
        let kind = input.text("AuthorizationType").unwrap_or_default();
        let parameters = input.member("AuthParameters").cloned().unwrap_or_default();
        secrets::check(kind, &parameters)?;
        let now = self.aws.clock().now();
        let connection = Connection {
            name: name.to_owned(),
            id: self.aws.ids().uuid(),
            scope: call.scope.clone(),
            description: input.text("Description").map(str::to_owned),
            kind: kind.to_owned(),
            shown: secrets::without(&parameters),
            state: "AUTHORIZING".to_owned(),
            reason: None,
            created: now,
            modified: now,
            authorized: None,
        };
        let key = connection.key();
        if !self.connections.insert(&key, connection.clone()) {
            return Err(AwsError::new(
                "ResourceAlreadyExistsException",
                format!("Connection {name} already exists."),
            ));
        }
        self.secrets.put(&key, parameters);
        let mut answer = self.authorize(&key).unwrap_or(connection).summary();
        // The one answer about connections that leaves this out.
        if let Value::Object(members) = &mut answer {
            members.remove("LastAuthorizedTime");
        }
        Ok(answer)
    }
}
