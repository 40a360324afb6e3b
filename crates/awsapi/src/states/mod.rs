//! Step Functions' view of APIs: its names for services, parameters, results and errors.
//!
//! Step Functions calls APIs through AWS's Java SDKs, and their spelling shows: version 2 in
//! `aws-sdk:` integrations ([`Integration::Sdk`]), version 1 in the optimised ones. Knows nothing
//! of `.sync`, task tokens or what optimised integrations add to calls.

mod check;
mod errors;
mod from_api;
mod lenient;
mod names;
mod to_api;

pub use check::{Fault, check, check_result};
pub use errors::{error, error_name};
pub use from_api::from_api;
pub use names::{member_name, resolve, service_title};
pub use to_api::to_api;

/// Which of the two ways a task calls an API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Integration {
    /// `arn:aws:states:::aws-sdk:<service>:<action>`.
    Sdk,
    /// `arn:aws:states:::<service>:<action>`.
    Optimised,
}
