//! Resource types of DynamoDB.

pub(super) mod table;
