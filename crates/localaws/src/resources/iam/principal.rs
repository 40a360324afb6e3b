//! What roles, users and groups have in common: inline policies and attached ones.

use serde_json::{Value, json};

use crate::resources::values::{document, items, only_in, parsed, set, tag_changes, text, texts};
use crate::resources::{At, Code, Failure};

/// A kind of principal, as it stands in the names of IAM's operations.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    /// `Role`
    pub(super) word: &'static str,
    /// `RoleName`
    pub(super) key: &'static str,
}

pub(super) const ROLE: Kind = Kind {
    word: "Role",
    key: "RoleName",
};
pub(super) const USER: Kind = Kind {
    word: "User",
    key: "UserName",
};
pub(super) const GROUP: Kind = Kind {
    word: "Group",
    key: "GroupName",
};

impl Kind {
    /// `{"RoleName": name}` and more.
    pub(super) fn input(self, name: &str, more: &[(&str, &str)]) -> Value {
        let mut input = json!({ self.key: name });
        for (member, value) in more {
            set(&mut input, member, *value);
        }
        input
    }

    pub(super) async fn put_inline(
        self,
        at: &At<'_>,
        name: &str,
        policy: &str,
        text: &str,
    ) -> Result<(), Failure> {
        let input = self.input(name, &[("PolicyName", policy), ("PolicyDocument", text)]);
        at.call("iam", &format!("Put{}Policy", self.word), input)
            .await?;
        Ok(())
    }

    /// What is gone already stays gone.
    pub(super) async fn delete_inline(
        self,
        at: &At<'_>,
        name: &str,
        policy: &str,
    ) -> Result<(), Failure> {
        let input = self.input(name, &[("PolicyName", policy)]);
        at.find("iam", &format!("Delete{}Policy", self.word), input)
            .await?;
        Ok(())
    }

    pub(super) async fn inline(
        self,
        at: &At<'_>,
        name: &str,
        policy: &str,
    ) -> Result<Option<Value>, Failure> {
        let input = self.input(name, &[("PolicyName", policy)]);
        let found = at
            .find("iam", &format!("Get{}Policy", self.word), input)
            .await?;
        Ok(found.map(|found| parsed(text(&found, "PolicyDocument"))))
    }

    pub(super) async fn attach(self, at: &At<'_>, name: &str, arn: &str) -> Result<(), Failure> {
        let input = self.input(name, &[("PolicyArn", arn)]);
        at.call("iam", &format!("Attach{}Policy", self.word), input)
            .await?;
        Ok(())
    }

    /// What is gone already stays gone.
    pub(super) async fn detach(self, at: &At<'_>, name: &str, arn: &str) -> Result<(), Failure> {
        let input = self.input(name, &[("PolicyArn", arn)]);
        at.find("iam", &format!("Detach{}Policy", self.word), input)
            .await?;
        Ok(())
    }

    /// Comes from the policies before to those after: `Policies` and `ManagedPolicyArns`.
    pub(super) async fn change_policies(
        self,
        at: &At<'_>,
        name: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let (old, new) = (items(before, "Policies"), items(after, "Policies"));
        for policy in only_in(old, new) {
            let gone = text(&policy, "PolicyName");
            if !new.iter().any(|one| text(one, "PolicyName") == gone) {
                self.delete_inline(at, name, gone).await?;
            }
        }
        for policy in only_in(new, old) {
            let text_of = policy
                .get("PolicyDocument")
                .map(document)
                .unwrap_or_default();
            self.put_inline(at, name, text(&policy, "PolicyName"), &text_of)
                .await?;
        }
        let (old, new) = (
            texts(before, "ManagedPolicyArns"),
            texts(after, "ManagedPolicyArns"),
        );
        for arn in old.iter().filter(|arn| !new.contains(arn)) {
            self.detach(at, name, arn).await?;
        }
        for arn in new.iter().filter(|arn| !old.contains(arn)) {
            self.attach(at, name, arn).await?;
        }
        Ok(())
    }

    /// Sets the live policies in the shape of the template.
    pub(super) async fn read_policies(
        self,
        at: &At<'_>,
        name: &str,
        live: &mut Value,
    ) -> Result<(), Failure> {
        let list = format!("List{}Policies", self.word);
        let names = at
            .pages("iam", &list, self.input(name, &[]), "PolicyNames", "Marker")
            .await?;
        let mut policies = Vec::new();
        for policy in names.iter().filter_map(Value::as_str) {
            if let Some(document) = self.inline(at, name, policy).await? {
                policies.push(json!({ "PolicyName": policy, "PolicyDocument": document }));
            }
        }
        set(live, "Policies", policies);
        let list = format!("ListAttached{}Policies", self.word);
        let attached = at
            .pages(
                "iam",
                &list,
                self.input(name, &[]),
                "AttachedPolicies",
                "Marker",
            )
            .await?;
        let arns = attached.iter().map(|one| json!(text(one, "PolicyArn")));
        set(live, "ManagedPolicyArns", arns.collect::<Value>());
        Ok(())
    }

    pub(super) async fn change_boundary(
        self,
        at: &At<'_>,
        name: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let (old, new) = (
            text(before, "PermissionsBoundary"),
            text(after, "PermissionsBoundary"),
        );
        if old == new {
            return Ok(());
        }
        let word = self.word;
        if new.is_empty() {
            let action = format!("Delete{word}PermissionsBoundary");
            at.find("iam", &action, self.input(name, &[])).await?;
        } else {
            let input = self.input(name, &[("PermissionsBoundary", new)]);
            at.call("iam", &format!("Put{word}PermissionsBoundary"), input)
                .await?;
        }
        Ok(())
    }

    pub(super) async fn change_tags(
        self,
        at: &At<'_>,
        name: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let tags = tag_changes(before, after);
        if !tags.unset.is_empty() {
            let mut input = self.input(name, &[]);
            set(&mut input, "TagKeys", tags.unset);
            at.call("iam", &format!("Untag{}", self.word), input)
                .await?;
        }
        if !tags.set.is_empty() {
            let mut input = self.input(name, &[]);
            set(&mut input, "Tags", tags.set);
            at.call("iam", &format!("Tag{}", self.word), input).await?;
        }
        Ok(())
    }

    /// Takes away the policies that the template declares, then the principal itself. A policy
    /// that others put there keeps it from being deleted, as on AWS.
    pub(super) async fn delete(
        self,
        at: &At<'_>,
        name: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        match self.change_policies(at, name, properties, &json!({})).await {
            Err(failure) if failure.code != Code::NotFound => return Err(failure),
            _ => {}
        }
        at.call(
            "iam",
            &format!("Delete{}", self.word),
            self.input(name, &[]),
        )
        .await?;
        Ok(())
    }

    /// Names of all principals of the kind.
    pub(super) async fn list(self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let list = format!("{}s", self.word);
        let found = at
            .pages("iam", &format!("List{list}"), json!({}), &list, "Marker")
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, self.key).to_owned())
            .collect())
    }
}
