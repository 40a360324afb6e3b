//! `AWS::CloudWatch::Alarm` and `AWS::CloudWatch::CompositeAlarm`. `Ref` is the alarm's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, pick, set, set_some, text};
use crate::resources::{At, Failure};

/// A kind of alarm.
pub(in crate::resources) struct Alarm {
    put: &'static str,
    kind: &'static str,
    list: &'static str,
    /// Properties that the API has under the same names.
    settings: &'static [&'static str],
    unsupported: &'static [&'static str],
}

pub(in crate::resources) const METRIC: Alarm = Alarm {
    put: "PutMetricAlarm",
    kind: "MetricAlarm",
    list: "MetricAlarms",
    settings: &[
        "ActionsEnabled",
        "AlarmActions",
        "AlarmDescription",
        "ComparisonOperator",
        "DatapointsToAlarm",
        "Dimensions",
        "EvaluateLowSampleCountPercentile",
        "EvaluationPeriods",
        "ExtendedStatistic",
        "InsufficientDataActions",
        "MetricName",
        "Metrics",
        "Namespace",
        "OKActions",
        "Period",
        "Statistic",
        "Threshold",
        "ThresholdMetricId",
        "TreatMissingData",
        "Unit",
    ],
    unsupported: &[
        "ActionConfiguration",
        "EvaluationCriteria",
        "EvaluationInterval",
        "EvaluationWindow",
        "WarmUpConfiguration",
    ],
};

pub(in crate::resources) const COMPOSITE: Alarm = Alarm {
    put: "PutCompositeAlarm",
    kind: "CompositeAlarm",
    list: "CompositeAlarms",
    settings: &[
        "ActionsEnabled",
        "ActionsSuppressor",
        "ActionsSuppressorExtensionPeriod",
        "ActionsSuppressorWaitPeriod",
        "AlarmActions",
        "AlarmDescription",
        "AlarmRule",
        "InsufficientDataActions",
        "OKActions",
    ],
    unsupported: &["ActionConfiguration"],
};

#[async_trait]
impl Handler for Alarm {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "AlarmName"), 255);
        // A put replaces an alarm of the name; a stack must not take it over.
        if self.find(at, &name).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        let mut input = self.input(at, &name, properties)?;
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("cloudwatch", self.put, input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let input = self.input(at, physical_id, after)?;
        at.call("cloudwatch", self.put, input).await?;
        let arn = at
            .cx
            .scope
            .arn("cloudwatch", &format!("alarm:{physical_id}"));
        at.retag("cloudwatch", ("ResourceARN", &arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        if self.find(at, physical_id).await?.is_none() {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        let input = json!({ "AlarmNames": [physical_id] });
        at.call("cloudwatch", "DeleteAlarms", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = self.find(at, physical_id).await? else {
            return Ok(None);
        };
        let mut live = pick(&found, self.settings);
        set(&mut live, "AlarmName", physical_id);
        set_some(&mut live, "Arn", found.get("AlarmArn").cloned());
        let input = json!({ "ResourceARN": text(&found, "AlarmArn") });
        let tags = at
            .find("cloudwatch", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "Tags"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let input = json!({ "AlarmTypes": [self.kind] });
        let found = at
            .pages(
                "cloudwatch",
                "DescribeAlarms",
                input,
                self.list,
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "AlarmName").to_owned())
            .collect())
    }
}

impl Alarm {
    fn input(&self, at: &At<'_>, name: &str, properties: &Value) -> Result<Value, Failure> {
        at.refuse(properties, self.unsupported)?;
        let mut input = pick(properties, self.settings);
        set(&mut input, "AlarmName", name);
        Ok(input)
    }

    async fn find(&self, at: &At<'_>, name: &str) -> Result<Option<Value>, Failure> {
        let input = json!({ "AlarmNames": [name], "AlarmTypes": [self.kind] });
        let found = at.call("cloudwatch", "DescribeAlarms", input).await?;
        Ok(items(&found, self.list).first().cloned())
    }
}
