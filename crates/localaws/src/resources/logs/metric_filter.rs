//! `AWS::Logs::MetricFilter`. `Ref` is the filter's name.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{camel, items, pascal, set, set_some, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct MetricFilter;

#[async_trait]
impl Handler for MetricFilter {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "FilterName"), 512);
        // The service would change a filter of that name; a stack must not take it over.
        if found(at, &name, properties).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        put(at, &name, properties).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        put(at, physical_id, after).await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let group = text(properties, "LogGroupName");
        let input = json!({ "logGroupName": group, "filterName": physical_id });
        at.call("logs", "DeleteMetricFilter", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(filter) = found(at, physical_id, properties).await? else {
            return Ok(None);
        };
        let transformations = items(&filter, "metricTransformations").iter();
        let transformations = transformations.map(|one| {
            let mut shown = pascal(one);
            let dimensions = one.get("dimensions").and_then(Value::as_object);
            let dimensions = dimensions.map(|map| {
                let pairs = map.iter();
                pairs
                    .map(|(key, value)| json!({ "Key": key, "Value": value }))
                    .collect()
            });
            set_some(&mut shown, "Dimensions", dimensions);
            shown
        });
        Ok(Some(json!({
            "LogGroupName": text(&filter, "logGroupName"),
            "FilterName": text(&filter, "filterName"),
            "FilterPattern": text(&filter, "filterPattern"),
            "MetricTransformations": transformations.collect::<Vec<_>>(),
        })))
    }

    fn physical_id(&self, identifier: &str) -> String {
        identifier.rsplit('|').next().unwrap_or_default().to_owned()
    }
}

async fn found(at: &At<'_>, name: &str, properties: &Value) -> Result<Option<Value>, Failure> {
    let group = text(properties, "LogGroupName");
    let input = json!({ "logGroupName": group, "filterNamePrefix": name });
    let found = at.find("logs", "DescribeMetricFilters", input).await?;
    let found = found.unwrap_or_default();
    let mut filters = items(&found, "metricFilters").iter();
    Ok(filters.find(|one| text(one, "filterName") == name).cloned())
}

async fn put(at: &At<'_>, name: &str, properties: &Value) -> Result<(), Failure> {
    let others = [
        "ApplyOnTransformedLogs",
        "EmitSystemFieldDimensions",
        "FieldSelectionCriteria",
    ];
    at.refuse(properties, &others)?;
    let transformations = items(properties, "MetricTransformations").iter();
    let transformations = transformations.map(|one| {
        let mut put = camel(one);
        let dimensions = items(one, "Dimensions").iter();
        let dimensions: Map<_, _> = dimensions
            .map(|pair| (text(pair, "Key").to_owned(), json!(text(pair, "Value"))))
            .collect();
        if !dimensions.is_empty() {
            set(&mut put, "dimensions", dimensions);
        }
        put
    });
    let input = json!({
        "logGroupName": text(properties, "LogGroupName"),
        "filterName": name,
        "filterPattern": text(properties, "FilterPattern"),
        "metricTransformations": transformations.collect::<Vec<_>>(),
    });
    at.call("logs", "PutMetricFilter", input).await?;
    Ok(())
}
