//! `AWS::ECR::Repository`. `Ref` is the repository's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    any_differs, camel, differs, document, items, parsed, pascal, set, set_some, text,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Repository;

/// Settings that the API takes under the same name with a small letter.
const SETTINGS: [&str; 4] = [
    "EncryptionConfiguration",
    "ImageScanningConfiguration",
    "ImageTagMutability",
    "ImageTagMutabilityExclusionFilters",
];
const MUTABILITY: [&str; 2] = ["ImageTagMutability", "ImageTagMutabilityExclusionFilters"];

#[async_trait]
impl Handler for Repository {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let declared = text(properties, "RepositoryName");
        let name = match declared {
            "" => at.name(256).to_lowercase(),
            declared => declared.to_owned(),
        };
        let mut input = json!({ "repositoryName": name });
        for setting in SETTINGS {
            set_some(
                &mut input,
                &small(setting),
                properties.get(setting).map(camel),
            );
        }
        set(&mut input, "tags", items(properties, "Tags"));
        at.call("ecr", "CreateRepository", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        policies(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if any_differs(before, after, &MUTABILITY) {
            let mutability = match text(after, "ImageTagMutability") {
                "" => "MUTABLE",
                declared => declared,
            };
            let mut input =
                json!({ "repositoryName": physical_id, "imageTagMutability": mutability });
            let filters = after.get("ImageTagMutabilityExclusionFilters").map(camel);
            set_some(&mut input, "imageTagMutabilityExclusionFilters", filters);
            at.call("ecr", "PutImageTagMutability", input).await?;
        }
        if differs(before, after, "ImageScanningConfiguration") {
            let scanning = after.get("ImageScanningConfiguration").map(camel);
            let scanning = scanning.unwrap_or(json!({ "scanOnPush": false }));
            let input =
                json!({ "repositoryName": physical_id, "imageScanningConfiguration": scanning });
            at.call("ecr", "PutImageScanningConfiguration", input)
                .await?;
        }
        policies(at, physical_id, before, after).await?;
        let arn = at.cx.scope.arn("ecr", &format!("repository/{physical_id}"));
        at.retag("ecr", ("resourceArn", &arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        let empty = properties.get("EmptyOnDelete") == Some(&json!(true));
        let input = json!({ "repositoryName": physical_id, "force": empty });
        at.call("ecr", "DeleteRepository", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "repositoryNames": [physical_id] });
        let Some(found) = at.find("ecr", "DescribeRepositories", input).await? else {
            return Ok(None);
        };
        let found = items(&found, "repositories")
            .first()
            .cloned()
            .unwrap_or_default();
        let mut live = json!({
            "RepositoryName": text(&found, "repositoryName"),
            "RepositoryUri": text(&found, "repositoryUri"),
            "Arn": text(&found, "repositoryArn"),
        });
        for setting in SETTINGS {
            set_some(&mut live, setting, found.get(small(setting)).map(pascal));
        }
        let named = json!({ "repositoryName": physical_id });
        if let Some(policy) = at.find("ecr", "GetRepositoryPolicy", named.clone()).await? {
            set(
                &mut live,
                "RepositoryPolicyText",
                parsed(text(&policy, "policyText")),
            );
        }
        if let Some(policy) = at.find("ecr", "GetLifecyclePolicy", named).await? {
            let text = text(&policy, "lifecyclePolicyText");
            set(
                &mut live,
                "LifecyclePolicy",
                json!({ "LifecyclePolicyText": text }),
            );
        }
        let arn = json!({ "resourceArn": text(&found, "repositoryArn") });
        let tags = at.call("ecr", "ListTagsForResource", arn).await?;
        set(&mut live, "Tags", items(&tags, "tags"));
        // Says only what shall happen one day.
        set_some(
            &mut live,
            "EmptyOnDelete",
            properties.get("EmptyOnDelete").cloned(),
        );
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let list = "DescribeRepositories";
        let found = at
            .pages("ecr", list, json!({}), "repositories", "nextToken")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "repositoryName").to_owned())
            .collect())
    }
}

fn small(name: &str) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(|first| first.to_ascii_lowercase());
    first.into_iter().chain(letters).collect()
}

/// Brings both policies from before to after.
async fn policies(at: &At<'_>, name: &str, before: &Value, after: &Value) -> Result<(), Failure> {
    let named = json!({ "repositoryName": name });
    if differs(before, after, "RepositoryPolicyText") {
        match after.get("RepositoryPolicyText") {
            Some(policy) => {
                let input = json!({ "repositoryName": name, "policyText": document(policy) });
                at.call("ecr", "SetRepositoryPolicy", input).await?;
            }
            None => {
                at.call("ecr", "DeleteRepositoryPolicy", named.clone())
                    .await?;
            }
        }
    }
    if differs(before, after, "LifecyclePolicy") {
        let lifecycle = after
            .get("LifecyclePolicy")
            .map(|one| text(one, "LifecyclePolicyText"));
        match lifecycle.filter(|text| !text.is_empty()) {
            Some(text) => {
                let input = json!({ "repositoryName": name, "lifecyclePolicyText": text });
                at.call("ecr", "PutLifecyclePolicy", input).await?;
            }
            None => {
                at.call("ecr", "DeleteLifecyclePolicy", named).await?;
            }
        }
    }
    Ok(())
}
