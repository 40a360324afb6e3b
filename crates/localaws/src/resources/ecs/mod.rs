//! Types of ECS: clusters and task definitions.

mod casing;
pub(super) mod cluster;
mod tags;
pub(super) mod task_definition;
