//! `AWS::Pipes::Pipe`. `Ref` is the pipe's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{extend, pick, set, set_some, text, translate};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Pipe;

const SETTINGS: [&str; 11] = [
    "Description",
    "DesiredState",
    "Enrichment",
    "EnrichmentParameters",
    "KmsKeyIdentifier",
    "LogConfiguration",
    "RoleArn",
    "Source",
    "SourceParameters",
    "Target",
    "Tags",
];

/// The one name that differs between properties and the API.
const NAMES: [(&str, &str); 1] = [("AwsvpcConfiguration", "awsvpcConfiguration")];
const NAMES_BACK: [(&str, &str); 1] = [("awsvpcConfiguration", "AwsvpcConfiguration")];

#[async_trait]
impl Handler for Pipe {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 64);
        at.call("pipes", "CreatePipe", input(&name, properties))
            .await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let mut input = input(physical_id, after);
        if let Some(members) = input.as_object_mut() {
            members.shift_remove("Tags");
            members.shift_remove("Source");
        }
        // What is left out stays as it is: an empty value takes it away.
        for (name, empty) in [
            ("Description", json!("")),
            ("SourceParameters", json!({})),
            ("TargetParameters", json!({})),
        ] {
            if before.get(name).is_some() && after.get(name).is_none() {
                set(&mut input, name, empty);
            }
        }
        at.call("pipes", "UpdatePipe", input).await?;
        let arn = at.cx.scope.arn("pipes", &format!("pipe/{physical_id}"));
        let tags = |of: &Value| of.get("Tags").cloned().unwrap_or(json!({}));
        let (old, new) = (tags(before), tags(after));
        let gone: Vec<&String> = old
            .as_object()
            .into_iter()
            .flat_map(|tags| tags.keys())
            .filter(|key| new.get(*key).is_none())
            .collect();
        if !gone.is_empty() {
            let input = json!({ "resourceArn": arn, "tagKeys": gone });
            at.call("pipes", "UntagResource", input).await?;
        }
        if old != new && new.as_object().is_some_and(|tags| !tags.is_empty()) {
            let input = json!({ "resourceArn": arn, "tags": new });
            at.call("pipes", "TagResource", input).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call("pipes", "DeletePipe", json!({ "Name": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let named = json!({ "Name": physical_id });
        let Some(found) = at.find("pipes", "DescribePipe", named).await? else {
            return Ok(None);
        };
        let mut live = pick(&found, &SETTINGS);
        let times = [
            "Arn",
            "CreationTime",
            "CurrentState",
            "LastModifiedTime",
            "Name",
        ];
        extend(&mut live, pick(&found, &times));
        let parameters = found.get("TargetParameters");
        let parameters = parameters.map(|one| translate(one, &NAMES_BACK));
        set_some(&mut live, "TargetParameters", parameters);
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("pipes", "ListPipes", json!({}), "Pipes", "NextToken")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Name").to_owned())
            .collect())
    }
}

fn input(name: &str, properties: &Value) -> Value {
    let mut input = pick(properties, &SETTINGS);
    set(&mut input, "Name", name);
    let parameters = properties.get("TargetParameters");
    set_some(
        &mut input,
        "TargetParameters",
        parameters.map(|one| translate(one, &NAMES)),
    );
    input
}
