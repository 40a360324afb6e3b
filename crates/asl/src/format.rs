//! The canonical layout of a definition. Strings, numbers and unknown fields stay as they are.

mod order;
mod yaml;

use std::fmt;

use document::{Kind, Member, Node, json};

use order::{Role, rank};
pub use yaml::format_yaml;

/// The text is not what it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// Byte of the text.
    pub at: usize,
    /// What was expected there.
    pub message: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for FormatError {}

/// Lays a definition out: two spaces, one member or item a line, the fields of machines and states
/// in a fixed order. Formatting twice changes nothing more.
///
/// # Errors
/// When the text is not JSON.
pub fn format(text: &str) -> Result<String, FormatError> {
    let node = json::read(text).map_err(|fault| FormatError {
        at: fault.at,
        message: fault.message,
    })?;
    let mut out = String::with_capacity(text.len());
    write(text, &node, Role::Other, 0, &mut out);
    out.push('\n');
    Ok(out)
}

fn write(text: &str, node: &Node, role: Role, indent: usize, out: &mut String) {
    let role = role.of(node);
    match &node.kind {
        Kind::Array(items) if !items.is_empty() => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                new_line(index > 0, indent + 2, out);
                write(text, item, Role::Other, indent + 2, out);
            }
            new_line(false, indent, out);
            out.push(']');
        }
        Kind::Object(members) if !members.is_empty() => {
            let mut members: Vec<&Member> = members.iter().collect();
            members.sort_by_key(|member| rank(role, &member.key));
            out.push('{');
            for (index, member) in members.into_iter().enumerate() {
                new_line(index > 0, indent + 2, out);
                out.push_str(text.get(member.key_span.clone()).unwrap_or_default());
                out.push_str(": ");
                let below = role.below(&member.key);
                write(text, &member.value, below, indent + 2, out);
            }
            new_line(false, indent, out);
            out.push('}');
        }
        Kind::Array(_) => out.push_str("[]"),
        Kind::Object(_) => out.push_str("{}"),
        // Strings and numbers stay as they are written.
        _ => out.push_str(text.get(node.span.clone()).unwrap_or_default()),
    }
}

fn new_line(comma: bool, indent: usize, out: &mut String) {
    out.push_str(if comma { ",\n" } else { "\n" });
    out.extend(std::iter::repeat_n(' ', indent));
}

#[cfg(test)]
mod tests {
    use super::format;

    #[test]
    fn fields_are_put_in_order_and_texts_stay() {
        let written = r#"{"States": {"A": {"End": true, "Type":"Pass","Catch":[],
            "Output": {"b": "\u00e9", "a": 1.0}}, "StartAt": {}}, "StartAt":"A", "Comment": "c"}"#;
        let expected = r#"{
  "Comment": "c",
  "StartAt": "A",
  "States": {
    "A": {
      "Type": "Pass",
      "Output": {
        "b": "\u00e9",
        "a": 1.0
      },
      "Catch": [],
      "End": true
    },
    "StartAt": {}
  }
}
"#;
        assert_eq!(format(written).as_deref(), Ok(expected));
        assert_eq!(format(expected).as_deref(), Ok(expected));
        assert_eq!(format("{").map_err(|error| error.at), Err(1));
    }
}
