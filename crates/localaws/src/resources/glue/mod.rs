//! Types of Glue: jobs.

pub(super) mod job;
