//! JSON and YAML documents that remember where everything stands.
//!
//! One tree for both languages, so that whatever checks a document tells its faults with their
//! place in the file that the user wrote. No meaning: state machines and templates are other
//! crates' business. Nothing is opened here.

pub mod json;
mod node;
mod scalar;
pub mod yaml;

pub use node::{Kind, Member, Node};
pub use scalar::Scalars;

/// Where and why a text is not a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Byte of the text.
    pub at: usize,
    /// What is wrong there.
    pub message: String,
}

impl Fault {
    /// The fault with its line and column in front.
    #[must_use]
    pub fn placed(&self, text: &str) -> String {
        let (line, column) = line_and_column(text, self.at);
        format!("line {line}, column {column}: {}", self.message)
    }
}

/// Line and column of a byte of a text, from 1; columns in characters.
#[must_use]
pub fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or_default();
    (line, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::line_and_column;

    #[test]
    fn places_are_for_people() {
        let text = "a\nü\"x\"\n";
        assert_eq!(line_and_column(text, 0), (1, 1));
        assert_eq!(line_and_column(text, 4), (2, 2));
        assert_eq!(line_and_column(text, text.len()), (3, 1));
    }
}
