//! Resource types of Systems Manager.

pub(super) mod parameter;
