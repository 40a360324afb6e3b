//! The canonical layout of a definition. Strings, numbers and unknown fields stay as they are.

use std::fmt;

use crate::parse::{JsonNode as Node, NodeKind as Kind, read_json};

/// The text is not JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatError {
    /// Byte of the text.
    pub at: usize,
    /// What was expected there.
    pub message: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON at byte {}: {}", self.at, self.message)
    }
}

impl std::error::Error for FormatError {}

/// A line that is no longer than this holds a whole list or object of plain values.
const WIDTH: usize = 100;

const MACHINE_FIRST: [&str; 8] = [
    "Comment",
    "QueryLanguage",
    "Version",
    "ProcessorConfig",
    "StartAt",
    "TimeoutSeconds",
    "States",
    "",
];
const STATE_FIRST: [&str; 3] = ["Type", "Comment", "QueryLanguage"];
const STATE_LAST: [&str; 9] = [
    "Output",
    "ResultSelector",
    "ResultPath",
    "OutputPath",
    "Assign",
    "Retry",
    "Catch",
    "Next",
    "End",
];

/// Lays a definition out: two spaces, machine fields and state fields in a fixed order, short
/// lists and objects on one line.
///
/// # Errors
/// When the text is not JSON.
pub fn format(text: &str) -> Result<String, FormatError> {
    let node = read_json(text).map_err(|fault| FormatError {
        at: fault.at,
        message: fault.message,
    })?;
    let mut out = String::with_capacity(text.len());
    Layout { text }.write(&node, Role::Other, 0, 0, &mut out);
    out.push('\n');
    Ok(out)
}

/// What an object is, which decides the order of its members.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Machine,
    States,
    State,
    Other,
}

struct Layout<'a> {
    text: &'a str,
}

impl Layout<'_> {
    fn source(&self, node: &Node) -> &str {
        self.text.get(node.span.clone()).unwrap_or_default()
    }

    /// `used` is how much of the line the key takes.
    fn write(&self, node: &Node, role: Role, indent: usize, used: usize, out: &mut String) {
        let line = self.line(node);
        let fits = role == Role::Other && indent + used + line.len() < WIDTH;
        let role = match role {
            Role::Other if node.get("States").is_some() && node.get("StartAt").is_some() => {
                Role::Machine
            }
            role => role,
        };
        match &node.kind {
            Kind::Array(items) if !items.is_empty() && !fits => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "\n" } else { ",\n" });
                    pad(indent + 2, out);
                    self.write(item, Role::Other, indent + 2, 0, out);
                }
                out.push('\n');
                pad(indent, out);
                out.push(']');
            }
            Kind::Object(members) if !members.is_empty() && !fits => {
                let mut order: Vec<usize> = (0..members.len()).collect();
                order
                    .sort_by_key(|index| members.get(*index).map(|member| rank(role, &member.key)));
                out.push('{');
                for (place, index) in order.into_iter().enumerate() {
                    let Some(member) = members.get(index) else {
                        continue;
                    };
                    out.push_str(if place == 0 { "\n" } else { ",\n" });
                    pad(indent + 2, out);
                    let key = self.text.get(member.key_span.clone()).unwrap_or_default();
                    out.push_str(key);
                    out.push_str(": ");
                    let inner = match (role, member.key.as_str()) {
                        (Role::Machine, "States") => Role::States,
                        (Role::States, _) => Role::State,
                        _ => Role::Other,
                    };
                    self.write(&member.value, inner, indent + 2, key.len() + 2, out);
                }
                out.push('\n');
                pad(indent, out);
                out.push('}');
            }
            _ => out.push_str(&line),
        }
    }

    /// The value on one line.
    fn line(&self, node: &Node) -> String {
        match &node.kind {
            Kind::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.line(item)).collect();
                format!("[{}]", items.join(", "))
            }
            Kind::Object(members) if members.is_empty() => "{}".to_owned(),
            Kind::Object(members) => {
                let members: Vec<String> = members
                    .iter()
                    .map(|member| {
                        let key = self.text.get(member.key_span.clone()).unwrap_or_default();
                        format!("{key}: {}", self.line(&member.value))
                    })
                    .collect();
                format!("{{ {} }}", members.join(", "))
            }
            _ => self.source(node).to_owned(),
        }
    }
}

fn pad(indent: usize, out: &mut String) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Where a member goes; members of the same rank keep their order.
fn rank(role: Role, key: &str) -> usize {
    let place = |list: &[&str]| list.iter().position(|known| *known == key);
    match role {
        Role::Machine => place(&MACHINE_FIRST).unwrap_or(MACHINE_FIRST.len()),
        Role::State => match (place(&STATE_FIRST), place(&STATE_LAST)) {
            (Some(first), _) => first,
            (None, Some(last)) => STATE_FIRST.len() + 1 + last,
            (None, None) => STATE_FIRST.len(),
        },
        Role::States | Role::Other => 0,
    }
}
