//! A repository and what is set on it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ecr;
use super::error::{invalid, no_repository};
use super::image::Image;
use crate::page::page;
use crate::params::Params;
use crate::tags::Tags;
use crate::{AwsError, Call, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Repository {
    pub(super) scope: Scope,
    pub(super) name: String,
    created: Timestamp,
    mutability: String,
    /// Tags that are exempt from the rule, by patterns.
    exclusions: Option<Value>,
    scanning: Value,
    encryption: Value,
    pub(super) tags: Tags,
    pub(super) policy: Option<String>,
    pub(super) lifecycle: Option<String>,
    pub(super) images: Vec<Image>,
}

impl Repository {
    fn arn(&self) -> String {
        self.scope.arn("ecr", &format!("repository/{}", self.name))
    }

    fn shown(&self) -> Value {
        let (account, region, name) = (&self.scope.account, &self.scope.region, &self.name);
        let mut shown = json!({
            "repositoryArn": self.arn(),
            "registryId": account,
            "repositoryName": name,
            "repositoryUri": format!("{account}.dkr.ecr.{region}.amazonaws.com/{name}"),
            "createdAt": self.created,
            "imageTagMutability": self.mutability,
            "imageScanningConfiguration": self.scanning,
            "encryptionConfiguration": self.encryption,
        });
        if let Some(exclusions) = &self.exclusions {
            shown["imageTagMutabilityExclusionFilters"] = exclusions.clone();
        }
        shown
    }

    /// Whether a tag stays where it is.
    pub(super) fn keeps(&self, tag: &str) -> bool {
        let mut patterns = self.exclusions.iter().filter_map(Value::as_array).flatten();
        let excluded = patterns.any(|one| {
            one.text("filter")
                .is_some_and(|filter| crate::pattern::glob(filter, tag))
        });
        self.mutability.starts_with("IMMUTABLE") != excluded
    }
}

impl Ecr {
    pub(super) fn create_repository(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("repositoryName").unwrap_or_default();
        if !is_name(name) {
            return Err(invalid(format!(
                "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy \
                 regular expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*'': \
                 {name}"
            )));
        }
        let or = |member: &str, default: Value| input.member(member).cloned().unwrap_or(default);
        let repository = Repository {
            scope: call.scope.clone(),
            name: name.to_owned(),
            created: self.aws.clock().now(),
            mutability: input
                .text("imageTagMutability")
                .unwrap_or("MUTABLE")
                .to_owned(),
            exclusions: input.member("imageTagMutabilityExclusionFilters").cloned(),
            scanning: or("imageScanningConfiguration", json!({ "scanOnPush": false })),
            encryption: or(
                "encryptionConfiguration",
                json!({ "encryptionType": "AES256" }),
            ),
            tags: super::tag::given(input),
            policy: None,
            lifecycle: None,
            images: Vec::new(),
        };
        let shown = repository.shown();
        if !self.repositories.insert(&call.scope.key(name), repository) {
            return Err(AwsError::new(
                "RepositoryAlreadyExistsException",
                format!(
                    "The repository with name '{name}' already exists in the registry with id '{}'",
                    call.scope.account
                ),
            ));
        }
        Ok(json!({ "repository": shown }))
    }

    pub(super) fn describe_repositories(&self, call: &Call) -> Result<Value, AwsError> {
        let names = call.input.texts("repositoryNames");
        let all = self.repositories.scan(&call.scope.prefix()).into_iter();
        let all: Vec<Repository> = all.map(|(_, one)| one).collect();
        if let Some(missing) = names
            .iter()
            .find(|name| !all.iter().any(|one| one.name == **name))
        {
            return Err(no_repository(missing, &call.scope));
        }
        let wanted = all
            .into_iter()
            .filter(|one| names.is_empty() || names.contains(&one.name));
        let shown = wanted.map(|one| one.shown()).collect();
        let key = |one: &Value| one.text("repositoryName").unwrap_or_default().to_owned();
        list(call, "repositories", shown, key)
    }

    pub(super) fn delete_repository(&self, call: &Call) -> Result<Value, AwsError> {
        let force = call.input.flag("force");
        let key = self.key(call)?;
        let name = call.input.text("repositoryName").unwrap_or_default();
        let deleted = self.repositories.edit(&key, |row| {
            if row
                .as_ref()
                .is_some_and(|one| !force && !one.images.is_empty())
            {
                return Err(AwsError::new(
                    "RepositoryNotEmptyException",
                    format!(
                        "The repository with name '{name}' in registry with id '{}' cannot be \
                         deleted because it still contains images",
                        call.scope.account
                    ),
                ));
            }
            row.take().ok_or_else(|| no_repository(name, &call.scope))
        })?;
        Ok(json!({ "repository": deleted.shown() }))
    }

    pub(super) fn put_image_tag_mutability(&self, call: &Call) -> Result<Value, AwsError> {
        let mutability = call.input.text("imageTagMutability").unwrap_or_default();
        let exclusions = call.input.member("imageTagMutabilityExclusionFilters");
        self.change(call, |one| {
            mutability.clone_into(&mut one.mutability);
            one.exclusions = exclusions.cloned();
        })?;
        let mut output = self.named(call)?;
        output["imageTagMutability"] = json!(mutability);
        if let Some(exclusions) = exclusions {
            output["imageTagMutabilityExclusionFilters"] = exclusions.clone();
        }
        Ok(output)
    }

    pub(super) fn put_image_scanning_configuration(&self, call: &Call) -> Result<Value, AwsError> {
        let scanning = call.input.member("imageScanningConfiguration");
        let scanning = scanning.cloned().unwrap_or_default();
        self.change(call, |one| one.scanning = scanning.clone())?;
        let mut output = self.named(call)?;
        output["imageScanningConfiguration"] = scanning;
        Ok(output)
    }

    /// The key of the repository that a call names; an error where it is in another registry.
    fn key(&self, call: &Call) -> Result<String, AwsError> {
        let name = call.input.text("repositoryName").unwrap_or_default();
        match call.input.filled("registryId") {
            Some(registry) if registry != call.scope.account => {
                let elsewhere = Scope {
                    account: registry.to_owned(),
                    ..call.scope.clone()
                };
                Err(no_repository(name, &elsewhere))
            }
            _ => Ok(call.scope.key(name)),
        }
    }

    /// Looks at the repository that a call names.
    pub(super) fn look<R>(
        &self,
        call: &Call,
        look: impl FnOnce(&Repository) -> R,
    ) -> Result<R, AwsError> {
        let name = call.input.text("repositoryName").unwrap_or_default();
        let found = self.repositories.with(&self.key(call)?, look);
        found.ok_or_else(|| no_repository(name, &call.scope))
    }

    /// Changes the repository that a call names.
    pub(super) fn change<R>(
        &self,
        call: &Call,
        change: impl FnOnce(&mut Repository) -> R,
    ) -> Result<R, AwsError> {
        let name = call.input.text("repositoryName").unwrap_or_default();
        let changed = self.repositories.update(&self.key(call)?, change);
        changed.ok_or_else(|| no_repository(name, &call.scope))
    }

    /// What answers about a repository begin with.
    pub(super) fn named(&self, call: &Call) -> Result<Value, AwsError> {
        self.look(
            call,
            |one| json!({ "registryId": one.scope.account, "repositoryName": one.name }),
        )
    }
}

/// A page of a list, sorted by what `key` tells.
pub(super) fn list(
    call: &Call,
    member: &str,
    mut items: Vec<Value>,
    key: impl Fn(&Value) -> String,
) -> Result<Value, AwsError> {
    items.sort_by_key(&key);
    let limit = call
        .input
        .number("maxResults")
        .unwrap_or(100)
        .clamp(1, 1000);
    let limit = usize::try_from(limit).unwrap_or(100);
    let shown = page(items, key, call.input.text("nextToken"), limit);
    let (items, next) = shown.ok_or_else(|| invalid("Invalid parameter at 'nextToken'"))?;
    let mut output = json!({ member: items });
    if let Some(next) = next {
        output["nextToken"] = json!(next);
    }
    Ok(output)
}

/// Lower case letters and digits, parted by single `.`, `_`, `-` and `/` (or `__`).
fn is_name(name: &str) -> bool {
    let good = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let mut parts = name.split('/');
    (2..=256).contains(&name.len())
        && parts.all(|part| {
            let bytes = part.as_bytes();
            let ends = bytes.first().is_some_and(|byte| good(*byte))
                && bytes.last().is_some_and(|byte| good(*byte));
            let doubled = bytes
                .windows(2)
                .any(|pair| pair.iter().all(|byte| !good(*byte)) && pair != b"__" && pair != b"--");
            ends && !doubled
                && bytes
                    .iter()
                    .all(|byte| good(*byte) || b"._-".contains(byte))
        })
}
