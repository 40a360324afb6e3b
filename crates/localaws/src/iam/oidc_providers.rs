//! OpenID Connect identity providers.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::names::{account_prefix, already_exists, invalid, key, no_such_entity};
use super::tags::{Tags, shown_tags, tags_of};

/// An identity provider.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct OidcProvider {
    /// Without `https://`.
    url: String,
    clients: Vec<String>,
    thumbprints: Vec<String>,
    created: Timestamp,
    pub(super) tags: Tags,
}

impl Iam {
    pub(super) fn create_oidc_provider(&self, call: &Call) -> Result<Value, AwsError> {
        let url = call.input.text("Url").unwrap_or_default();
        let place = url
            .strip_prefix("https://")
            .filter(|place| !place.is_empty());
        let place = place.ok_or_else(|| invalid("Invalid Open ID Connect Provider URL"))?;
        let provider = OidcProvider {
            url: place.to_owned(),
            clients: call.input.texts("ClientIDList"),
            thumbprints: thumbprints(call)?,
            created: self.aws.clock().now(),
            tags: tags_of(call)?,
        };
        let tags = shown_tags(&provider.tags);
        match self.providers.insert(&key(&call.scope, place), provider) {
            true => {
                let arn = call
                    .scope
                    .global_arn("iam", &format!("oidc-provider/{place}"));
                Ok(json!({ "OpenIDConnectProviderArn": arn, "Tags": tags }))
            }
            false => Err(already_exists(format!(
                "Provider with url {url} already exists."
            ))),
        }
    }

    pub(super) fn get_oidc_provider(&self, call: &Call) -> Result<Value, AwsError> {
        self.change_provider(call, |provider| {
            json!({
                "Url": provider.url,
                "ClientIDList": provider.clients,
                "ThumbprintList": provider.thumbprints,
                "CreateDate": provider.created.to_string(),
                "Tags": shown_tags(&provider.tags),
            })
        })
    }

    pub(super) fn list_oidc_providers(&self, call: &Call) -> Result<Value, AwsError> {
        let mut providers = Vec::new();
        for (_, provider) in self.providers.scan(&account_prefix(&call.scope)) {
            let place = format!("oidc-provider/{}", provider.url);
            providers.push(json!({ "Arn": call.scope.global_arn("iam", &place) }));
        }
        Ok(json!({ "OpenIDConnectProviderList": providers }))
    }

    pub(super) fn delete_oidc_provider(&self, call: &Call) -> Result<Value, AwsError> {
        let place = provider_place(call)?;
        match self.providers.remove(&place) {
            Some(_) => Ok(json!({})),
            None => Err(missing(call)),
        }
    }

    pub(super) fn add_client_id(&self, call: &Call) -> Result<Value, AwsError> {
        let client = call.input.text("ClientID").unwrap_or_default().to_owned();
        self.change_provider(call, |provider| {
            if !provider.clients.contains(&client) {
                provider.clients.push(client);
            }
            json!({})
        })
    }

    pub(super) fn remove_client_id(&self, call: &Call) -> Result<Value, AwsError> {
        let client = call.input.text("ClientID").unwrap_or_default();
        self.change_provider(call, |provider| {
            provider.clients.retain(|one| one != client);
            json!({})
        })
    }

    pub(super) fn update_thumbprints(&self, call: &Call) -> Result<Value, AwsError> {
        let thumbprints = thumbprints(call)?;
        self.change_provider(call, |provider| {
            provider.thumbprints = thumbprints;
            json!({})
        })
    }

    fn change_provider(
        &self,
        call: &Call,
        change: impl FnOnce(&mut OidcProvider) -> Value,
    ) -> Result<Value, AwsError> {
        let place = provider_place(call)?;
        self.providers
            .update(&place, change)
            .ok_or_else(|| missing(call))
    }
}

/// Key of the provider that a call names by its ARN.
pub(super) fn provider_place(call: &Call) -> Result<String, AwsError> {
    let arn = call
        .input
        .text("OpenIDConnectProviderArn")
        .unwrap_or_default();
    match arn.split_once(":oidc-provider/") {
        Some((_, place)) => Ok(key(&call.scope, place)),
        None => Err(invalid(format!("Invalid ARN: {arn}"))),
    }
}

pub(super) fn missing(call: &Call) -> AwsError {
    let arn = call
        .input
        .text("OpenIDConnectProviderArn")
        .unwrap_or_default();
    no_such_entity(format!("OpenIDConnect Provider not found for arn {arn}"))
}

fn thumbprints(call: &Call) -> Result<Vec<String>, AwsError> {
    let all = call.input.texts("ThumbprintList");
    let fine = |one: &String| one.len() == 40 && one.bytes().all(|b| b.is_ascii_hexdigit());
    match all.iter().all(fine) {
        true => Ok(all),
        false => Err(invalid(
            "Thumbprint must be exactly 40 hexadecimal characters.",
        )),
    }
}
