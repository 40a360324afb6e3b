//! What a handler of a resource type is, and which types have one.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{At, Failure, Schema};

/// Makes, changes, deletes and reads resources of one type through the API of its service.
///
/// Properties have the schema's types and hold the stack's tags.
#[async_trait]
pub(super) trait Handler: Send + Sync {
    /// Makes the resource and answers its physical id.
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure>;

    /// Changes the resource in place.
    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure>;

    /// Deletes the resource.
    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure>;

    /// Live properties in the template's shape, read-only ones included; `None` where the
    /// resource does not exist.
    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure>;

    /// Physical ids of all resources of the type.
    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        Err(Failure::invalid(format!(
            "Resource type {} does not support LIST action",
            at.cx.type_name
        )))
    }

    /// What `GetAtt` gives: the read-only properties, unless the type knows more.
    async fn attributes(
        &self,
        at: &At<'_>,
        schema: &Schema,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Map<String, Value>, Failure> {
        let live = self.read(at, physical_id, properties).await?;
        Ok(attributes_of(schema, &live.unwrap_or_default()))
    }

    /// The physical id of the resource that Cloud Control knows by this identifier.
    fn physical_id(&self, identifier: &str) -> String {
        identifier.to_owned()
    }
}

/// The handler of a type; `None` for types that are only recorded.
pub(super) fn of(type_name: &str) -> Option<&'static dyn Handler> {
    let _ = type_name;
    None
}

/// Read-only properties by path with dots.
pub(super) fn attributes_of(schema: &Schema, live: &Value) -> Map<String, Value> {
    let paths = schema.read_only().iter();
    paths
        .filter_map(|path| {
            let value = live.pointer(&format!("/{path}"))?;
            Some((path.replace('/', "."), value.clone()))
        })
        .collect()
}
