//! Tags of Step Functions, which have names in small letters.

use serde_json::{Value, json};

use crate::resources::values::{camel, items, pascal};
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
    let form = |tags: &[Value]| camel(&json!(tags));
    at.retag("stepfunctions", ("resourceArn", arn), before, after, form)
        .await
}

pub(super) async fn read(at: &At<'_>, arn: &str) -> Result<Value, Failure> {
    let input = json!({ "resourceArn": arn });
    let found = at
        .find("stepfunctions", "ListTagsForResource", input)
        .await?;
    Ok(pascal(&json!(items(&found.unwrap_or_default(), "tags"))))
}
