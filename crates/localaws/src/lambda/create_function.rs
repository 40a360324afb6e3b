//! `CreateFunction`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::configuration::last_modified;
use super::model::{Configuration, Function, conflict, function_arn, invalid};
use super::tags::tag_map;

impl Lambda {
    pub(super) async fn create_function(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let input = &call.input;
        if input.text("PackageType") == Some("Image") {
            return Err(invalid(
                "Container images are not supported by this endpoint",
            ));
        }
        if input.filled("Runtime").is_none() || input.filled("Handler").is_none() {
            return Err(invalid(
                "Runtime and Handler are mandatory parameters for functions created with \
                 deployment packages.",
            ));
        }
        let key = call.scope.key(&named.name);
        let exists = || conflict(format!("Function already exist: {}", named.name));
        if self.functions.contains(&key) {
            return Err(exists());
        }
        let mut latest = Configuration::defaults(&named.name);
        latest.apply(&named.name, input)?;
        if let Some(architecture) = input.texts("Architectures").into_iter().next() {
            latest.architectures = vec![architecture];
        }
        let package = self
            .package(call, input.member("Code").unwrap_or(&Value::Null))
            .await?;
        latest.code_size = package.zip.len() as u64;
        latest.code_sha256.clone_from(&package.sha256);
        latest.last_modified = last_modified(self.aws.clock().now());
        latest.revision_id = self.aws.ids().uuid();
        let mut function = Function {
            name: named.name.clone(),
            latest,
            versions: BTreeMap::new(),
            last_version: 0,
            aliases: BTreeMap::new(),
            policies: BTreeMap::new(),
            reserved: None,
            tags: tag_map(input),
            event_invoke: BTreeMap::new(),
            urls: BTreeMap::new(),
        };
        let shown = match input.flag("Publish") {
            true => {
                let version = self.publish(&mut function, None);
                let arn = function_arn(&call.scope, &named.name, Some(&version.version));
                version.shown(&named.name, &arn)
            }
            false => {
                let arn = function_arn(&call.scope, &named.name, None);
                function.latest.shown(&named.name, &arn)
            }
        };
        self.keep(&call.scope, package);
        if !self.functions.insert(&key, function) {
            return Err(exists());
        }
        Ok(shown)
    }
}
