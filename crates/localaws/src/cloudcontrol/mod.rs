//! Cloud Control: one API for the resources of all types.
//!
//! Every change is a request that goes on by itself; its progress is asked for with its token.
//! Resources are made by the same handlers that CloudFormation uses ([`crate::resources`]). Roles
//! and type versions are accepted and have no effect: there is one version of every type, and
//! nothing is denied on this machine. Hooks do not exist here.

mod cancel_resource_request;
mod create_resource;
mod delete_resource;
mod error;
mod get_resource;
mod get_resource_request_status;
mod list_resource_requests;
mod list_resources;
mod patch;
mod request;
#[cfg(test)]
mod tests;
mod update_resource;

use std::sync::Arc;

use async_trait::async_trait;

use crate::params::Params;
use crate::resources::{Context, Resources, Schema};
use crate::{Aws, AwsError, Call, Reply, Service, Table};

use request::{Request, Status};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(CloudControl {
        aws: aws.clone(),
        resources: Arc::new(Resources::new(aws)),
        requests: Arc::new(aws.store().table("cloudcontrol.requests")),
    })
}

#[derive(Clone)]
struct CloudControl {
    aws: Aws,
    resources: Arc<Resources>,
    requests: Arc<Table<Request>>,
}

#[async_trait]
impl Service for CloudControl {
    fn name(&self) -> &'static str {
        "cloudcontrol"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let output = match call.action.as_str() {
            "CancelResourceRequest" => self.cancel_resource_request(&call)?,
            "CreateResource" => self.create_resource(&call)?,
            "DeleteResource" => self.delete_resource(&call).await?,
            "GetResource" => self.get_resource(&call).await?,
            "GetResourceRequestStatus" => self.get_resource_request_status(&call)?,
            "ListResourceRequests" => self.list_resource_requests(&call)?,
            "ListResources" => self.list_resources(&call).await?,
            "UpdateResource" => self.update_resource(&call).await?,
            _ => return Err(AwsError::not_implemented("cloudcontrol", &call.action)),
        };
        Ok(Reply::from(output))
    }

    /// What was under way when the program was stopped is not begun again: nobody knows how far it
    /// came, and making a resource twice is worse than saying so.
    fn start(self: Arc<Self>) {
        for (key, _) in self.requests.scan("") {
            self.requests.update(&key, |request| {
                if !request.status.is_final() {
                    request.status = Status::Failed;
                    request.error_code = Some("InternalFailure".to_owned());
                    request.message =
                        Some("The endpoint was stopped during the request".to_owned());
                }
            });
        }
    }
}

impl CloudControl {
    /// The context and schema of the call's type; refuses types that are not known, and those
    /// that CloudFormation alone can work with.
    fn context(&self, call: &Call, action: &str) -> Result<(Context, &'static Schema), AwsError> {
        let type_name = required(call, "TypeName")?;
        let schema = self
            .resources
            .schema(type_name)
            .filter(|_| !type_name.starts_with("Custom::"));
        let Some(schema) = schema else {
            return Err(AwsError::new(
                "TypeNotFoundException",
                format!("The type '{type_name}' cannot be found."),
            ));
        };
        let can = match action {
            "LIST" => schema.is_provisionable() && schema.is_listable(),
            "UPDATE" => schema.is_provisionable() && schema.is_mutable(),
            _ => schema.is_provisionable(),
        };
        // Stacks and custom resources are CloudFormation's own business.
        if !can || type_name.starts_with("AWS::CloudFormation::") {
            return Err(error::unsupported(type_name, action));
        }
        Ok((Context::new(call.scope.clone(), type_name), schema))
    }
}

fn required<'a>(call: &'a Call, name: &str) -> Result<&'a str, AwsError> {
    call.input.filled(name).ok_or_else(|| {
        AwsError::validation(format!(
            "{name} is a required parameter and must not be empty"
        ))
    })
}

/// Identifiers may be given as JSON too: `{"BucketName": "b"}`.
fn identifier(call: &Call, schema: &Schema) -> Result<String, AwsError> {
    let given = required(call, "Identifier")?;
    match serde_json::from_str::<serde_json::Value>(given) {
        Ok(parts) if parts.is_object() => {
            let names = schema.primary_identifier();
            if names.iter().all(|name| parts.get(name).is_some()) {
                Ok(schema.identifier(&parts))
            } else {
                Err(AwsError::validation(format!(
                    "Identifier {given} is not valid for identifier [{}]",
                    names
                        .iter()
                        .map(|name| format!("/properties/{name}"))
                        .collect::<Vec<_>>()
                        .join(", ")
                )))
            }
        }
        _ => Ok(given.to_owned()),
    }
}
