//! Pictures of a definition: SVG, Mermaid, text for a terminal; on request coloured by a run.
//!
//! A picture needs no valid definition, only one whose states can be found: what is wrong with it
//! is for [`StateMachine::parse`](crate::StateMachine::parse) to say. Nothing is read or written,
//! and the same definition gives the same picture, byte for byte.
//!
//! The layout is our own. Transitions never leave a branch or a processor, so every scope is a
//! graph of its own, and nested ones are boxes of a known size: what makes general graph layouts
//! large is not needed, and what they lack (lines that join on the way to the same state, one
//! layout for pixels and for characters) is.

mod diagram;
mod layout;
mod measure;
mod mermaid;
mod read;
mod rule;
mod run;
mod svg;
mod text;

use serde_json::Value;

pub use diagram::Diagram;
pub use run::{Iterations, Outcome, Run, StateRun};
pub use text::TextOptions;

impl Diagram {
    /// Reads the states of a definition. The error says why there are none to draw.
    pub fn read(definition: &Value) -> Result<Self, String> {
        read::diagram(definition)
    }

    /// A name for the picture: its title for screen readers.
    #[must_use]
    pub fn titled(mut self, title: &str) -> Self {
        self.title = Some(measure::clean(title));
        self
    }

    /// A self-contained SVG, light or dark as the viewer prefers.
    #[must_use]
    pub fn svg(&self, run: Option<&Run>) -> String {
        svg::draw(self, run)
    }

    /// A Mermaid flowchart, as GitHub shows it in a fenced block.
    #[must_use]
    pub fn mermaid(&self, run: Option<&Run>) -> String {
        mermaid::draw(self, run)
    }

    /// Boxes and lines for a terminal; an outline where they would be wider than it.
    #[must_use]
    pub fn text(&self, run: Option<&Run>, options: TextOptions) -> String {
        text::draw(self, run, options)
    }
}

#[cfg(test)]
mod tests;
