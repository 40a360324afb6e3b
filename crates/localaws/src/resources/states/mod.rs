//! Resource types of Step Functions.

pub(super) mod activity;
mod definition;
mod deployment;
pub(super) mod state_machine;
pub(super) mod state_machine_alias;
pub(super) mod state_machine_version;
mod tags;
