//! `PutClusterCapacityProviders`, `DescribeCapacityProviders`: Fargate and Fargate Spot, which
//! every account has. Capacity providers of one's own need Auto Scaling groups, which are not
//! built.

use serde_json::{Value, json};

use crate::ecs::Inner;
use crate::ecs::error::invalid;
use crate::ecs::names::last;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

pub(in crate::ecs) const PROVIDERS: [&str; 2] = ["FARGATE", "FARGATE_SPOT"];

/// Capacity providers and default strategy of a call.
pub(super) fn given(input: &Value) -> Result<(Vec<String>, Vec<Value>), AwsError> {
    let providers = input.texts("capacityProviders");
    let strategy = input.items("defaultCapacityProviderStrategy").to_vec();
    if let Some(unknown) = providers
        .iter()
        .find(|name| !PROVIDERS.contains(&name.as_str()))
    {
        return Err(invalid(format!(
            "The specified capacity provider '{unknown}' is not found. Specify a valid name or ARN and try again."
        )));
    }
    check_strategy(&strategy, &providers)?;
    Ok((providers, strategy))
}

/// Checks that a strategy names providers of the cluster only.
pub(in crate::ecs) fn check_strategy(
    strategy: &[Value],
    providers: &[String],
) -> Result<(), AwsError> {
    let foreign = |item: &&Value| {
        let name = item.text("capacityProvider").unwrap_or_default();
        !providers.iter().any(|provider| provider == last(name))
    };
    match strategy.iter().find(foreign) {
        None => Ok(()),
        Some(_) => Err(invalid(
            "The specified capacity provider strategy cannot contain a capacity provider that is \
             not associated with the cluster. Associate the capacity provider with the cluster \
             and try again.",
        )),
    }
}

impl Inner {
    pub(in crate::ecs) fn put_cluster_capacity_providers(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let mut cluster = self.cluster(call)?;
        let (providers, strategy) = given(&call.input)?;
        cluster.capacity_providers = providers;
        cluster.default_strategy = strategy;
        let key = call.scope.key(&cluster.name);
        self.clusters.put(&key, cluster.clone());
        Ok(json!({ "cluster": self.whole_cluster(&cluster) }))
    }

    pub(in crate::ecs) fn describe_capacity_providers(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let asked = call.input.texts("capacityProviders");
        let mut found = Vec::new();
        let mut failures = Vec::new();
        for name in &asked {
            match PROVIDERS.iter().find(|known| **known == last(name)) {
                Some(known) => found.push(shown(&call.scope, known)),
                None => failures.push(json!({
                    "arn": call.scope.arn("ecs", &format!("capacity-provider/{}", last(name))),
                    "reason": "MISSING",
                })),
            }
        }
        if asked.is_empty() {
            found.extend(PROVIDERS.iter().map(|name| shown(&call.scope, name)));
        }
        Ok(json!({ "capacityProviders": found, "failures": failures }))
    }
}

fn shown(scope: &Scope, name: &str) -> Value {
    json!({
        "capacityProviderArn": scope.arn("ecs", &format!("capacity-provider/{name}")),
        "name": name,
        "status": "ACTIVE",
        "tags": [],
    })
}
