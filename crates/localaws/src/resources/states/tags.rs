//! Tags of Step Functions, which have names in small letters.

use serde_json::{Value, json};

use crate::resources::values::{camel, items, pascal, tag_changes};
use crate::resources::{At, Failure};

pub(super) fn to_api(properties: &Value) -> Value {
    camel(&json!(items(properties, "Tags")))
}

pub(super) async fn change(
    at: &At<'_>,
    arn: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let tags = tag_changes(before, after);
    if !tags.unset.is_empty() {
        let input = json!({ "resourceArn": arn, "tagKeys": tags.unset });
        at.call("stepfunctions", "UntagResource", input).await?;
    }
    if !tags.set.is_empty() {
        let input = json!({ "resourceArn": arn, "tags": camel(&json!(tags.set)) });
        at.call("stepfunctions", "TagResource", input).await?;
    }
    Ok(())
}

pub(super) async fn read(at: &At<'_>, arn: &str) -> Result<Value, Failure> {
    let input = json!({ "resourceArn": arn });
    let found = at
        .find("stepfunctions", "ListTagsForResource", input)
        .await?;
    Ok(pascal(&json!(items(&found.unwrap_or_default(), "tags"))))
}
