//! The cloudwatch service: metrics that are put, alarms on static thresholds that act, dashboards.
//!
//! Metric math, percentiles, anomaly detection, streams and insights are not built; alarms that
//! use them, and composite alarms, are kept and stay in the state they are set to.

mod alarm;
mod alarm_state;
mod dashboard;
mod describe_alarms;
mod evaluate;
mod metric_data;
mod put_metric_data;
mod state;
mod tag;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::tags::Tagged;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use state::{Alarm, Dashboard, Event, Metric};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(CloudWatch(Arc::new(Inner {
        aws: aws.clone(),
        metrics: aws.store().table("cloudwatch.metrics"),
        alarms: aws.store().table("cloudwatch.alarms"),
        history: aws.store().table("cloudwatch.history"),
        dashboards: aws.store().table("cloudwatch.dashboards"),
        due: Mutex::new(BTreeMap::new()),
        due_changed: Notify::new(),
    })))
}

struct CloudWatch(Arc<Inner>);

struct Inner {
    aws: Aws,
    metrics: Table<Metric>,
    alarms: Table<Alarm>,
    history: Table<Event>,
    dashboards: Table<Dashboard>,
    /// When alarms must be looked at next, by their keys.
    due: Mutex<BTreeMap<String, Timestamp>>,
    due_changed: Notify,
}

#[async_trait]
impl Service for CloudWatch {
    fn name(&self) -> &'static str {
        "cloudwatch"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "PutMetricData" => inner.put_metric_data(&call),
            "ListMetrics" => inner.list_metrics(&call),
            "GetMetricStatistics" => inner.get_metric_statistics(&call),
            "GetMetricData" => inner.get_metric_data(&call),
            "PutMetricAlarm" => inner.put_metric_alarm(&call),
            "PutCompositeAlarm" => inner.put_composite_alarm(&call),
            "DeleteAlarms" => inner.delete_alarms(&call),
            "DescribeAlarms" => inner.describe_alarms(&call),
            "DescribeAlarmsForMetric" => inner.describe_alarms_for_metric(&call),
            "DescribeAlarmHistory" => inner.describe_alarm_history(&call),
            "SetAlarmState" => inner.set_alarm_state(&call),
            "EnableAlarmActions" => inner.enable_actions(&call, true),
            "DisableAlarmActions" => inner.enable_actions(&call, false),
            "PutDashboard" => inner.put_dashboard(&call),
            "GetDashboard" => inner.get_dashboard(&call),
            "ListDashboards" => inner.list_dashboards(&call),
            "DeleteDashboards" => inner.delete_dashboards(&call),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("cloudwatch", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        let inner = Arc::clone(&self.0);
        self.0.aws.spawn(async move { inner.keep_alarms().await });
    }
}
