//! Resource types of EventBridge.

pub(super) mod connection;
pub(super) mod event_bus;
pub(super) mod event_bus_policy;
pub(super) mod rule;
