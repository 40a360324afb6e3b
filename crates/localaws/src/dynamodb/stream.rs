//! The dynamodbstreams service: another name on the wire for what the tables' databases keep.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Streams(aws.clone()))
}

struct Streams(Aws);

#[async_trait]
impl Service for Streams {
    fn name(&self) -> &'static str {
        "dynamodbstreams"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        match call.action.as_str() {
            "ListStreams" | "DescribeStream" | "GetShardIterator" | "GetRecords" => {
                self.0.dispatch("dynamodb", call).await
            }
            _ => Err(AwsError::not_implemented(self.name(), &call.action)),
        }
    }
}
