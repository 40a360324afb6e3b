//! AWS's wire protocols from tables: any service, any action, client side and server side.
//!
//! Knows the shapes of every operation, from AWS's published API models, and turns
//! [`serde_json::Value`]s into HTTP messages and back. It makes no connection, signs nothing and
//! knows no behaviour of any service.

pub mod client;
mod codec;
mod error;
mod model;
pub mod server;
pub mod states;
mod validate;

pub use codec::Mismatch;
pub use error::AwsError;
pub use model::{
    Kind, Location, Member, Operation, Protocol, Service, Shape, TimestampFormat, service,
    service_names,
};
pub use validate::validate;
