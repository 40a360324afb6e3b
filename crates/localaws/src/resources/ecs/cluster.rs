//! `AWS::ECS::Cluster`. `Ref` is the cluster's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use super::casing::{to_api, to_template};
use super::tags;
use crate::resources::handler::Handler;
use crate::resources::values::{any_differs, items, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Cluster;

/// In templates, in the API.
const MEMBERS: [(&str, &str); 5] = [
    ("CapacityProviders", "capacityProviders"),
    ("ClusterSettings", "settings"),
    ("Configuration", "configuration"),
    (
        "DefaultCapacityProviderStrategy",
        "defaultCapacityProviderStrategy",
    ),
    ("ServiceConnectDefaults", "serviceConnectDefaults"),
];

#[async_trait]
impl Handler for Cluster {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "ClusterName"), 255);
        let mut input = json!({ "clusterName": name });
        for (member, api) in MEMBERS {
            if let Some(value) = properties.get(member) {
                set(&mut input, api, to_api(value));
            }
        }
        tags::give(&mut input, properties);
        if self.read(at, &name, properties).await?.is_some() {
            return Err(Failure::already_exists(&at.cx.type_name, &name));
        }
        at.call("ecs", "CreateCluster", input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let of = |names: &[&str]| {
            let mut input = json!({ "cluster": physical_id });
            for (member, api) in MEMBERS.iter().filter(|(member, _)| names.contains(member)) {
                if let Some(value) = after.get(*member) {
                    set(&mut input, api, to_api(value));
                }
            }
            input
        };
        let settings = ["ClusterSettings", "Configuration", "ServiceConnectDefaults"];
        if any_differs(before, after, &settings) {
            at.call("ecs", "UpdateCluster", of(&settings)).await?;
        }
        let providers = ["CapacityProviders", "DefaultCapacityProviderStrategy"];
        if any_differs(before, after, &providers) {
            let mut input = of(&providers);
            for (_, api) in MEMBERS
                .iter()
                .filter(|(member, _)| providers.contains(member))
            {
                if input.get(*api).is_none() {
                    set(&mut input, api, json!([]));
                }
            }
            at.call("ecs", "PutClusterCapacityProviders", input).await?;
        }
        let arn = at.cx.scope.arn("ecs", &format!("cluster/{physical_id}"));
        tags::change(at, &arn, before, after).await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        let input = json!({ "cluster": physical_id });
        at.call("ecs", "DeleteCluster", input).await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let include = ["CONFIGURATIONS", "SETTINGS", "TAGS"];
        let input = json!({ "clusters": [physical_id], "include": include });
        let found = at.call("ecs", "DescribeClusters", input).await?;
        let Some(found) = items(&found, "clusters").first() else {
            return Ok(None);
        };
        let mut live = json!({
            "Arn": text(found, "clusterArn"),
            "ClusterName": text(found, "clusterName"),
            "Tags": tags::shown(found),
        });
        for (member, api) in MEMBERS {
            if let Some(value) = found.get(api) {
                set(&mut live, member, to_template(value));
            }
        }
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages("ecs", "ListClusters", json!({}), "clusterArns", "nextToken")
            .await?;
        let names = found.iter().filter_map(Value::as_str);
        let names = names.filter_map(|arn| arn.rsplit('/').next());
        Ok(names.map(str::to_owned).collect())
    }
}
