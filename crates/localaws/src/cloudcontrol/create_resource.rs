//! `CreateResource`

use serde_json::Value;

use super::request::{Done, Operation};
use super::{CloudControl, required};
use crate::resources::Schema;
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) fn create_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let (cx, schema) = self.context(call, "CREATE")?;
        let desired = required(call, "DesiredState")?;
        let desired = serde_json::from_str::<Value>(desired)
            .ok()
            .filter(Value::is_object);
        let desired =
            desired.ok_or_else(|| AwsError::validation("DesiredState must be a JSON object"))?;
        validate(schema, &desired)?;
        let resources = self.resources.clone();
        let context = cx.clone();
        self.begin(call, &cx, Operation::Create, None, async move {
            let made = resources.create(&context, &desired).await?;
            let live = resources
                .read(&context, &made.physical_id, &desired)
                .await?;
            let live = live.unwrap_or_default();
            Ok(Done {
                identifier: schema.identifier(&live),
                model: Some(live),
            })
        })
    }
}

/// Refuses properties that do not fit the schema.
pub(super) fn validate(schema: &Schema, properties: &Value) -> Result<(), AwsError> {
    let faults = schema.property_faults(properties);
    if faults.is_empty() {
        return Ok(());
    }
    Err(AwsError::validation(format!(
        "Model validation failed ({})",
        faults.join(", ")
    )))
}
