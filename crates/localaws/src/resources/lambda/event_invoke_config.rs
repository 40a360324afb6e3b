//! `AWS::Lambda::EventInvokeConfig`. `Ref` is the function and the qualifier, joined with `|`.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{extend, pick, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct EventInvokeConfig;

const SETTINGS: [&str; 3] = [
    "DestinationConfig",
    "MaximumEventAgeInSeconds",
    "MaximumRetryAttempts",
];

#[async_trait]
impl Handler for EventInvokeConfig {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let input = pick(properties, &["FunctionName", "Qualifier"]);
        if at
            .find("lambda", "GetFunctionEventInvokeConfig", input)
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(
                &at.cx.type_name,
                text(properties, "FunctionName"),
            ));
        }
        put(at, properties).await?;
        Ok(format!(
            "{}|{}",
            text(properties, "FunctionName"),
            text(properties, "Qualifier")
        ))
    }

    async fn update(&self, at: &At<'_>, _: &str, _: &Value, after: &Value) -> Result<(), Failure> {
        put(at, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "lambda",
            "DeleteFunctionEventInvokeConfig",
            parts(physical_id),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = parts(physical_id);
        let found = at
            .find("lambda", "GetFunctionEventInvokeConfig", input.clone())
            .await?;
        Ok(found.map(|found| {
            let mut live = input;
            extend(&mut live, pick(&found, &SETTINGS));
            live
        }))
    }
}

async fn put(at: &At<'_>, properties: &Value) -> Result<(), Failure> {
    let mut input = pick(properties, &["FunctionName", "Qualifier"]);
    extend(&mut input, pick(properties, &SETTINGS));
    at.call("lambda", "PutFunctionEventInvokeConfig", input)
        .await?;
    Ok(())
}

fn parts(physical_id: &str) -> Value {
    let (function, qualifier) = physical_id.split_once('|').unwrap_or_default();
    json!({ "FunctionName": function, "Qualifier": qualifier })
}
