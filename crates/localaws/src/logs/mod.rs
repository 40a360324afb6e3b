//! CloudWatch Logs: groups, streams, events, their search and the metrics made of them.
//!
//! Not here: subscription filters, Logs Insights queries, exports.

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod describe_log_groups;
mod describe_log_streams;
mod filter_log_events;
mod get_log_events;
mod json_pattern;
mod kms_key;
mod metric_filters;
mod model;
mod pattern;
mod put_log_events;
mod resource_policies;
mod retention_policy;
mod space_pattern;
mod tags;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

use crate::{Aws, AwsError, Call, Reply, Service, Table};

use metric_filters::MetricFilter;
use model::{Event, Group, ResourcePolicy, Stream};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Logs {
        groups: aws.store().table("logs.groups"),
        streams: aws.store().table("logs.streams"),
        events: aws.store().table("logs.events"),
        filters: aws.store().table("logs.metric_filters"),
        policies: aws.store().table("logs.policies"),
        aws: aws.clone(),
    })
}

struct Logs {
    aws: Aws,
    /// By `scope.key(group)`.
    groups: Table<Group>,
    /// By `scope.key(group):stream`; a group's name has no colon.
    streams: Table<Stream>,
    /// By the stream's key and the event's id, which sorts by time and arrival.
    events: Table<Event>,
    /// By `scope.key(group):filter`.
    filters: Table<MetricFilter>,
    /// By `scope.key(name)`.
    policies: Table<ResourcePolicy>,
}

#[async_trait]
impl Service for Logs {
    fn name(&self) -> &'static str {
        "logs"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let answer = match call.action.as_str() {
            "AssociateKmsKey" => self.associate_kms_key(&call),
            "CreateLogGroup" => self.create_log_group(&call),
            "CreateLogStream" => self.create_log_stream(&call),
            "DeleteLogGroup" => self.delete_log_group(&call),
            "DeleteLogStream" => self.delete_log_stream(&call),
            "DeleteMetricFilter" => self.delete_metric_filter(&call),
            "DeleteResourcePolicy" => self.delete_resource_policy(&call),
            "DeleteRetentionPolicy" => self.delete_retention_policy(&call),
            "DescribeLogGroups" => self.describe_log_groups(&call),
            "DescribeLogStreams" => self.describe_log_streams(&call),
            "DescribeMetricFilters" => self.describe_metric_filters(&call),
            "DescribeResourcePolicies" => self.describe_resource_policies(&call),
            "DisassociateKmsKey" => self.disassociate_kms_key(&call),
            "FilterLogEvents" => self.filter_log_events(&call),
            "GetLogEvents" => self.get_log_events(&call),
            "ListTagsForResource" => self.list_tags_for_resource(&call),
            "ListTagsLogGroup" => self.list_tags_log_group(&call),
            "PutLogEvents" => self.put_log_events(&call),
            "PutMetricFilter" => self.put_metric_filter(&call),
            "PutResourcePolicy" => self.put_resource_policy(&call),
            "PutRetentionPolicy" => self.put_retention_policy(&call),
            "TagLogGroup" => self.tag_log_group(&call),
            "TagResource" => self.tag_resource(&call),
            "UntagLogGroup" => self.untag_log_group(&call),
            "UntagResource" => self.untag_resource(&call),
            _ => Err(AwsError::not_implemented("logs", &call.action)),
        };
        answer.map(Reply::from)
    }
}
