//! `AWS::IAM::Policy`: one inline policy in several principals. `Ref` is a generated name; it
//! cannot be read.

use async_trait::async_trait;
use serde_json::Value;

use super::principal::{GROUP, Kind, ROLE, USER};
use crate::resources::handler::Handler;
use crate::resources::values::{document, text, texts};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Policy;

const PRINCIPALS: [(&str, Kind); 3] = [("Roles", ROLE), ("Users", USER), ("Groups", GROUP)];

#[async_trait]
impl Handler for Policy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let policy = properties
            .get("PolicyDocument")
            .map(document)
            .unwrap_or_default();
        if PRINCIPALS
            .iter()
            .all(|(list, _)| texts(properties, list).is_empty())
        {
            return Err(Failure::invalid(
                "At least one of [Groups,Roles,Users] must be non-empty.",
            ));
        }
        for (list, kind) in PRINCIPALS {
            for name in texts(properties, list) {
                kind.put_inline(at, &name, text(properties, "PolicyName"), &policy)
                    .await?;
            }
        }
        Ok(at.name(128))
    }

    async fn update(
        &self,
        at: &At<'_>,
        _: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        self.create(at, after).await?;
        let renamed = text(before, "PolicyName") != text(after, "PolicyName");
        for (list, kind) in PRINCIPALS {
            let stay = texts(after, list);
            for name in texts(before, list) {
                if renamed || !stay.contains(&name) {
                    kind.delete_inline(at, &name, text(before, "PolicyName"))
                        .await?;
                }
            }
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, _: &str, properties: &Value) -> Result<(), Failure> {
        for (list, kind) in PRINCIPALS {
            for name in texts(properties, list) {
                kind.delete_inline(at, &name, text(properties, "PolicyName"))
                    .await?;
            }
        }
        Ok(())
    }
}
