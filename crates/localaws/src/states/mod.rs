//! The stepfunctions service.

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service};

/// Makes the service.
pub(crate) fn service(_aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Unbuilt)
}

struct Unbuilt;

#[async_trait]
impl Service for Unbuilt {
    fn name(&self) -> &'static str {
        "stepfunctions"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        Err(AwsError::not_implemented(self.name(), &call.action))
    }
}
