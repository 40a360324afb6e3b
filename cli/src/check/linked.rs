//! The state machine of a template that has a definition.

use std::path::Path;

use asl::Kind;
use document::{Member, Node};

use super::source::Document;

/// A template and the resource in it that names the definition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Linked<'t> {
    pub(super) template: &'t Document,
    /// Its logical id and all of it.
    pub(super) machine: &'t Member,
}

impl<'t> Linked<'t> {
    /// Nothing if no state machine names a file like this.
    pub(super) fn find(template: &'t Document, definition: &Path) -> Option<Self> {
        let file = definition.file_name()?.to_str()?;
        let mut resources = template.root.get("Resources")?.members().iter();
        let machine = resources.find(|resource| {
            let properties = resource.value.get("Properties");
            let named = properties.and_then(|properties| {
                ["DefinitionS3Location", "DefinitionUri"]
                    .iter()
                    .find_map(|name| properties.get(name)?.as_str())
            });
            named.is_some_and(|named| named.ends_with(file))
        })?;
        Some(Self { template, machine })
    }

    /// A property of the state machine.
    pub(super) fn property(&self, name: &str) -> Option<&'t Node> {
        self.machine.value.get("Properties")?.get(name)
    }

    /// Whether its executions are express ones.
    pub(super) fn kind(&self) -> Kind {
        let named = ["StateMachineType", "Type"];
        let mut kinds = named
            .iter()
            .filter_map(|name| self.property(name)?.as_str());
        if kinds.next() == Some("EXPRESS") {
            Kind::Express
        } else {
            Kind::Standard
        }
    }
}
