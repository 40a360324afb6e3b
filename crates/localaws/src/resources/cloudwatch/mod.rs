//! Resource types of CloudWatch.

pub(super) mod alarm;
pub(super) mod dashboard;
