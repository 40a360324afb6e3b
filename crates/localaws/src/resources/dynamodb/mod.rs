//! Resource types of DynamoDB.

mod extras;
pub(super) mod table;
