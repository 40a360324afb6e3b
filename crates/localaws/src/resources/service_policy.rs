//! Resource policies that are resources of their own: those of topics and queues. `Ref` is a
//! generated name; they cannot be read.

use async_trait::async_trait;
use serde_json::Value;

use super::handler::Handler;
use super::values::{document, items, only_in, texts};
use super::{At, Code, Failure};

/// How a service takes policies.
pub(super) struct ServicePolicy {
    pub(super) service: &'static str,
    pub(super) action: &'static str,
    /// The property that names those to which the policy belongs.
    pub(super) list: &'static str,
    /// Parameters of the action, of the name of one of them and a policy.
    pub(super) input: fn(&str, &str) -> Value,
    /// The policy of one that has none of its own.
    pub(super) default: fn(&At<'_>, &str) -> String,
}

impl ServicePolicy {
    async fn put(&self, at: &At<'_>, name: &str, policy: &str) -> Result<(), Failure> {
        let input = (self.input)(name, policy);
        at.call(self.service, self.action, input).await?;
        Ok(())
    }

    /// What has the policy may be gone before it.
    async fn take_away(&self, at: &At<'_>, name: &str) -> Result<(), Failure> {
        match self.put(at, name, &(self.default)(at, name)).await {
            Err(failure) if failure.code == Code::NotFound => Ok(()),
            done => done,
        }
    }
}

#[async_trait]
impl Handler for ServicePolicy {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let policy = properties.get("PolicyDocument").map(document);
        for name in texts(properties, self.list) {
            self.put(at, &name, policy.as_deref().unwrap_or_default())
                .await?;
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
        for gone in only_in(items(before, self.list), items(after, self.list)) {
            self.take_away(at, gone.as_str().unwrap_or_default())
                .await?;
        }
        self.create(at, after).await?;
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, _: &str, properties: &Value) -> Result<(), Failure> {
        for name in texts(properties, self.list) {
            self.take_away(at, &name).await?;
        }
        Ok(())
    }
}
