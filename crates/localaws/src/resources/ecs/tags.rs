//! Tags, which ECS writes with small letters.

use serde_json::{Value, json};

use crate::resources::values::{items, rename_each, set, tag_changes};
use crate::resources::{At, Failure};

/// Adds a resource's tags to the call that makes it.
pub(super) fn give(input: &mut Value, properties: &Value) {
    let tags = items(properties, "Tags");
    if !tags.is_empty() {
        let tags = rename_each(tags, &[("Key", "key"), ("Value", "value")]);
        set(input, "tags", tags);
    }
}

/// Tags of an answer as templates have them.
pub(super) fn shown(found: &Value) -> Value {
    rename_each(items(found, "tags"), &[("key", "Key"), ("value", "Value")])
}

/// Brings the tags of a resource from before to after.
pub(super) async fn change(
    at: &At<'_>,
    arn: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let tags = tag_changes(before, after);
    if !tags.unset.is_empty() {
        let input = json!({ "resourceArn": arn, "tagKeys": tags.unset });
        at.call("ecs", "UntagResource", input).await?;
    }
    if !tags.set.is_empty() {
        let set = rename_each(&tags.set, &[("Key", "key"), ("Value", "value")]);
        let input = json!({ "resourceArn": arn, "tags": set });
        at.call("ecs", "TagResource", input).await?;
    }
    Ok(())
}
