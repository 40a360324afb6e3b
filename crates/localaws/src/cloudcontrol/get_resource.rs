//! `GetResource`

use serde_json::{Value, json};

use super::{CloudControl, error, identifier};
use crate::resources::{Context, Failure};
use crate::{AwsError, Call};

/// A resource that was found.
pub(super) struct Found {
    pub(super) identifier: String,
    pub(super) physical_id: String,
    pub(super) live: Value,
}

impl CloudControl {
    pub(super) async fn get_resource(&self, call: &Call) -> Result<Value, AwsError> {
        let (cx, schema) = self.context(call, "READ")?;
        let found = self.found(&cx, identifier(call, schema)?).await?;
        Ok(json!({
            "TypeName": cx.type_name,
            "ResourceDescription": {
                "Identifier": found.identifier,
                "Properties": found.live.to_string(),
            },
        }))
    }

    /// The live resource of an identifier.
    pub(super) async fn found(&self, cx: &Context, identifier: String) -> Result<Found, AwsError> {
        let missing = || error::of(Failure::not_found(&cx.type_name, &identifier));
        let (physical_id, properties) =
            self.resources.locate(cx, &identifier).ok_or_else(missing)?;
        let live = self.resources.read(cx, &physical_id, &properties).await;
        let live = live.map_err(error::of)?.ok_or_else(missing)?;
        Ok(Found {
            identifier,
            physical_id,
            live,
        })
    }
}
