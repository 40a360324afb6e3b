//! `AWS::Lambda::EventSourceMapping`. `Ref` is the mapping's UUID.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    differs, extend, items, pick, rename, set, set_some, tag_list, tag_map, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct EventSourceMapping;

/// Set when the mapping is made, and never changed.
const FIXED: [&str; 10] = [
    "AmazonManagedKafkaEventSourceConfig",
    "EventSourceArn",
    "LoggingConfig",
    "MetricsConfig",
    "Queues",
    "SelfManagedEventSource",
    "SelfManagedKafkaEventSourceConfig",
    "StartingPosition",
    "StartingPositionTimestamp",
    "Topics",
];

const CHANGEABLE: [&str; 16] = [
    "BatchSize",
    "BisectBatchOnFunctionError",
    "DestinationConfig",
    "DocumentDBEventSourceConfig",
    "Enabled",
    "FilterCriteria",
    "FunctionName",
    "FunctionResponseTypes",
    "MaximumBatchingWindowInSeconds",
    "MaximumRecordAgeInSeconds",
    "MaximumRetryAttempts",
    "ParallelizationFactor",
    "ProvisionedPollerConfig",
    "ScalingConfig",
    "SourceAccessConfigurations",
    "TumblingWindowInSeconds",
];

#[async_trait]
impl Handler for EventSourceMapping {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = pick(properties, &FIXED);
        extend(&mut input, pick(properties, &CHANGEABLE));
        set_some(
            &mut input,
            "KMSKeyArn",
            properties.get("KmsKeyArn").cloned(),
        );
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tag_map(tags));
        }
        let made = at.call("lambda", "CreateEventSourceMapping", input).await?;
        Ok(text(&made, "UUID").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let mut input = pick(after, &CHANGEABLE);
        set_some(&mut input, "KMSKeyArn", after.get("KmsKeyArn").cloned());
        // Empty, not absent, is what takes these away.
        for (name, empty) in [
            ("FilterCriteria", json!({ "Filters": [] })),
            ("FunctionResponseTypes", json!([])),
            ("ScalingConfig", json!({})),
            ("DestinationConfig", json!({})),
        ] {
            if differs(before, after, name) && after.get(name).is_none() {
                set(&mut input, name, empty);
            }
        }
        set(&mut input, "UUID", physical_id);
        at.call("lambda", "UpdateEventSourceMapping", input).await?;
        let arn = at
            .cx
            .scope
            .arn("lambda", &format!("event-source-mapping:{physical_id}"));
        at.retag("lambda", ("Resource", &arn), before, after, tag_map)
            .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "lambda",
            "DeleteEventSourceMapping",
            json!({ "UUID": physical_id }),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "UUID": physical_id });
        let Some(found) = at.find("lambda", "GetEventSourceMapping", input).await? else {
            return Ok(None);
        };
        let mut live = pick(&found, &FIXED);
        extend(&mut live, pick(&found, &CHANGEABLE));
        extend(
            &mut live,
            rename(
                &found,
                &[
                    ("EventSourceMappingArn", "EventSourceMappingArn"),
                    ("KMSKeyArn", "KmsKeyArn"),
                ],
            ),
        );
        set(&mut live, "Id", physical_id);
        // The state says it, not a member of its own.
        let off = matches!(text(&found, "State"), "Disabled" | "Disabling");
        set(&mut live, "Enabled", !off);
        // The function as the template names it: by name, ARN or alias.
        let (arn, declared) = (
            text(&found, "FunctionArn"),
            text(properties, "FunctionName"),
        );
        let same =
            !declared.is_empty() && (arn == declared || arn.ends_with(&format!(":{declared}")));
        set(&mut live, "FunctionName", if same { declared } else { arn });
        let resource = json!({ "Resource": text(&found, "EventSourceMappingArn") });
        let tags = at
            .find("lambda", "ListTags", resource)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", tag_list(tags.get("Tags")));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "lambda",
                "ListEventSourceMappings",
                json!({}),
                "EventSourceMappings",
                "Marker",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "UUID").to_owned())
            .collect())
    }
}
