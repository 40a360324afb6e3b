//! Where a handler works: calls to the services as AWS's resource providers make them.

use std::time::Duration;

use serde_json::{Value, json};

use crate::Aws;

use super::values::{items, set, tag_changes, text};
use super::{Code, Context, Failure};

/// The local AWS and the context of a resource.
#[derive(Debug, Clone, Copy)]
pub(super) struct At<'a> {
    pub(super) aws: &'a Aws,
    pub(super) cx: &'a Context,
}

impl At<'_> {
    /// Calls a service, its errors turned into handler errors.
    pub(super) async fn call(
        &self,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Value, Failure> {
        let answer = self.aws.call(&self.cx.scope, service, action, input).await;
        answer.map_err(|error| Failure::of(service, action, error))
    }

    /// Like [`At::call`] in the name of a service, for what users may not do.
    pub(super) async fn call_as(
        &self,
        caller: &str,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Value, Failure> {
        let answer = self
            .aws
            .call_as(caller, &self.cx.scope, service, action, input)
            .await;
        let reply = answer.map_err(|error| Failure::of(service, action, error))?;
        Ok(reply.output)
    }

    /// Like [`At::call`] where the thing may be gone: `None` then.
    pub(super) async fn find(
        &self,
        service: &str,
        action: &str,
        input: Value,
    ) -> Result<Option<Value>, Failure> {
        match self.call(service, action, input).await {
            Ok(answer) => Ok(Some(answer)),
            Err(failure) if failure.code == Code::NotFound => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// All items of a list, page by page. `token` is the name of the page token both ways.
    pub(super) async fn pages(
        &self,
        service: &str,
        action: &str,
        mut input: Value,
        list: &str,
        token: &str,
    ) -> Result<Vec<Value>, Failure> {
        let mut all = Vec::new();
        loop {
            let page = self.call(service, action, input.clone()).await?;
            all.extend_from_slice(items(&page, list));
            // Some APIs call the token of the answer otherwise than that of the question.
            let next = ["", "Next"].map(|before| format!("{before}{token}"));
            match next
                .iter()
                .map(|name| text(&page, name))
                .find(|token| !token.is_empty())
            {
                Some(next) => set(&mut input, token, next),
                None => return Ok(all),
            }
        }
    }

    /// A generated name of at most `max` characters.
    pub(super) fn name(&self, max: usize) -> String {
        self.cx.generated_name(self.aws.ids(), max)
    }

    /// A generated name without the stack's name in it.
    pub(super) fn short_name(&self, max: usize) -> String {
        let cx = Context {
            stack_name: None,
            ..self.cx.clone()
        };
        cx.generated_name(self.aws.ids(), max)
    }

    /// The declared name, or a generated one.
    pub(super) fn name_or(&self, declared: &str, max: usize) -> String {
        if declared.is_empty() {
            self.name(max)
        } else {
            declared.to_owned()
        }
    }

    /// Fails where a property is set that is not handled: taking it without effect would lie.
    pub(super) fn refuse(&self, properties: &Value, names: &[&str]) -> Result<(), Failure> {
        match names.iter().find(|name| properties.get(**name).is_some()) {
            Some(name) => Err(Failure::invalid(format!(
                "property {name} of {} is not supported by this endpoint",
                self.cx.type_name
            ))),
            None => Ok(()),
        }
    }

    /// Changes the tags of a resource, which its service calls by the member and the value of
    /// `resource`, from those before to those after; `form` is what the service takes.
    pub(super) async fn retag(
        &self,
        service: &str,
        resource: (&str, &str),
        before: &Value,
        after: &Value,
        form: fn(&[Value]) -> Value,
    ) -> Result<(), Failure> {
        let (member, name) = resource;
        // Members of an API have all the same casing.
        let small = member.starts_with(|first: char| first.is_ascii_lowercase());
        let (keys, tags) = match small {
            true => ("tagKeys", "tags"),
            false => ("TagKeys", "Tags"),
        };
        let changes = tag_changes(before, after);
        if !changes.unset.is_empty() {
            let input = json!({ member: name, keys: changes.unset });
            self.call(service, "UntagResource", input).await?;
        }
        if !changes.set.is_empty() {
            let input = json!({ member: name, tags: form(&changes.set) });
            self.call(service, "TagResource", input).await?;
        }
        Ok(())
    }

    /// Asks every second, for five minutes at most, until the answer says that the resource has
    /// reached its final state.
    pub(super) async fn settle(
        &self,
        service: &str,
        action: &str,
        input: Value,
        settled: impl Fn(&Value) -> bool,
    ) -> Result<(), Failure> {
        for _ in 0..300 {
            let answer = self.call(service, action, input.clone()).await?;
            if settled(&answer) {
                return Ok(());
            }
            self.aws.clock().sleep(Duration::from_secs(1)).await;
        }
        Err(Failure::new(
            Code::NotStabilized,
            format!("{} did not stabilize", self.cx.type_name),
        ))
    }
}
