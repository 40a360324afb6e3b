//! `AWS::Logs::LogGroup`. `Ref` is the log group's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{differs, items, rename, set, set_some, tag_list, tag_map, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct LogGroup;

const UNSUPPORTED: [&str; 4] = [
    "BearerTokenAuthenticationEnabled",
    "DataProtectionPolicy",
    "FieldIndexPolicies",
    "ResourcePolicyDocument",
];

#[async_trait]
impl Handler for LogGroup {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        at.refuse(properties, &UNSUPPORTED)?;
        let name = at.name_or(text(properties, "LogGroupName"), 512);
        let names = [
            ("DeletionProtectionEnabled", "deletionProtectionEnabled"),
            ("KmsKeyId", "kmsKeyId"),
            ("LogGroupClass", "logGroupClass"),
        ];
        let mut input = rename(properties, &names);
        set(&mut input, "logGroupName", name.as_str());
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "tags", tag_map(tags));
        }
        at.call("logs", "CreateLogGroup", input).await?;
        Ok(name)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        change_retention(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        at.refuse(after, &UNSUPPORTED)?;
        change_retention(at, physical_id, before, after).await?;
        if differs(before, after, "KmsKeyId") {
            let mut input = json!({ "logGroupName": physical_id });
            let action = match after.get("KmsKeyId") {
                Some(key) => {
                    set(&mut input, "kmsKeyId", key.clone());
                    "AssociateKmsKey"
                }
                None => "DisassociateKmsKey",
            };
            at.call("logs", action, input).await?;
        }
        if differs(before, after, "DeletionProtectionEnabled") {
            let on = after.get("DeletionProtectionEnabled") == Some(&json!(true));
            let input = json!({
                "logGroupIdentifier": physical_id, "deletionProtectionEnabled": on,
            });
            at.call("logs", "PutLogGroupDeletionProtection", input)
                .await?;
        }
        let arn = at.cx.scope.arn("logs", &format!("log-group:{physical_id}"));
        at.retag("logs", ("resourceArn", &arn), before, after, tag_map)
            .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "logs",
            "DeleteLogGroup",
            json!({ "logGroupName": physical_id }),
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
        let input = json!({ "logGroupNamePrefix": physical_id });
        let found = at
            .pages("logs", "DescribeLogGroups", input, "logGroups", "nextToken")
            .await?;
        let Some(group) = found
            .iter()
            .find(|one| text(one, "logGroupName") == physical_id)
        else {
            return Ok(None);
        };
        let names = [
            ("deletionProtectionEnabled", "DeletionProtectionEnabled"),
            ("kmsKeyId", "KmsKeyId"),
            ("logGroupClass", "LogGroupClass"),
            ("logGroupName", "LogGroupName"),
            ("retentionInDays", "RetentionInDays"),
        ];
        let mut live = rename(group, &names);
        let arn = at.cx.scope.arn("logs", &format!("log-group:{physical_id}"));
        set(&mut live, "Arn", format!("{arn}:*"));
        let input = json!({ "resourceArn": arn });
        let tags = at
            .find("logs", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", tag_list(tags.get("tags")));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "logs",
                "DescribeLogGroups",
                json!({}),
                "logGroups",
                "nextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "logGroupName").to_owned())
            .collect())
    }
}

async fn change_retention(
    at: &At<'_>,
    name: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    if !differs(before, after, "RetentionInDays") {
        return Ok(());
    }
    let mut input = json!({ "logGroupName": name });
    set_some(
        &mut input,
        "retentionInDays",
        after.get("RetentionInDays").cloned(),
    );
    let action = match after.get("RetentionInDays") {
        Some(_) => "PutRetentionPolicy",
        None => "DeleteRetentionPolicy",
    };
    at.call("logs", action, input).await?;
    Ok(())
}
