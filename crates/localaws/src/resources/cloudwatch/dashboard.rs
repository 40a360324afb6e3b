//! `AWS::CloudWatch::Dashboard`. `Ref` is the dashboard's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, parsed, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Dashboard;

#[async_trait]
impl Handler for Dashboard {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "DashboardName"), 255);
        let lookup = json!({ "DashboardName": name });
        if at
            .find("cloudwatch", "GetDashboard", lookup)
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        put(at, &name, properties, items(properties, "Tags")).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        put(at, physical_id, after, &[]).await?;
        at.retag(
            "cloudwatch",
            ("ResourceARN", &arn(at, physical_id)),
            before,
            after,
            |tags| json!(tags),
        )
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "DashboardNames": [physical_id] });
        at.call("cloudwatch", "DeleteDashboards", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "DashboardName": physical_id });
        let Some(found) = at.find("cloudwatch", "GetDashboard", input).await? else {
            return Ok(None);
        };
        // The body is a text: as the template writes it, where they say the same.
        let (live, declared) = (
            text(&found, "DashboardBody"),
            text(properties, "DashboardBody"),
        );
        let same = parsed(live) == parsed(declared);
        let input = json!({ "ResourceARN": arn(at, physical_id) });
        let tags = at.find("cloudwatch", "ListTagsForResource", input).await?;
        Ok(Some(json!({
            "DashboardName": physical_id,
            "DashboardBody": if same { declared } else { live },
            "Tags": items(&tags.unwrap_or_default(), "Tags"),
        })))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "cloudwatch",
                "ListDashboards",
                json!({}),
                "DashboardEntries",
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "DashboardName").to_owned())
            .collect())
    }
}

/// Dashboards belong to no region.
fn arn(at: &At<'_>, name: &str) -> String {
    at.cx
        .scope
        .global_arn("cloudwatch", &format!("dashboard/{name}"))
}

async fn put(at: &At<'_>, name: &str, properties: &Value, tags: &[Value]) -> Result<(), Failure> {
    let mut input = json!({
        "DashboardName": name, "DashboardBody": text(properties, "DashboardBody"),
    });
    if !tags.is_empty() {
        set(&mut input, "Tags", tags);
    }
    at.call("cloudwatch", "PutDashboard", input).await?;
    Ok(())
}
