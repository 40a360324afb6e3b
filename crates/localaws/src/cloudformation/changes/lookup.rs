//! What is known about resources before an update begins.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::cloudformation::UNKNOWN;
use crate::cloudformation::engine::live::Existing;
use crate::cloudformation::template::Lookup;

/// Existing resources keep their ids; those that are made or replaced will have others.
pub(super) struct Ahead<'a> {
    pub(super) existing: Existing<'a>,
    /// Resources whose id is not known yet.
    pub(super) new: &'a BTreeSet<String>,
    /// Resources whose attributes may change though they stay.
    pub(super) moving: &'a BTreeSet<String>,
}

impl Lookup for Ahead<'_> {
    fn reference(&self, resource: &str) -> Result<Value, String> {
        if self.new.contains(resource) {
            return Ok(Value::from(UNKNOWN));
        }
        self.existing.reference(resource)
    }

    fn attribute(&self, resource: &str, attribute: &str) -> Result<Value, String> {
        if self.new.contains(resource) || self.moving.contains(resource) {
            return Ok(Value::from(UNKNOWN));
        }
        self.existing.attribute(resource, attribute)
    }

    fn export(&self, name: &str) -> Result<Value, String> {
        self.existing.export(name)
    }
}
