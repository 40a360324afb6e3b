//! `PublishVersion`.

use serde_json::Value;

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::{Configuration, Function, function_arn, invalid};
use super::update_function_code::check_revision;

impl Lambda {
    pub(super) fn publish_version(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let version = self.change(&call.scope, &named, |function| {
            check_revision(call, &function.latest.revision_id)?;
            let latest = &function.latest.code_sha256;
            if let Some(sha256) = call.input.filled("CodeSha256").filter(|sha| sha != latest) {
                return Err(invalid(format!(
                    "CodeSHA256 ({sha256}) is different from current CodeSHA256 in $LATEST \
                     ({latest}). Please try again with the CodeSHA256 in $LATEST."
                )));
            }
            Ok(self.publish(function, call.input.text("Description")))
        })?;
        let arn = function_arn(&call.scope, &named.name, Some(&version.version));
        Ok(version.shown(&named.name, &arn))
    }

    /// Makes a version of what `$LATEST` is now, or returns the one published last where nothing
    /// changed since.
    pub(super) fn publish(
        &self,
        function: &mut Function,
        description: Option<&str>,
    ) -> Configuration {
        let last = function.versions.get(&function.last_version);
        if let Some(last) = last.filter(|last| last.same_as(&function.latest)) {
            return last.clone();
        }
        function.last_version += 1;
        let mut version = function.latest.clone();
        version.version = function.last_version.to_string();
        version.revision_id = self.aws.ids().uuid();
        if let Some(description) = description {
            version.description = description.to_owned();
        }
        function
            .versions
            .insert(function.last_version, version.clone());
        version
    }
}
