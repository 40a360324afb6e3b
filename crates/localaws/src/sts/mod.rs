//! STS: who calls, and credentials for sessions. Every role is given to everybody who asks:
//! nothing here checks who may assume it.

mod credentials;
mod identity;
mod sessions;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service};

pub(crate) use credentials::caller_of;

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Sts { aws: aws.clone() })
}

struct Sts {
    aws: Aws,
}

#[async_trait]
impl Service for Sts {
    fn name(&self) -> &'static str {
        "sts"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let answer = match call.action.as_str() {
            "AssumeRole" => self.assume_role(&call).await,
            "AssumeRoleWithWebIdentity" => self.assume_role_with_web_identity(&call).await,
            "GetAccessKeyInfo" => self.get_access_key_info(&call),
            "GetCallerIdentity" => self.get_caller_identity(&call).await,
            "GetSessionToken" => self.get_session_token(&call),
            _ => Err(AwsError::not_implemented("sts", &call.action)),
        };
        answer.map(Reply::from)
    }
}
