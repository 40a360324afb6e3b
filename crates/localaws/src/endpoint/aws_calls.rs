//! One AWS call: route, decode, check, dispatch, encode.

use awsapi::server::{self, Routed};
use awsapi::{AwsError, Protocol};
use bytes::Bytes;

use crate::sts::caller_of;
use crate::{Aws, Call, Reply, Scope};

pub(super) async fn answer(aws: Aws, request: http::Request<Bytes>) -> http::Response<Bytes> {
    let request_id = aws.ids().uuid();
    let routed = match server::route(&request) {
        Ok(routed) => routed,
        Err(refusal) => return refusal.response(&request_id),
    };
    match call(&aws, &routed, &request, &request_id).await {
        Ok(Answer::Made(reply)) => server::encode(&routed, &reply.output, reply.body, &request_id),
        Ok(Answer::Written(body)) => server::encode_written(&routed, body, &request_id),
        Err(error) => {
            tracing::debug!(service = routed.service.name(), operation = routed.operation.name(), %error, "refused");
            server::encode_error(&routed, &error, &request_id)
        }
    }
}

/// What a service answered.
enum Answer {
    /// To be encoded.
    Made(Reply),
    /// In the bytes of the JSON protocol.
    Written(Bytes),
}

async fn call(
    aws: &Aws,
    routed: &Routed,
    request: &http::Request<Bytes>,
    request_id: &str,
) -> Result<Answer, AwsError> {
    let (input, body) = server::decode(routed, request)?;
    awsapi::validate(routed.operation, &input)?;
    let scope = Scope::new(routed.region.clone());
    let token = request.headers().get("x-amz-security-token");
    let session = token.and_then(|token| caller_of(token.to_str().ok()?));
    let caller = session.unwrap_or_else(|| scope.global_arn("iam", "root"));
    let call = Call {
        action: routed.operation.name().to_owned(),
        input,
        body,
        request_id: request_id.to_owned(),
        caller,
        scope,
    };
    let service = routed.service.name();
    if routed.protocol == Protocol::Json
        && let Some(written) = aws.written(service, &call)
    {
        return written.map(Answer::Written);
    }
    aws.dispatch(service, call).await.map(Answer::Made)
}
