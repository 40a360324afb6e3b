//! `UpdateFunctionCode`.

use serde_json::Value;

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::configuration::last_modified;
use super::model::{Configuration, function_arn, invalid};

impl Lambda {
    pub(super) async fn update_function_code(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let before = self.function(&call.scope, &named)?.latest;
        check_revision(call, &before.revision_id)?;
        if call.input.filled("PublishTo").is_some() {
            return Err(invalid("PublishTo is not supported by this endpoint"));
        }
        let package = self.package(call, &call.input).await?;
        let update = |latest: &mut Configuration| {
            latest.code_size = package.zip.len() as u64;
            latest.code_sha256.clone_from(&package.sha256);
            if let Some(architecture) = call.input.texts("Architectures").into_iter().next() {
                latest.architectures = vec![architecture];
            }
            latest.last_modified = last_modified(self.aws.clock().now());
            latest.revision_id = self.aws.ids().uuid();
        };
        let arn = function_arn(&call.scope, &named.name, None);
        if call.input.flag("DryRun") {
            let mut dry = before;
            update(&mut dry);
            return Ok(dry.shown(&named.name, &arn));
        }
        let shown = self.change(&call.scope, &named, |function| {
            update(&mut function.latest);
            if call.input.flag("Publish") {
                let version = self.publish(function, None);
                let arn = function_arn(&call.scope, &named.name, Some(&version.version));
                return Ok(version.shown(&named.name, &arn));
            }
            Ok(function.latest.shown(&named.name, &arn))
        })?;
        self.keep(&call.scope, package);
        self.forget(&call.scope, [before.code_sha256.as_str()]);
        self.retire(&call.scope, &named.name);
        Ok(shown)
    }
}

/// `RevisionId` makes a change conditional.
pub(super) fn check_revision(call: &Call, revision: &str) -> Result<(), AwsError> {
    match call.input.filled("RevisionId") {
        Some(given) if given != revision => Err(AwsError::new(
            "PreconditionFailedException",
            "The Revision Id provided does not match the latest Revision Id. Call the \
             GetFunction/GetAlias API to retrieve the latest Revision Id",
        )
        .with_status(412)
        .with_field("Type", "User".into())),
        _ => Ok(()),
    }
}
