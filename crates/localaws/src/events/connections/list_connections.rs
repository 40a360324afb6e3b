//! `ListConnections`.

use serde_json::{Value, json};

use crate::events::Inner;
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::events) fn list_connections(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let prefix = input.text("NamePrefix").unwrap_or_default();
        let state = input.text("ConnectionState");
        let mut found = self.connections.scan(&call.scope.key(prefix));
        found.retain(|(_, one)| state.is_none_or(|state| one.state == state));
        let limit = input.number("Limit").unwrap_or(100).clamp(1, 100);
        let limit = usize::try_from(limit).unwrap_or(100);
        let shown = page(
            found,
            |(key, _)| key.clone(),
            input.filled("NextToken"),
            limit,
        );
        let (found, next) = shown.ok_or_else(|| AwsError::validation("Invalid NextToken."))?;
        let shown = found.iter().map(|(_, connection)| {
            let mut shown = connection.summary();
            shown["Name"] = json!(connection.name);
            shown["AuthorizationType"] = json!(connection.kind);
            if let Some(reason) = &connection.reason {
                shown["StateReason"] = json!(reason);
            }
            shown
        });
        let mut output = json!({ "Connections": shown.collect::<Vec<_>>() });
        if let Some(next) = next {
            output["NextToken"] = json!(next);
        }
        Ok(output)
    }
}
