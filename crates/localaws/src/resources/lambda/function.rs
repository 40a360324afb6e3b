//! `AWS::Lambda::Function`. `Ref` is the function's name.

use std::io::{Cursor, Write};

use async_trait::async_trait;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};
use zip::write::SimpleFileOptions;

use crate::resources::handler::Handler;
use crate::resources::values::{
    differs, drop_filled_in, extend, items, pick, set, set_some, tag_list, tag_map, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Function;

/// Properties of the configuration, and what they go back to when the template no longer sets
/// them. Null: nothing to go back to, the property is required or cannot be taken away.
const CONFIGURATION: [(&str, &str); 17] = [
    ("DeadLetterConfig", r#"{"TargetArn": ""}"#),
    ("Description", r#""""#),
    ("DurableConfig", "null"),
    ("Environment", r#"{"Variables": {}}"#),
    ("EphemeralStorage", r#"{"Size": 512}"#),
    ("FileSystemConfigs", "[]"),
    ("Handler", "null"),
    ("ImageConfig", "{}"),
    ("Layers", "[]"),
    ("LoggingConfig", r#"{"LogFormat": "Text"}"#),
    ("MemorySize", "128"),
    ("Role", "null"),
    ("Runtime", "null"),
    ("SnapStart", r#"{"ApplyOn": "None"}"#),
    ("Timeout", "3"),
    ("TracingConfig", r#"{"Mode": "PassThrough"}"#),
    ("VpcConfig", r#"{"SecurityGroupIds": [], "SubnetIds": []}"#),
];

const UNSUPPORTED: [&str; 5] = [
    "CapacityProviderConfig",
    "FunctionScalingConfig",
    "PublishToLatestPublished",
    "RuntimeManagementConfig",
    "TenancyConfig",
];

#[async_trait]
impl Handler for Function {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(properties, &UNSUPPORTED)?;
        let name = at.name_or(text(properties, "FunctionName"), 64);
        let mut input = pick(
            properties,
            &["Architectures", "CodeSigningConfigArn", "PackageType"],
        );
        for (name, _) in CONFIGURATION {
            set_some(&mut input, name, properties.get(name).cloned());
        }
        set_some(
            &mut input,
            "KMSKeyArn",
            properties.get("KmsKeyArn").cloned(),
        );
        set(&mut input, "FunctionName", name.as_str());
        set(&mut input, "Code", code(properties)?);
        set(&mut input, "Tags", tag_map(items(properties, "Tags")));
        if properties.pointer("/Code/ImageUri").is_some() {
            set(&mut input, "PackageType", "Image");
        }
        at.call("lambda", "CreateFunction", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let function = json!({ "FunctionName": physical_id });
        at.settle("lambda", "GetFunctionConfiguration", function, |found| {
            text(found, "State") != "Pending"
        })
        .await?;
        change_extras(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(after, &UNSUPPORTED)?;
        let function = json!({ "FunctionName": physical_id });
        if differs(before, after, "Code") || differs(before, after, "Architectures") {
            let mut input = function.clone();
            extend(&mut input, code(after)?);
            set_some(
                &mut input,
                "Architectures",
                after.get("Architectures").cloned(),
            );
            at.call("lambda", "UpdateFunctionCode", input).await?;
            updated(at, physical_id).await?;
        }
        let mut input = json!({});
        for (name, default) in CONFIGURATION {
            if differs(before, after, name) {
                let default = serde_json::from_str(default).unwrap_or_default();
                let value = after.get(name).cloned().unwrap_or(default);
                set_some(
                    &mut input,
                    name,
                    Some(value).filter(|value| !value.is_null()),
                );
            }
        }
        if differs(before, after, "KmsKeyArn") {
            set(&mut input, "KMSKeyArn", text(after, "KmsKeyArn"));
        }
        if input != json!({}) {
            extend(&mut input, function);
            at.call("lambda", "UpdateFunctionConfiguration", input)
                .await?;
            updated(at, physical_id).await?;
        }
        change_extras(at, physical_id, before, after).await?;
        let arn = at
            .cx
            .scope
            .arn("lambda", &format!("function:{physical_id}"));
        at.retag("lambda", ("Resource", &arn), before, after, tag_map)
            .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "lambda",
            "DeleteFunction",
            json!({ "FunctionName": physical_id }),
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
        let function = json!({ "FunctionName": physical_id });
        let Some(found) = at.find("lambda", "GetFunction", function).await? else {
            return Ok(None);
        };
        let configuration = found.get("Configuration").cloned().unwrap_or_default();
        let mut live = pick(
            &configuration,
            &["Architectures", "FunctionName", "PackageType"],
        );
        for (name, _) in CONFIGURATION {
            set_some(&mut live, name, configuration.get(name).cloned());
        }
        set_some(
            &mut live,
            "KmsKeyArn",
            configuration.get("KMSKeyArn").cloned(),
        );
        set_some(&mut live, "Arn", configuration.get("FunctionArn").cloned());
        set_some(
            &mut live,
            "SnapStartResponse",
            configuration.get("SnapStart").cloned(),
        );
        let layers = items(&configuration, "Layers")
            .iter()
            .map(|layer| json!(text(layer, "Arn")));
        set(&mut live, "Layers", layers.collect::<Value>());
        let reserved = found.pointer("/Concurrency/ReservedConcurrentExecutions");
        set_some(&mut live, "ReservedConcurrentExecutions", reserved.cloned());
        set(&mut live, "Tags", tag_list(found.get("Tags")));
        let filled = [
            ("/LoggingConfig/LogFormat", json!("Text")),
            (
                "/LoggingConfig/LogGroup",
                json!(format!("/aws/lambda/{physical_id}")),
            ),
            ("/VpcConfig/VpcId", Value::Null),
        ];
        drop_filled_in(&mut live, properties, &filled);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("lambda", "ListFunctions", json!({}), "Functions", "Marker")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "FunctionName").to_owned())
            .collect())
    }
}

async fn updated(at: &At<'_>, name: &str) -> Result<(), Failure> {
    let function = json!({ "FunctionName": name });
    at.settle("lambda", "GetFunctionConfiguration", function, |found| {
        text(found, "LastUpdateStatus") != "InProgress"
    })
    .await
}

async fn change_extras(
    at: &At<'_>,
    name: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    if differs(before, after, "ReservedConcurrentExecutions") {
        let mut input = json!({ "FunctionName": name });
        let action = match after.get("ReservedConcurrentExecutions") {
            Some(count) => {
                set(&mut input, "ReservedConcurrentExecutions", count.clone());
                "PutFunctionConcurrency"
            }
            None => "DeleteFunctionConcurrency",
        };
        at.call("lambda", action, input).await?;
    }
    if differs(before, after, "RecursiveLoop") {
        let recursion = match text(after, "RecursiveLoop") {
            "" => "Terminate",
            choice => choice,
        };
        let input = json!({ "FunctionName": name, "RecursiveLoop": recursion });
        at.call("lambda", "PutFunctionRecursionConfig", input)
            .await?;
    }
    Ok(())
}

/// Code in the API's form. What stands in the template itself is zipped as the file that the
/// runtime looks for.
fn code(properties: &Value) -> Result<Value, Failure> {
    let code = properties.get("Code").cloned().unwrap_or_default();
    let mut api = pick(&code, &["ImageUri", "S3Bucket", "S3Key", "S3ObjectVersion"]);
    let source = text(&code, "ZipFile");
    if !source.is_empty() {
        let runtime = text(properties, "Runtime");
        let file = if runtime.starts_with("nodejs") {
            "index.js"
        } else if runtime.starts_with("python") {
            "index.py"
        } else {
            return Err(Failure::invalid(format!(
                "ZipFile can only be used when Runtime is set to a Node.js or Python runtime, not {runtime}"
            )));
        };
        set(
            &mut api,
            "ZipFile",
            BASE64_STANDARD.encode(zipped(file, source)?),
        );
    }
    Ok(api)
}

fn zipped(name: &str, source: &str) -> Result<Vec<u8>, Failure> {
    let failed =
        |error: &dyn std::fmt::Display| Failure::invalid(format!("code cannot be zipped: {error}"));
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    // One time for all, so that the same code has the same hash.
    let options = SimpleFileOptions::default().last_modified_time(zip::DateTime::default());
    archive
        .start_file(name, options)
        .map_err(|error| failed(&error))?;
    archive
        .write_all(source.as_bytes())
        .map_err(|error| failed(&error))?;
    let bytes = archive.finish().map_err(|error| failed(&error))?;
    Ok(bytes.into_inner())
}
