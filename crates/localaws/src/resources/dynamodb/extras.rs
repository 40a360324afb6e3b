//! The properties of a table that operations beside the table's own set: expiry, recovery,
//! insights, Kinesis, tags, policy.

use serde_json::{Value, json};

use crate::resources::values::{differs, parsed, pick, set, set_some, text};
use crate::resources::{At, Failure};

/// Comes from the properties before to those after.
pub(super) async fn change(
    at: &At<'_>,
    table: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let named = json!({ "TableName": table });
    if differs(before, after, "TimeToLiveSpecification") {
        let given = after.get("TimeToLiveSpecification");
        let mut ttl = given
            .or(before.get("TimeToLiveSpecification"))
            .cloned()
            .unwrap_or_default();
        if given.is_none() {
            set(&mut ttl, "Enabled", false);
        }
        let wanted = ttl.get("Enabled") == Some(&json!(true));
        let was = before.pointer("/TimeToLiveSpecification/Enabled") == Some(&json!(true));
        // DynamoDB refuses to switch off what is off.
        if wanted || was {
            let mut input = named.clone();
            set(&mut input, "TimeToLiveSpecification", ttl);
            at.call("dynamodb", "UpdateTimeToLive", input).await?;
        }
    }
    if differs(before, after, "PointInTimeRecoverySpecification") {
        let off = json!({ "PointInTimeRecoveryEnabled": false });
        let recovery = after
            .get("PointInTimeRecoverySpecification")
            .unwrap_or(&off);
        let mut input = named.clone();
        set(
            &mut input,
            "PointInTimeRecoverySpecification",
            recovery.clone(),
        );
        at.call("dynamodb", "UpdateContinuousBackups", input)
            .await?;
    }
    if differs(before, after, "ContributorInsightsSpecification") {
        let on = after.pointer("/ContributorInsightsSpecification/Enabled") == Some(&json!(true));
        let mut input = named.clone();
        set(
            &mut input,
            "ContributorInsightsAction",
            if on { "ENABLE" } else { "DISABLE" },
        );
        at.call("dynamodb", "UpdateContributorInsights", input)
            .await?;
    }
    if differs(before, after, "KinesisStreamSpecification") {
        for (side, action) in [
            (before, "DisableKinesisStreamingDestination"),
            (after, "EnableKinesisStreamingDestination"),
        ] {
            if let Some(stream) = side.get("KinesisStreamSpecification") {
                let mut input = named.clone();
                set_some(&mut input, "StreamArn", stream.get("StreamArn").cloned());
                at.call("dynamodb", action, input).await?;
            }
        }
    }
    Ok(())
}

/// Sets the live values of the same properties.
pub(super) async fn read(
    at: &At<'_>,
    table: &str,
    arn: &str,
    live: &mut Value,
) -> Result<(), Failure> {
    let named = json!({ "TableName": table });
    let ttl = at
        .call("dynamodb", "DescribeTimeToLive", named.clone())
        .await?;
    let ttl = ttl
        .get("TimeToLiveDescription")
        .cloned()
        .unwrap_or_default();
    let mut specification = pick(&ttl, &["AttributeName"]);
    let on = matches!(text(&ttl, "TimeToLiveStatus"), "ENABLED" | "ENABLING");
    set(&mut specification, "Enabled", on);
    set(live, "TimeToLiveSpecification", specification);
    let backups = at
        .call("dynamodb", "DescribeContinuousBackups", named)
        .await?;
    let recovery = backups.pointer("/ContinuousBackupsDescription/PointInTimeRecoveryDescription");
    let recovery = recovery.cloned().unwrap_or_default();
    let mut specification = pick(&recovery, &["RecoveryPeriodInDays"]);
    let on = text(&recovery, "PointInTimeRecoveryStatus") == "ENABLED";
    set(&mut specification, "PointInTimeRecoveryEnabled", on);
    set(live, "PointInTimeRecoverySpecification", specification);
    let resource = json!({ "ResourceArn": arn });
    let tags = at
        .pages(
            "dynamodb",
            "ListTagsOfResource",
            resource.clone(),
            "Tags",
            "NextToken",
        )
        .await?;
    set(live, "Tags", tags);
    // Tables rarely have a policy, and the engine behind may not know them at all.
    if let Ok(policy) = at.call("dynamodb", "GetResourcePolicy", resource).await {
        let policy = json!({ "PolicyDocument": parsed(text(&policy, "Policy")) });
        set(live, "ResourcePolicy", policy);
    }
    Ok(())
}
