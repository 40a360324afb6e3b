//! Permissions: policies name actions that exist, and the roles of a workflow allow what it calls
//! and nothing else.
//!
//! Looked at are the role of the state machine against its definition, and the roles of the
//! functions whose Rust sources lie beside the template against the calls in them. Resources are
//! compared as far as the template names them; conditions are not evaluated.

mod actions;
mod calls;
mod integrations;
mod policy;
mod roles;
mod sources;
#[cfg(test)]
mod tests;

pub(super) use actions::check as check_actions;
pub(super) use roles::check as check_roles;
