//! Names for keys.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Kms;
use super::model::{Alias, not_found, paged};

impl Kms {
    pub(super) fn create_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let name = alias_name(call)?;
        let key = self.key(call, "TargetKeyId")?;
        key.check_kept()?;
        let now = self.aws.clock().now();
        let alias = Alias {
            name: name.to_owned(),
            key: key.id,
            created: now,
            updated: now,
        };
        match self.aliases.insert(&call.scope.key(name), alias) {
            true => Ok(json!({})),
            false => Err(AwsError::new(
                "AlreadyExistsException",
                format!(
                    "An alias with the name {} already exists",
                    call.scope.arn("kms", name)
                ),
            )),
        }
    }

    pub(super) fn update_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let name = alias_name(call)?;
        let key = self.key(call, "TargetKeyId")?;
        key.check_kept()?;
        let now = self.aws.clock().now();
        self.aliases
            .update(&call.scope.key(name), |alias| {
                alias.key = key.id;
                alias.updated = now;
                json!({})
            })
            .ok_or_else(|| missing(call, name))
    }

    pub(super) fn delete_alias(&self, call: &Call) -> Result<Value, AwsError> {
        let name = alias_name(call)?;
        match self.aliases.remove(&call.scope.key(name)) {
            Some(_) => Ok(json!({})),
            None => Err(missing(call, name)),
        }
    }

    pub(super) fn list_aliases(&self, call: &Call) -> Result<Value, AwsError> {
        let aliases = match call.input.filled("KeyId") {
            Some(name) => self.aliases_of(&call.scope, &self.find(&call.scope, name)?.id),
            None => self.aliases.scan(&call.scope.prefix()),
        };
        let shown = aliases.into_iter().map(|(place, alias)| {
            let shown = json!({
                "AliasName": alias.name,
                "AliasArn": call.scope.arn("kms", &alias.name),
                "TargetKeyId": alias.key,
                "CreationDate": alias.created.to_string(),
                "LastUpdatedDate": alias.updated.to_string(),
            });
            (place, shown)
        });
        paged(call, "Aliases", shown.collect(), 50)
    }

    /// The aliases of a key.
    pub(super) fn aliases_of(&self, scope: &Scope, key: &str) -> Vec<(String, Alias)> {
        let mut aliases = self.aliases.scan(&scope.prefix());
        aliases.retain(|(_, alias)| alias.key == key);
        aliases
    }
}

fn missing(call: &Call, name: &str) -> AwsError {
    not_found(format!(
        "Alias {} is not found.",
        call.scope.arn("kms", name)
    ))
}

fn alias_name(call: &Call) -> Result<&str, AwsError> {
    let name = call.input.text("AliasName").unwrap_or_default();
    let Some(rest) = name.strip_prefix("alias/") else {
        return Err(AwsError::validation("Invalid identifier"));
    };
    let fine = |c: char| c.is_ascii_alphanumeric() || "/_-:".contains(c);
    if rest.is_empty() || name.len() > 256 || !rest.chars().all(fine) {
        return Err(AwsError::new(
            "InvalidAliasNameException",
            "Alias contains invalid characters.",
        ));
    }
    match rest.starts_with("aws/") {
        true => Err(AwsError::new("NotAuthorizedException", "")),
        false => Ok(name),
    }
}
