//! Resource types of S3.

pub(super) mod bucket;
pub(super) mod bucket_policy;
mod lifecycle;
mod notification;
mod setting;
