//! Real processes that stand for what runs in the cloud: how they are started and ended, and how
//! what they write becomes log events. Functions and containers are built on this.
//!
//! Nothing here knows Lambda or ECS. A process is not held in by anything but its own folder and
//! environment: what runs here runs with the rights of this program.

mod credentials;
mod journal;
mod output;
mod spawn;

pub(crate) use credentials::credentials;
pub(crate) use journal::Journal;
pub(crate) use output::Output;
pub(crate) use spawn::{Group, spawn};
