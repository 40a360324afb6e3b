//! The cloudformation service.

mod template;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service};

/// What change sets show for a value that only exists once its resource does.
const UNKNOWN: &str = "{{changeSet:KNOWN_AFTER_APPLY}}";

/// Makes the service.
pub(crate) fn service(_aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Unbuilt)
}

struct Unbuilt;

#[async_trait]
impl Service for Unbuilt {
    fn name(&self) -> &'static str {
        "cloudformation"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        Err(AwsError::not_implemented(self.name(), &call.action))
    }
}
