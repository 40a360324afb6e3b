//! CloudFormation as far as it can be known without an account: templates as documents, and the
//! properties of every public resource type.
//!
//! Nothing is resolved, deployed or compared here. The embedded CloudFormation does that with what
//! this crate reads, and `footwork validate` tells the faults of templates with it.

pub mod iam;
mod schema;
mod template;

pub use schema::{Replacement, Schema, Shape, Structure, type_names};
pub use template::read;
