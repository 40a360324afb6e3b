//! Models, endpoint configurations and endpoints: `Create`, `Describe`, `Delete`, and
//! `UpdateEndpoint`. An endpoint is `InService` a second after it was made or changed; there is
//! nothing behind it to invoke.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Inner;
use super::error::not_found;
use super::shown::repeated;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

/// What making or changing an endpoint takes.
const STEP: Duration = Duration::from_secs(1);

/// Names: in operations and members, in ARNs, in sentences.
const KINDS: [(&str, &str, &str); 3] = [
    ("Model", "model", "model"),
    (
        "EndpointConfig",
        "endpoint-config",
        "endpoint configuration",
    ),
    ("Endpoint", "endpoint", "endpoint"),
];

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Thing {
    name: String,
    scope: Scope,
    request: Value,
    /// Of endpoints.
    status: Option<String>,
    created: Timestamp,
    modified: Timestamp,
}

type Kind = &'static (&'static str, &'static str, &'static str);

impl Inner {
    /// Answers the operations on these; nothing for others.
    pub(super) fn thing_call(self: &Arc<Self>, call: &Call) -> Option<Result<Value, AwsError>> {
        let kind = |verb: &str| {
            let name = call.action.strip_prefix(verb)?;
            KINDS.iter().find(|kind| kind.0 == name)
        };
        if let Some(kind) = kind("Create") {
            return Some(self.create_thing(call, kind));
        }
        if let Some(kind) = kind("Describe") {
            return Some(self.describe_thing(call, kind));
        }
        if let Some(kind) = kind("Delete") {
            return Some(self.delete_thing(call, kind));
        }
        (call.action == "UpdateEndpoint").then(|| self.update_endpoint(call))
    }

    fn create_thing(self: &Arc<Self>, call: &Call, kind: Kind) -> Result<Value, AwsError> {
        let (name, key, arn) = place(call, kind);
        if kind.0 == "Endpoint" {
            self.must_have_config(call)?;
        }
        let now = self.aws.clock().now();
        let is_endpoint = kind.0 == "Endpoint";
        let thing = Thing {
            name: name.to_owned(),
            scope: call.scope.clone(),
            request: call.input.clone(),
            status: is_endpoint.then(|| "Creating".to_owned()),
            created: now,
            modified: now,
        };
        if !self.things.insert(&key, thing) {
            let what = kind.2;
            return Err(AwsError::validation(format!(
                "Cannot create already existing {what} \"{arn}\"."
            )));
        }
        if is_endpoint {
            self.come_into_service(key);
        }
        Ok(json!({ format!("{}Arn", kind.0): arn }))
    }

    fn must_have_config(&self, call: &Call) -> Result<(), AwsError> {
        let name = call.input.text("EndpointConfigName").unwrap_or_default();
        let key = call.scope.key(&format!("EndpointConfig/{name}"));
        match self.things.contains(&key) {
            true => Ok(()),
            false => {
                let arn = call
                    .scope
                    .arn("sagemaker", &format!("endpoint-config/{name}"));
                Err(not_found("endpoint configuration", &arn))
            }
        }
    }

    fn describe_thing(&self, call: &Call, kind: Kind) -> Result<Value, AwsError> {
        let (_, key, arn) = place(call, kind);
        let thing = self
            .things
            .get(&key)
            .ok_or_else(|| not_found(kind.2, &arn))?;
        let mut shown = Value::Object(repeated(&format!("Describe{}", kind.0), &thing.request));
        shown[format!("{}Arn", kind.0)] = json!(arn);
        shown["CreationTime"] = json!(thing.created);
        if let Some(status) = &thing.status {
            shown["EndpointStatus"] = json!(status);
            shown["LastModifiedTime"] = json!(thing.modified);
        }
        Ok(shown)
    }

    fn delete_thing(&self, call: &Call, kind: Kind) -> Result<Value, AwsError> {
        let (_, key, arn) = place(call, kind);
        let gone = self.things.remove(&key);
        gone.map(|_| json!({}))
            .ok_or_else(|| not_found(kind.2, &arn))
    }

    fn update_endpoint(self: &Arc<Self>, call: &Call) -> Result<Value, AwsError> {
        let kind = &KINDS[2];
        let (_, key, arn) = place(call, kind);
        self.must_have_config(call)?;
        let now = self.aws.clock().now();
        let status = self.things.update(&key, |thing| {
            if thing.status.as_deref() != Some("InService") {
                return Err(AwsError::validation(format!(
                    "Cannot update in-progress endpoint \"{arn}\"."
                )));
            }
            thing.status = Some("Updating".to_owned());
            thing.modified = now;
            thing.request["EndpointConfigName"] = call.input["EndpointConfigName"].clone();
            Ok(())
        });
        status.unwrap_or_else(|| Err(not_found(kind.2, &arn)))?;
        self.come_into_service(key);
        Ok(json!({ "EndpointArn": arn }))
    }

    fn come_into_service(self: &Arc<Self>, key: String) {
        let inner = Arc::clone(self);
        self.aws.spawn(async move {
            inner.aws.clock().sleep(STEP).await;
            let now = inner.aws.clock().now();
            inner.things.update(&key, |thing| {
                thing.status = Some("InService".to_owned());
                thing.modified = now;
            });
        });
    }

    /// Takes up the endpoints that were being made when the store was last in use.
    pub(super) fn resume_endpoints(self: &Arc<Self>) {
        for (key, thing) in self.things.scan("") {
            if thing.status.is_some_and(|status| status != "InService") {
                self.come_into_service(key);
            }
        }
    }
}

/// Name, key and ARN of what a call is about.
fn place(call: &Call, kind: Kind) -> (&str, String, String) {
    let name = call
        .input
        .text(&format!("{}Name", kind.0))
        .unwrap_or_default();
    let key = call.scope.key(&format!("{}/{name}", kind.0));
    let arn = call.scope.arn("sagemaker", &format!("{}/{name}", kind.1));
    (name, key, arn)
}
