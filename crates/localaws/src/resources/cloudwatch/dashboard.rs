//! `AWS::CloudWatch::Dashboard`. `Ref` is the dashboard's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{parsed, text};
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
        let found = at.find("cloudwatch", "GetDashboard", input).await?;
        Ok(found.map(|found| {
            // The body is a text: as the template writes it, where they say the same.
            let (live, declared) = (
                text(&found, "DashboardBody"),
                text(properties, "DashboardBody"),
            );
            let same = parsed(live) == parsed(declared);
            json!({
                "DashboardName": physical_id,
                "DashboardBody": if same { declared } else { live },
            })
        }))
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

async fn put(at: &At<'_>, name: &str, properties: &Value) -> Result<(), Failure> {
    let input = json!({
        "DashboardName": name, "DashboardBody": text(properties, "DashboardBody"),
    });
    at.call("cloudwatch", "PutDashboard", input).await?;
    Ok(())
}
