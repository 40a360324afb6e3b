//! Resource types of CloudWatch Logs.

pub(super) mod log_group;
pub(super) mod log_stream;
pub(super) mod metric_filter;
pub(super) mod resource_policy;
