//! Roles that belong to a service of AWS.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Iam;
use super::entity::{Kind, RoleDetails};
use super::names::{key, no_such_entity};
use super::roles::SERVICE_PATH;

impl Iam {
    pub(super) fn create_service_linked_role(&self, call: &Call) -> Result<Value, AwsError> {
        let service = call.input.text("AWSServiceName").unwrap_or_default();
        let Some(short) = service.strip_suffix(".amazonaws.com") else {
            let why = format!("{service} is not the name of a service");
            return Err(AwsError::new("InvalidInput", why));
        };
        let suffix = call.input.filled("CustomSuffix");
        let suffix = suffix.map_or_else(String::new, |suffix| format!("_{suffix}"));
        let name = format!("AWSServiceRoleFor{}{suffix}", title(short));
        let path = format!("{SERVICE_PATH}{service}/");
        let mut role = self.entity(Kind::Role, &call.scope, path, &name);
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow",
                "Principal": { "Service": service },
                "Action": "sts:AssumeRole",
            }],
        });
        role.role = Some(RoleDetails {
            trust: trust.to_string(),
            description: call.input.text("Description").map(str::to_owned),
            max_session: 3600,
        });
        let shown = role.shown_whole(Kind::Role);
        match self.roles.insert(&key(&call.scope, &name), role) {
            true => Ok(json!({ "Role": shown })),
            false => Err(AwsError::new(
                "InvalidInput",
                format!(
                    "Service role name {name} has been taken in this account, please try a \
                     different suffix."
                ),
            )),
        }
    }

    pub(super) fn delete_service_linked_role(&self, call: &Call) -> Result<Value, AwsError> {
        let role = self.named(Kind::Role, call)?;
        if !role.path.starts_with(SERVICE_PATH) {
            return Err(Kind::Role.missing(&role.name));
        }
        self.roles.remove(&key(&call.scope, &role.name));
        let task = format!("task{}{}/{}", role.path, role.name, self.aws.ids().uuid());
        Ok(json!({ "DeletionTaskId": task }))
    }

    /// A deletion is done at once, so every task that could exist has succeeded.
    pub(super) fn get_deletion_status(&self, call: &Call) -> Result<Value, AwsError> {
        let task = call.input.text("DeletionTaskId").unwrap_or_default();
        match task.starts_with(&format!("task{SERVICE_PATH}")) {
            true => Ok(json!({ "Status": "SUCCEEDED" })),
            false => Err(no_such_entity(format!(
                "Deletion Task Id {task} cannot be found."
            ))),
        }
    }
}

/// How a service is written in the names of its roles.
fn title(service: &str) -> String {
    let known = match service {
        "autoscaling" => "AutoScaling",
        "ecs" => "ECS",
        "ecs.application-autoscaling" => "ApplicationAutoScaling_ECSService",
        "dynamodb.application-autoscaling" => "ApplicationAutoScaling_DynamoDBTable",
        "eks" => "AmazonEKS",
        "elasticloadbalancing" => "ElasticLoadBalancing",
        "elasticache" => "ElastiCache",
        "opensearchservice" => "AmazonOpenSearchService",
        "rds" => "RDS",
        "spot" => "EC2Spot",
        "spotfleet" => "EC2SpotFleet",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let mut title = String::new();
    for word in service.split(['.', '-']) {
        let mut letters = word.chars();
        title.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        title.extend(letters);
    }
    title
}
