//! Resource types of IAM.

pub(super) mod access_key;
pub(super) mod group;
pub(super) mod inline_policy;
pub(super) mod instance_profile;
pub(super) mod managed_policy;
pub(super) mod oidc_provider;
pub(super) mod policy;
mod principal;
pub(super) mod role;
pub(super) mod service_linked_role;
pub(super) mod user;
