//! Systems Manager: the Parameter Store. Not here: everything else of Systems Manager, parameter
//! policies, and AWS's public parameters under `/aws/service/`.

mod delete;
mod describe;
mod get;
mod get_by_path;
mod history;
mod labels;
mod model;
mod put;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service, Table};

use model::Parameter;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Ssm {
        parameters: aws.store().table("ssm.parameters"),
        aws: aws.clone(),
    })
}

struct Ssm {
    aws: Aws,
    /// By `scope.key(name)`.
    parameters: Table<Parameter>,
}

#[async_trait]
impl Service for Ssm {
    fn name(&self) -> &'static str {
        "ssm"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let answer = match call.action.as_str() {
            "AddTagsToResource" => self.add_tags(&call),
            "DeleteParameter" => self.delete_parameter(&call),
            "DeleteParameters" => self.delete_parameters(&call),
            "DescribeParameters" => self.describe_parameters(&call),
            "GetParameter" => self.get_parameter(&call).await,
            "GetParameterHistory" => self.get_parameter_history(&call).await,
            "GetParameters" => self.get_parameters(&call).await,
            "GetParametersByPath" => self.get_parameters_by_path(&call).await,
            "LabelParameterVersion" => self.label_parameter_version(&call),
            "ListTagsForResource" => self.list_tags(&call),
            "PutParameter" => self.put_parameter(&call).await,
            "RemoveTagsFromResource" => self.remove_tags(&call),
            "UnlabelParameterVersion" => self.unlabel_parameter_version(&call),
            _ => Err(AwsError::not_implemented("ssm", &call.action)),
        };
        answer.map(Reply::from)
    }
}
