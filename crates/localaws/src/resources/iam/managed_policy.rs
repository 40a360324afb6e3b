//! `AWS::IAM::ManagedPolicy`. `Ref` is the policy's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::principal::{GROUP, Kind, ROLE, USER};
use crate::resources::handler::Handler;
use crate::resources::values::{differs, document, parsed, pick, set, text, texts};
use crate::resources::{At, Failure};

pub(in crate::resources) struct ManagedPolicy;

/// Property, kind, and what `ListEntitiesForPolicy` calls the list.
const PRINCIPALS: [(&str, Kind, &str); 3] = [
    ("Roles", ROLE, "PolicyRoles"),
    ("Users", USER, "PolicyUsers"),
    ("Groups", GROUP, "PolicyGroups"),
];

#[async_trait]
impl Handler for ManagedPolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = pick(properties, &["Description", "Path"]);
        let name = at.name_or(text(properties, "ManagedPolicyName"), 128);
        let content = properties
            .get("PolicyDocument")
            .map(document)
            .unwrap_or_default();
        set(&mut input, "PolicyName", name);
        set(&mut input, "PolicyDocument", content);
        let made = at.call("iam", "CreatePolicy", input).await?;
        let arn = made.pointer("/Policy/Arn").and_then(Value::as_str);
        Ok(arn.unwrap_or_default().to_owned())
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        change_principals(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if differs(before, after, "PolicyDocument") {
            let content = after
                .get("PolicyDocument")
                .map(document)
                .unwrap_or_default();
            delete_versions(at, physical_id, 4).await?;
            let input = json!({
                "PolicyArn": physical_id, "PolicyDocument": content, "SetAsDefault": true,
            });
            at.call("iam", "CreatePolicyVersion", input).await?;
        }
        change_principals(at, physical_id, before, after).await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        change_principals(at, physical_id, properties, &json!({})).await?;
        delete_versions(at, physical_id, 1).await?;
        at.call("iam", "DeletePolicy", json!({ "PolicyArn": physical_id }))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "PolicyArn": physical_id });
        let Some(found) = at.find("iam", "GetPolicy", input.clone()).await? else {
            return Ok(None);
        };
        let policy = found.get("Policy").cloned().unwrap_or_default();
        let mut live = pick(
            &policy,
            &[
                "AttachmentCount",
                "CreateDate",
                "DefaultVersionId",
                "Description",
                "IsAttachable",
                "Path",
                "PermissionsBoundaryUsageCount",
                "PolicyId",
                "UpdateDate",
            ],
        );
        set(&mut live, "PolicyArn", physical_id);
        set(&mut live, "ManagedPolicyName", text(&policy, "PolicyName"));
        let version = json!({
            "PolicyArn": physical_id, "VersionId": text(&policy, "DefaultVersionId"),
        });
        let version = at.call("iam", "GetPolicyVersion", version).await?;
        let content = version
            .pointer("/PolicyVersion/Document")
            .and_then(Value::as_str);
        set(
            &mut live,
            "PolicyDocument",
            parsed(content.unwrap_or_default()),
        );
        for (list, kind, answer) in PRINCIPALS {
            let found = at
                .pages(
                    "iam",
                    "ListEntitiesForPolicy",
                    input.clone(),
                    answer,
                    "Marker",
                )
                .await?;
            let names = found.iter().map(|one| json!(text(one, kind.key)));
            set(&mut live, list, names.collect::<Value>());
        }
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let input = json!({ "Scope": "Local" });
        let found = at
            .pages("iam", "ListPolicies", input, "Policies", "Marker")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Arn").to_owned())
            .collect())
    }
}

async fn change_principals(
    at: &At<'_>,
    arn: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    for (list, kind, _) in PRINCIPALS {
        let (old, new) = (texts(before, list), texts(after, list));
        for name in old.iter().filter(|name| !new.contains(name)) {
            kind.detach(at, name, arn).await?;
        }
        for name in new.iter().filter(|name| !old.contains(name)) {
            kind.attach(at, name, arn).await?;
        }
    }
    Ok(())
}

/// A policy has five versions at most: the oldest go until `keep` are left, never the default one.
async fn delete_versions(at: &At<'_>, arn: &str, keep: usize) -> Result<(), Failure> {
    let input = json!({ "PolicyArn": arn });
    let versions = at
        .pages("iam", "ListPolicyVersions", input, "Versions", "Marker")
        .await?;
    let mut others: Vec<&str> = versions
        .iter()
        .filter(|one| one.get("IsDefaultVersion") != Some(&json!(true)))
        .map(|one| text(one, "VersionId"))
        .collect();
    // `v2` is older than `v10`.
    others.sort_by_key(|id| {
        id.trim_start_matches('v')
            .parse::<u64>()
            .unwrap_or_default()
    });
    let surplus = versions.len().saturating_sub(keep);
    for id in others.into_iter().take(surplus) {
        let input = json!({ "PolicyArn": arn, "VersionId": id });
        at.call("iam", "DeletePolicyVersion", input).await?;
    }
    Ok(())
}
