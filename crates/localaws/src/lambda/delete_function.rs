//! `DeleteFunction`: a function with all its versions, or one version.

use serde_json::{Value, json};

use crate::{AwsError, Call};

use super::Lambda;
use super::model::{LATEST, conflict, invalid, not_found};

impl Lambda {
    pub(super) fn delete_function(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let packages: Vec<String> = match named.qualifier.as_deref() {
            None => {
                let removed = self.functions.remove(&call.scope.key(&named.name));
                let function = removed.ok_or_else(|| {
                    not_found(format!("Function not found: {}", named.arn(&call.scope)))
                })?;
                let versions = function.versions.values().chain([&function.latest]);
                versions.map(|one| one.code_sha256.clone()).collect()
            }
            Some(LATEST) => {
                return Err(invalid("$LATEST version cannot be deleted without deleting the function."));
            }
            Some(qualifier) => self.change(&call.scope, &named, |function| {
                let number = qualifier.parse::<u64>().map_err(|_| {
                    invalid("Deletion of aliases is not currently supported.")
                })?;
                let uses = |version: &String| version == qualifier;
                let alias = function.aliases.values().find(|alias| {
                    uses(&alias.version) || alias.weights.keys().any(uses)
                });
                if let Some(alias) = alias {
                    return Err(conflict(format!(
                        "Version {qualifier} cannot be deleted because it is referenced by alias {}",
                        alias.name
                    )));
                }
                let removed = function.versions.remove(&number);
                Ok(removed.into_iter().map(|one| one.code_sha256).collect())
            })?,
        };
        self.forget(&call.scope, packages.iter().map(String::as_str));
        self.retire(&call.scope, &named.name);
        Ok(json!({}))
    }
}
