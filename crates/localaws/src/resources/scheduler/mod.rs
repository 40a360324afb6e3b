//! Resource types of EventBridge Scheduler.

pub(super) mod schedule;
pub(super) mod schedule_group;
