//! `AWS::Logs::LogStream`. `Ref` is the log stream's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct LogStream;

#[async_trait]
impl Handler for LogStream {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "LogStreamName"), 512);
        at.call("logs", "CreateLogStream", input(properties, &name))
            .await?;
        Ok(name)
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        at.call("logs", "DeleteLogStream", input(properties, physical_id))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let group = text(properties, "LogGroupName");
        let lookup = json!({ "logGroupName": group, "logStreamNamePrefix": physical_id });
        let Some(found) = at.find("logs", "DescribeLogStreams", lookup).await? else {
            return Ok(None);
        };
        let streams = items(&found, "logStreams");
        let exists = streams
            .iter()
            .any(|one| text(one, "logStreamName") == physical_id);
        Ok(exists.then(|| json!({ "LogGroupName": group, "LogStreamName": physical_id })))
    }

    fn physical_id(&self, identifier: &str) -> String {
        identifier.rsplit('|').next().unwrap_or_default().to_owned()
    }
}

fn input(properties: &Value, name: &str) -> Value {
    json!({ "logGroupName": text(properties, "LogGroupName"), "logStreamName": name })
}
