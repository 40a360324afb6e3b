//! `AWS::KMS::Key`. `Ref` is the key's id. A deleted key is gone for CloudFormation at once,
//! though KMS keeps it for the waiting period.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    differs, document, extend, items, parsed, pick, rename_each, set, set_some, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Key;

const TAG: [(&str, &str); 2] = [("Key", "TagKey"), ("Value", "TagValue")];
const TAG_BACK: [(&str, &str); 2] = [("TagKey", "Key"), ("TagValue", "Value")];

#[async_trait]
impl Handler for Key {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = pick(
            properties,
            &[
                "BypassPolicyLockoutSafetyCheck",
                "Description",
                "KeySpec",
                "KeyUsage",
                "MultiRegion",
                "Origin",
            ],
        );
        set_some(
            &mut input,
            "Policy",
            properties
                .get("KeyPolicy")
                .map(|policy| json!(document(policy))),
        );
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", rename_each(tags, &TAG));
        }
        let made = at.call("kms", "CreateKey", input).await?;
        let id = made.pointer("/KeyMetadata/KeyId").and_then(Value::as_str);
        Ok(id.unwrap_or_default().to_owned())
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let fresh = json!({ "Enabled": true, "EnableKeyRotation": false });
        switch(at, physical_id, &fresh, properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let key = json!({ "KeyId": physical_id });
        if differs(before, after, "Description") {
            let mut input = key.clone();
            set(&mut input, "Description", text(after, "Description"));
            at.call("kms", "UpdateKeyDescription", input).await?;
        }
        if let (true, Some(policy)) = (differs(before, after, "KeyPolicy"), after.get("KeyPolicy"))
        {
            let mut input = pick(after, &["BypassPolicyLockoutSafetyCheck"]);
            extend(&mut input, key.clone());
            set(&mut input, "PolicyName", "default");
            set(&mut input, "Policy", document(policy));
            at.call("kms", "PutKeyPolicy", input).await?;
        }
        switch(at, physical_id, before, after).await?;
        let form = |tags: &[Value]| rename_each(tags, &TAG);
        at.retag("kms", ("KeyId", physical_id), before, after, form)
            .await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        if self.read(at, physical_id, properties).await?.is_none() {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        let mut input = pick(properties, &["PendingWindowInDays"]);
        set(&mut input, "KeyId", physical_id);
        at.call("kms", "ScheduleKeyDeletion", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let key = json!({ "KeyId": physical_id });
        let Some(found) = at.find("kms", "DescribeKey", key.clone()).await? else {
            return Ok(None);
        };
        let metadata = found.get("KeyMetadata").cloned().unwrap_or_default();
        if matches!(
            text(&metadata, "KeyState"),
            "PendingDeletion" | "PendingReplicaDeletion"
        ) {
            return Ok(None);
        }
        let mut live = pick(
            &metadata,
            &[
                "Arn",
                "Description",
                "Enabled",
                "KeyId",
                "KeySpec",
                "KeyUsage",
                "MultiRegion",
                "Origin",
            ],
        );
        let mut input = key.clone();
        set(&mut input, "PolicyName", "default");
        let policy = at.call("kms", "GetKeyPolicy", input).await?;
        set(&mut live, "KeyPolicy", parsed(text(&policy, "Policy")));
        // Only symmetric keys can be rotated.
        if text(&metadata, "KeySpec") == "SYMMETRIC_DEFAULT" {
            let rotation = at.call("kms", "GetKeyRotationStatus", key.clone()).await?;
            set_some(
                &mut live,
                "EnableKeyRotation",
                rotation.get("KeyRotationEnabled").cloned(),
            );
        }
        let tags = at
            .pages("kms", "ListResourceTags", key, "Tags", "Marker")
            .await?;
        set(&mut live, "Tags", rename_each(&tags, &TAG_BACK));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("kms", "ListKeys", json!({}), "Keys", "Marker")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "KeyId").to_owned())
            .collect())
    }
}

/// Rotation and use, on or off.
async fn switch(at: &At<'_>, key: &str, before: &Value, after: &Value) -> Result<(), Failure> {
    let on = |side: &Value, name: &str, default: bool| {
        side.get(name).and_then(Value::as_bool).unwrap_or(default)
    };
    let input = json!({ "KeyId": key });
    let (was, wanted) = (on(before, "Enabled", true), on(after, "Enabled", true));
    if !was && wanted {
        at.call("kms", "EnableKey", input.clone()).await?;
    }
    let rotate = on(after, "EnableKeyRotation", false);
    if on(before, "EnableKeyRotation", false) != rotate
        || (rotate && differs(before, after, "RotationPeriodInDays"))
    {
        let mut input = input.clone();
        if rotate {
            set_some(
                &mut input,
                "RotationPeriodInDays",
                after.get("RotationPeriodInDays").cloned(),
            );
        }
        let action = if rotate {
            "EnableKeyRotation"
        } else {
            "DisableKeyRotation"
        };
        at.call("kms", action, input).await?;
    }
    // Rotation cannot be changed while a key is disabled, so this comes last.
    if was && !wanted {
        at.call("kms", "DisableKey", input).await?;
    }
    Ok(())
}
