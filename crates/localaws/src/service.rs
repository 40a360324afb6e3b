//! What every service of the local AWS is: a name and a function from call to reply.

use std::sync::Arc;

use async_trait::async_trait;
use awsapi::AwsError;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::Scope;

/// The caller of what CloudFormation does and its users may not.
pub(crate) const CLOUDFORMATION: &str = "service:cloudformation";

/// One decoded API call.
///
/// Values use the member names of AWS's API models (as boto3 shows them). Timestamps are ISO 8601
/// strings in UTC (`2026-11-22T10:00:00.123Z`), blobs are base64 text; only the raw payload of a
/// REST operation (an S3 object, a Lambda payload) travels as bytes in `body`.
#[derive(Debug, Clone)]
pub struct Call {
    /// Operation, for example `CreateQueue`.
    pub action: String,
    /// Parameters by their names in the API model, checked against the model's types.
    pub input: Value,
    /// The raw payload member of REST operations, else empty.
    pub body: Bytes,
    /// Account and region.
    pub scope: Scope,
    /// Id that the answer carries, also in logs.
    pub request_id: String,
    /// ARN of the role or user that calls, where known: `arn:aws:iam::000000000000:root` else.
    pub caller: String,
}

/// A successful answer; same conventions as [`Call`].
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// Output members by their names in the API model.
    pub output: Value,
    /// The raw payload member of REST operations, else empty.
    pub body: Bytes,
}

impl Reply {
    /// A reply without members.
    pub fn empty() -> Self {
        Self::from(json!({}))
    }
}

impl From<Value> for Reply {
    fn from(output: Value) -> Self {
        Self {
            output,
            body: Bytes::new(),
        }
    }
}

/// A service of the local AWS.
#[async_trait]
pub trait Service: Send + Sync + 'static {
    /// The service's name in AWS's API models: `sqs`, `stepfunctions`, `events`.
    fn name(&self) -> &'static str;

    /// Answers one call. An operation that nobody answers here is
    /// [`AwsError::not_implemented`], never an empty success.
    async fn call(&self, call: Call) -> Result<Reply, AwsError>;

    /// Answers a call in the bytes of the service's JSON protocol, where the service has them at
    /// hand. `None` leaves the call to [`Service::call`]. Only who sends the answer on asks this
    /// way.
    fn written(&self, _call: &Call) -> Option<Result<Bytes, AwsError>> {
        None
    }

    /// Takes up the work that must go on by itself (timers, running executions). Called once,
    /// after all services exist, also when stored state was loaded.
    fn start(self: Arc<Self>) {}
}
