//! `AWS::Lambda::Alias`. `Ref` is the alias's ARN.

use async_trait::async_trait;
use serde_json::{Map, Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Alias;

#[async_trait]
impl Handler for Alias {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let made = at
            .call("lambda", "CreateAlias", input(at, properties)?)
            .await?;
        Ok(text(&made, "AliasArn").to_owned())
    }

    async fn update(&self, at: &At<'_>, _: &str, _: &Value, after: &Value) -> Result<(), Failure> {
        at.call("lambda", "UpdateAlias", input(at, after)?).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("lambda", "DeleteAlias", parts(physical_id)).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let found = at.find("lambda", "GetAlias", parts(physical_id)).await?;
        Ok(found.map(|found| {
            let mut live = pick(
                &found,
                &["AliasArn", "Description", "FunctionVersion", "Name"],
            );
            let function = parts(physical_id);
            set(
                &mut live,
                "FunctionName",
                match text(properties, "FunctionName") {
                    "" => text(&function, "FunctionName"),
                    declared => declared,
                },
            );
            let weights = found.pointer("/RoutingConfig/AdditionalVersionWeights");
            let weights = weights.and_then(Value::as_object).into_iter().flatten();
            let weights: Vec<Value> = weights
                .map(|(version, weight)| {
                    json!({ "FunctionVersion": version, "FunctionWeight": weight })
                })
                .collect();
            if !weights.is_empty() {
                set(
                    &mut live,
                    "RoutingConfig",
                    json!({ "AdditionalVersionWeights": weights }),
                );
            }
            live
        }))
    }
}

fn input(at: &At<'_>, properties: &Value) -> Result<Value, Failure> {
    at.refuse(properties, &["ProvisionedConcurrencyConfig"])?;
    let mut input = pick(
        properties,
        &["Description", "FunctionName", "FunctionVersion", "Name"],
    );
    let routing = properties.get("RoutingConfig").cloned().unwrap_or_default();
    let weights: Map<String, Value> = items(&routing, "AdditionalVersionWeights")
        .iter()
        .map(|one| {
            let weight = one.get("FunctionWeight").cloned().unwrap_or_default();
            (text(one, "FunctionVersion").to_owned(), weight)
        })
        .collect();
    set(
        &mut input,
        "RoutingConfig",
        json!({ "AdditionalVersionWeights": weights }),
    );
    Ok(input)
}

/// `…:function:name:alias`
fn parts(arn: &str) -> Value {
    let (function, alias) = arn.rsplit_once(':').unwrap_or_default();
    let name = function.rsplit(':').next();
    json!({ "FunctionName": name, "Name": alias })
}
