//! The scheduler service (EventBridge Scheduler): schedules in time zones, once or again and
//! again, that call any API.
//!
//! Execution roles are kept and shown; nobody is refused by them.

mod fire;
mod group;
mod invoke;
mod schedule;
mod state;
mod tag;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Notify;

use crate::tags::Tagged;
use crate::{Aws, AwsError, Call, Reply, Service, Table};
use state::{Group, Schedule};

/// Makes the service.
pub(crate) fn service(aws: &Aws) -> Arc<dyn Service> {
    Arc::new(Scheduler(Arc::new(Inner {
        aws: aws.clone(),
        groups: aws.store().table("scheduler.groups"),
        schedules: aws.store().table("scheduler.schedules"),
        changed: Notify::new(),
    })))
}

struct Scheduler(Arc<Inner>);

struct Inner {
    aws: Aws,
    groups: Table<Group>,
    schedules: Table<Schedule>,
    /// Wakes the job that waits for the next schedule.
    changed: Notify,
}

#[async_trait]
impl Service for Scheduler {
    fn name(&self) -> &'static str {
        "scheduler"
    }

    async fn call(&self, call: Call) -> Result<Reply, AwsError> {
        let inner = &self.0;
        let output = match call.action.as_str() {
            "CreateSchedule" => inner.create_schedule(&call),
            "GetSchedule" => inner.get_schedule(&call),
            "UpdateSchedule" => inner.update_schedule(&call),
            "DeleteSchedule" => inner.delete_schedule(&call),
            "ListSchedules" => inner.list_schedules(&call),
            "CreateScheduleGroup" => inner.create_schedule_group(&call),
            "GetScheduleGroup" => inner.get_schedule_group(&call),
            "DeleteScheduleGroup" => inner.delete_schedule_group(&call),
            "ListScheduleGroups" => inner.list_schedule_groups(&call),
            "TagResource" => inner.tag_resource(&call),
            "UntagResource" => inner.untag_resource(&call),
            "ListTagsForResource" => inner.list_tags_for_resource(&call),
            _ => Err(AwsError::not_implemented("scheduler", &call.action)),
        };
        output.map(Reply::from)
    }

    fn start(self: Arc<Self>) {
        let inner = Arc::clone(&self.0);
        self.0
            .aws
            .spawn(async move { inner.keep_schedules().await });
    }
}
