//! x
use crate::Aws;
use bytes::Bytes;
pub(super) async fn answer(_aws: Aws, _request: http::Request<Bytes>) -> http::Response<Bytes> {
    http::Response::new(Bytes::new())
}
