//! `AWS::IAM::OIDCProvider`. `Ref` is the provider's ARN.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{differs, items, rename, set, tag_changes, text, texts};
use crate::resources::{At, Failure};

pub(in crate::resources) struct OidcProvider;

#[async_trait]
impl Handler for OidcProvider {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let mut input = rename(
            properties,
            &[
                ("ClientIdList", "ClientIDList"),
                ("ThumbprintList", "ThumbprintList"),
                ("Url", "Url"),
            ],
        );
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        let made = at.call("iam", "CreateOpenIDConnectProvider", input).await?;
        Ok(text(&made, "OpenIDConnectProviderArn").to_owned())
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let provider = json!({ "OpenIDConnectProviderArn": physical_id });
        let call = async |action: &str, name: &str, value: Value| {
            let mut input = provider.clone();
            set(&mut input, name, value);
            at.call("iam", action, input).await
        };
        if differs(before, after, "ThumbprintList") {
            let list = json!(texts(after, "ThumbprintList"));
            call(
                "UpdateOpenIDConnectProviderThumbprint",
                "ThumbprintList",
                list,
            )
            .await?;
        }
        let (old, new) = (texts(before, "ClientIdList"), texts(after, "ClientIdList"));
        for id in old.iter().filter(|id| !new.contains(id)) {
            call(
                "RemoveClientIDFromOpenIDConnectProvider",
                "ClientID",
                json!(id),
            )
            .await?;
        }
        for id in new.iter().filter(|id| !old.contains(id)) {
            call("AddClientIDToOpenIDConnectProvider", "ClientID", json!(id)).await?;
        }
        let tags = tag_changes(before, after);
        if !tags.unset.is_empty() {
            call("UntagOpenIDConnectProvider", "TagKeys", json!(tags.unset)).await?;
        }
        if !tags.set.is_empty() {
            call("TagOpenIDConnectProvider", "Tags", json!(tags.set)).await?;
        }
        Ok(())
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "OpenIDConnectProviderArn": physical_id });
        at.call("iam", "DeleteOpenIDConnectProvider", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "OpenIDConnectProviderArn": physical_id });
        let Some(found) = at.find("iam", "GetOpenIDConnectProvider", input).await? else {
            return Ok(None);
        };
        let mut live = rename(
            &found,
            &[
                ("ClientIDList", "ClientIdList"),
                ("Tags", "Tags"),
                ("ThumbprintList", "ThumbprintList"),
            ],
        );
        set(&mut live, "Arn", physical_id);
        // IAM keeps the URL without its scheme, templates have it with.
        let declared = text(properties, "Url");
        let url = text(&found, "Url");
        let same = declared.trim_start_matches("https://") == url.trim_start_matches("https://");
        set(
            &mut live,
            "Url",
            if same {
                declared.to_owned()
            } else {
                format!("https://{url}")
            },
        );
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .call("iam", "ListOpenIDConnectProviders", json!({}))
            .await?;
        let list = items(&found, "OpenIDConnectProviderList").iter();
        Ok(list.map(|one| text(one, "Arn").to_owned()).collect())
    }
}
