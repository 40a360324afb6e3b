//! AWS's wire protocols from tables: any service, any action, client side and server side.
//!
//! Knows the shapes of every operation, from AWS's published API models, and turns
//! [`serde_json::Value`]s into HTTP messages and back. It makes no connection, signs nothing and
//! knows no behaviour of any service.

mod error;

pub use error::AwsError;
