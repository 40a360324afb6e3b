//! `AWS::Events::Connection`. `Ref` is the connection's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{any_differs, extend, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Connection;

const MEMBERS: [&str; 4] = [
    "AuthorizationType",
    "AuthParameters",
    "Description",
    "InvocationConnectivityParameters",
];

#[async_trait]
impl Handler for Connection {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 64);
        let mut input = pick(properties, &MEMBERS);
        set(&mut input, "Name", name.as_str());
        at.call("events", "CreateConnection", input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if any_differs(before, after, &MEMBERS) {
            let mut input = pick(after, &MEMBERS);
            set(&mut input, "Name", physical_id);
            at.call("events", "UpdateConnection", input).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "Name": physical_id });
        at.call("events", "DeleteConnection", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "Name": physical_id });
        let Some(found) = at.find("events", "DescribeConnection", input).await? else {
            return Ok(None);
        };
        let mut live = pick(&found, &["Name", "SecretArn"]);
        extend(&mut live, pick(&found, &MEMBERS));
        let arn = text(&found, "ConnectionArn");
        set(&mut live, "Arn", arn);
        let without_id = arn.rsplit_once('/').map_or(arn, |(place, _)| place);
        set(&mut live, "ArnForPolicy", without_id);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let list = "ListConnections";
        let found = at
            .pages("events", list, json!({}), "Connections", "NextToken")
            .await?;
        let names = found.iter().map(|one| text(one, "Name").to_owned());
        Ok(names.collect())
    }
}
