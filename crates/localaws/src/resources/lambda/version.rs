//! `AWS::Lambda::Version`. `Ref` is the version's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Version;

#[async_trait]
impl Handler for Version {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(
            properties,
            &[
                "FunctionScalingConfig",
                "ProvisionedConcurrencyConfig",
                "RuntimePolicy",
            ],
        )?;
        let input = pick(properties, &["CodeSha256", "Description", "FunctionName"]);
        // Lambda answers the last version again where nothing changed since.
        let earlier = versions(at, text(properties, "FunctionName")).await?;
        let made = at.call("lambda", "PublishVersion", input).await?;
        let number = text(&made, "Version");
        if earlier.iter().any(|one| text(one, "Version") == number) {
            return Err(Failure::new(
                crate::resources::Code::AlreadyExists,
                format!(
                    "A version for this Lambda function exists ( {number} ). Modify the function to create a new version."
                ),
            ));
        }
        let arn = text(&made, "FunctionArn");
        let qualified = arn.ends_with(&format!(":{number}"));
        Ok(if qualified {
            arn.to_owned()
        } else {
            format!("{arn}:{number}")
        })
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let (function, number) = physical_id.rsplit_once(':').unwrap_or_default();
        let input = json!({ "FunctionName": function, "Qualifier": number });
        at.call("lambda", "DeleteFunction", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let (function, number) = physical_id.rsplit_once(':').unwrap_or_default();
        let input = json!({ "FunctionName": function, "Qualifier": number });
        let found = at.find("lambda", "GetFunctionConfiguration", input).await?;
        Ok(found.map(|found| {
            let mut live = pick(&found, &["CodeSha256", "Description", "Version"]);
            set(&mut live, "FunctionArn", physical_id);
            set(
                &mut live,
                "FunctionName",
                match text(properties, "FunctionName") {
                    "" => text(&found, "FunctionName"),
                    declared => declared,
                },
            );
            live
        }))
    }
}

async fn versions(at: &At<'_>, function: &str) -> Result<Vec<Value>, Failure> {
    let input = json!({ "FunctionName": function });
    at.pages(
        "lambda",
        "ListVersionsByFunction",
        input,
        "Versions",
        "Marker",
    )
    .await
}
