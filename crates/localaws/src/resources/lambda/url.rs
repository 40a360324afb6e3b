//! `AWS::Lambda::Url`. `Ref` is the ARN of the function or alias.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{extend, pick, set, set_some, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Url;

const SETTINGS: [&str; 3] = ["AuthType", "Cors", "InvokeMode"];

#[async_trait]
impl Handler for Url {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let made = at
            .call("lambda", "CreateFunctionUrlConfig", input(properties))
            .await?;
        Ok(text(&made, "FunctionArn").to_owned())
    }

    async fn update(&self, at: &At<'_>, _: &str, _: &Value, after: &Value) -> Result<(), Failure> {
        let mut input = input(after);
        // Empty, not absent, is what takes it away.
        if after.get("Cors").is_none() {
            set(&mut input, "Cors", json!({}));
        }
        at.call("lambda", "UpdateFunctionUrlConfig", input).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "FunctionName": physical_id });
        at.call("lambda", "DeleteFunctionUrlConfig", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "FunctionName": physical_id });
        let found = at.find("lambda", "GetFunctionUrlConfig", input).await?;
        Ok(found.map(|found| {
            let mut live = pick(&found, &["FunctionArn", "FunctionUrl"]);
            extend(&mut live, pick(&found, &SETTINGS));
            extend(
                &mut live,
                pick(properties, &["Qualifier", "TargetFunctionArn"]),
            );
            live
        }))
    }
}

fn input(properties: &Value) -> Value {
    let mut input = pick(properties, &SETTINGS);
    set(
        &mut input,
        "FunctionName",
        text(properties, "TargetFunctionArn"),
    );
    set_some(
        &mut input,
        "Qualifier",
        properties.get("Qualifier").cloned(),
    );
    input
}
