//! Types without a service behind them: declared properties kept, ids and attributes made up.

mod identifier;
mod ids;
mod made_up;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{Aws, Store, Table};

use super::handler::attributes_of;
use super::{Code, Context, Failure, Resource, Schema};

/// How often an id is made up anew when somebody has it: versions are counted so.
const MOST_TRIES: u64 = 1_000;

/// The table of recorded resources.
pub(crate) type Rows = Arc<Table<Row>>;

/// Opens the table of recorded resources.
pub(crate) fn rows(store: &Store) -> Rows {
    Arc::new(store.table("resources.recorded"))
}

/// One recorded resource.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Row {
    /// What Cloud Control calls it: the primary identifier, joined with `|`.
    identifier: String,
    /// What was declared.
    properties: Map<String, Value>,
    /// What the service would have set.
    made_up: Value,
}

/// The provider of all types without a handler.
#[derive(Debug)]
pub(super) struct Recorded {
    aws: Aws,
}

impl Recorded {
    pub(super) fn of(aws: &Aws) -> Self {
        Self { aws: aws.clone() }
    }

    pub(super) fn create(
        &self,
        cx: &Context,
        schema: &Schema,
        properties: &Value,
    ) -> Result<Resource, Failure> {
        let properties = properties.as_object().cloned().unwrap_or_default();
        let mut refused = String::new();
        for number in 1..=MOST_TRIES {
            let made = made_up::resource(cx, schema, &properties, self.aws.ids(), number);
            let row = Row {
                identifier: made.identifier.clone(),
                properties: properties.clone(),
                made_up: made.values,
            };
            let attributes = attributes_of(schema, &row.live(schema));
            if self.rows().insert(&key(cx, &made.physical_id), row) {
                return Ok(Resource {
                    physical_id: made.physical_id,
                    attributes,
                });
            }
            // What is the same at the second attempt was declared and not made up.
            if made.identifier == refused {
                break;
            }
            refused = made.identifier;
        }
        Err(Failure::already_exists(&cx.type_name, &refused))
    }

    /// Declared properties that changed are set, those no longer declared taken away; what was
    /// changed behind the template's back and is not declared stays, as with real services.
    pub(super) fn update(
        &self,
        cx: &Context,
        schema: &Schema,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<Resource, Failure> {
        let empty = Map::new();
        let (before, after) = (before.as_object(), after.as_object().unwrap_or(&empty));
        let changed = self.rows().update(&key(cx, physical_id), |row| {
            for name in before.into_iter().flat_map(Map::keys) {
                if !after.contains_key(name) {
                    row.properties.remove(name);
                }
            }
            for (name, value) in after {
                row.properties.insert(name.clone(), value.clone());
            }
            attributes_of(schema, &row.live(schema))
        });
        let attributes = changed.ok_or_else(|| Failure::not_found(&cx.type_name, physical_id))?;
        Ok(Resource {
            physical_id: physical_id.to_owned(),
            attributes,
        })
    }

    pub(super) fn delete(&self, cx: &Context, physical_id: &str) -> Result<(), Failure> {
        match self.rows().remove(&key(cx, physical_id)) {
            Some(_) => Ok(()),
            None => Err(Failure::new(
                Code::NotFound,
                Failure::not_found(&cx.type_name, physical_id).message,
            )),
        }
    }

    pub(super) fn read(&self, cx: &Context, schema: &Schema, physical_id: &str) -> Option<Value> {
        let row = self.rows().get(&key(cx, physical_id))?;
        Some(row.live(schema))
    }

    pub(super) fn list(&self, cx: &Context) -> Vec<String> {
        let prefix = key(cx, "");
        let rows = self.rows().scan(&prefix).into_iter();
        rows.filter_map(|(key, _)| Some(key.strip_prefix(&prefix)?.to_owned()))
            .collect()
    }

    /// The physical id of the resource that Cloud Control knows by this identifier.
    pub(super) fn physical_id(&self, cx: &Context, identifier: &str) -> Option<String> {
        let prefix = key(cx, "");
        let rows = self.rows().scan(&prefix).into_iter();
        rows.filter(|(_, row)| row.identifier == identifier)
            .find_map(|(key, _)| Some(key.strip_prefix(&prefix)?.to_owned()))
    }

    fn rows(&self) -> &Table<Row> {
        self.aws.recorded()
    }
}

impl Row {
    fn live(&self, schema: &Schema) -> Value {
        let mut live = self.properties.clone();
        for path in schema.write_only() {
            made_up::remove(&mut live, path);
        }
        let mut live = Value::Object(live);
        made_up::merge(&mut live, &self.made_up);
        live
    }
}

fn key(cx: &Context, physical_id: &str) -> String {
    cx.scope.key(&format!("{} {physical_id}", cx.type_name))
}
