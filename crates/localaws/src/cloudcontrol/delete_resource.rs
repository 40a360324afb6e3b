//! `DeleteResource`

use serde_json::Value;

use super::request::{Done, Operation};
use super::{CloudControl, identifier};
use crate::{AwsError, Call};

impl CloudControl {
    pub(super) async fn delete_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let (cx, schema) = self.context(call, "DELETE")?;
        let found = self.found(&cx, identifier(call, schema)?).await?;
        let resources = self.resources.clone();
        let (context, identifier) = (cx.clone(), found.identifier.clone());
        self.begin(
            call,
            &cx,
            Operation::Delete,
            Some(found.identifier),
            async move {
                // The live properties tell what must be taken apart first.
                resources
                    .delete(&context, &found.physical_id, &found.live)
                    .await?;
                Ok(Done {
                    identifier,
                    model: None,
                })
            },
        )
    }
}
