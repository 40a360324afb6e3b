//! The task functions of the fargate-job workflow.
//!
//! | module | state of the workflow | what it does |
//! |---|---|---|
//! | [`prepare`] | `Prepare` | checks what a run is to do, pins its image, writes what is too long for a payload |
//! | [`contend`] | `Contend` | decides what becomes of a run that meets another |
//! | [`explain`] | `Explain failure`, `Weigh results` | finds out why a container failed, and what follows |
//! | [`finish`] | `Record …` | writes the history, lets the next run go; also for runs that were stopped |
//! | [`watch`] | none: a queue calls it | stops tasks that wait too long for capacity |
//!
//! No container is started here, and nothing waits: that is the workflow's work.

pub mod contend;
mod error;
pub mod explain;
pub mod finish;
mod lock;
pub mod log;
pub mod ports;
pub mod prepare;
mod run;
mod settings;
mod suggest;
pub mod watch;

pub use error::Error;
pub use prepare::{Array, ContainerLog, Contention, Policy, Record, Task};
pub use run::Run;
