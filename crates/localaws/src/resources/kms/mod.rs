//! Resource types of KMS.

pub(super) mod alias;
pub(super) mod key;
