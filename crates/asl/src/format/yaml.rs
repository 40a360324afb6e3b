//! The canonical layout of a definition in YAML. Scalars and flow collections stay as they are
//! written, and every comment stays with what it is about.
//!
//! Not a general formatter: whatever it cannot lay out without a doubt, it refuses. Its work is read
//! again: the value and the comments must be those of before.

mod comments;
mod layout;

use document::{Node, Scalars, yaml};

use super::FormatError;

/// Lays a definition in YAML out: two spaces, the fields of machines and states in a fixed order.
/// Comments stay, blank lines too, but no two in a row.
///
/// # Errors
/// When the text is not YAML, or cannot be laid out without a change of its meaning.
pub fn format_yaml(text: &str) -> Result<String, FormatError> {
    let bare = text.strip_prefix('\u{feff}').unwrap_or(text);
    // Line ends as on Windows would be taken for content.
    let unix = bare.replace("\r\n", "\n");
    let root = read(&unix)?;
    let meaning = (root.to_value(), comments::of(&unix, &root));
    let mut laid_out = layout::lay_out(&unix, &root);
    // Comments in rare places move once more, and then stand.
    for _ in 0..3 {
        let Ok(again) = read(&laid_out) else { break };
        if meaning != (again.to_value(), comments::of(&laid_out, &again)) {
            break;
        }
        let next = layout::lay_out(&laid_out, &again);
        if next == laid_out {
            return Ok(laid_out);
        }
        laid_out = next;
    }
    Err(FormatError {
        at: root.span.start,
        message: "its layout cannot be changed safely: an unusual form of YAML".to_owned(),
    })
}

fn read(text: &str) -> Result<Node, FormatError> {
    yaml::read(text, Scalars::Core).map_err(|fault| FormatError {
        at: fault.at,
        message: fault.message,
    })
}

#[cfg(test)]
mod tests;
