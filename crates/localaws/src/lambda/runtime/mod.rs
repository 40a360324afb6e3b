//! Processes that run functions, and the Runtime API they speak.

mod api;
mod environment;
mod launch;
mod outcome;
mod platform_log;
mod pool;
mod unpacked;
mod worker;

pub(super) use outcome::Outcome;
pub(super) use pool::{Pool, Request, Spec};
