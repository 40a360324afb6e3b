//! Connections: where and how somebody else's API is called, with the secrets that this takes.
//!
//! On AWS the secrets are in Secrets Manager. Here they are in a table of their own that no public
//! operation shows; only other embedded services are told them
//! (`events:RetrieveConnectionCredentials`, which on AWS is a permission and not a public
//! operation either).

mod authorize;
mod change_connection;
mod create_connection;
mod describe_connection;
mod list_connections;
mod retrieve_connection_credentials;
mod secrets;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::state::not_found;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Connection {
    name: String,
    id: String,
    scope: Scope,
    description: Option<String>,
    kind: String,
    /// What may be shown of the parameters.
    shown: Value,
    state: String,
    reason: Option<String>,
    created: Timestamp,
    modified: Timestamp,
    authorized: Option<Timestamp>,
}

impl Connection {
    fn arn(&self) -> String {
        let place = format!("connection/{}/{}", self.name, self.id);
        self.scope.arn("events", &place)
    }

    fn key(&self) -> String {
        self.scope.key(&self.name)
    }

    /// What all operations answer.
    fn summary(&self) -> Value {
        let mut shown = json!({
            "ConnectionArn": self.arn(),
            "ConnectionState": self.state,
            "CreationTime": self.created,
            "LastModifiedTime": self.modified,
        });
        if let Some(time) = self.authorized {
            shown["LastAuthorizedTime"] = json!(time);
        }
        shown
    }
}

impl Inner {
    fn connection(&self, call: &Call) -> Result<Connection, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let found = self.connections.get(&call.scope.key(name));
        found.ok_or_else(|| missing(name))
    }
}

fn missing(name: &str) -> AwsError {
    not_found(format!(
        "Failed to describe the connection(s). Connection '{name}' does not exist."
    ))
}
