//! Filter patterns over texts of fields with blanks between:
//! `[ip, user, ..., status = 4* && status != 404, bytes > 1000]`.
//!
//! Text in brackets or quotation marks is one field of a message. Fields have names, which
//! conditions and metric values use; `...` stands for any number of fields.

use serde_json::{Map, Value};

use crate::AwsError;

use super::json_pattern::{Condition, Parser, wrong};

/// A parsed pattern.
#[derive(Debug)]
pub(super) struct SpacePattern {
    /// Names of the fields before `...`, or of all.
    before: Vec<String>,
    /// Names of the fields after `...`, where there is one.
    after: Option<Vec<String>>,
    conditions: Vec<Condition>,
}

impl SpacePattern {
    pub(super) fn parse(source: &str) -> Result<Self, AwsError> {
        let inner = source
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
            .ok_or_else(|| wrong("a pattern of fields ends with ]"))?;
        let mut pattern = Self {
            before: Vec::new(),
            after: None,
            conditions: Vec::new(),
        };
        for field in split(inner) {
            let field = field.trim();
            if field == "..." {
                if pattern.after.replace(Vec::new()).is_some() {
                    return Err(wrong("there is more than one ..."));
                }
                continue;
            }
            let plain = field
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '*'));
            let name = if plain {
                field.to_owned()
            } else {
                let (name, condition) = Parser::field(field)?;
                pattern.conditions.push(condition);
                name
            };
            pattern
                .after
                .as_mut()
                .unwrap_or(&mut pattern.before)
                .push(name);
        }
        Ok(pattern)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        self.fields(message)
            .is_some_and(|fields| self.conditions.iter().all(|one| one.holds(&fields)))
    }

    /// The fields of a message by name; `None` where their number does not fit.
    pub(super) fn fields(&self, message: &str) -> Option<Value> {
        let fields = fields(message);
        let named: Vec<_> = match &self.after {
            None if fields.len() == self.before.len() => self.before.iter().zip(fields).collect(),
            None => return None,
            Some(after) => {
                let last = fields.len().checked_sub(after.len())?;
                if last < self.before.len() {
                    return None;
                }
                let tail = fields.get(last..).unwrap_or_default().to_vec();
                let head = self.before.iter().zip(fields);
                head.chain(after.iter().zip(tail)).collect()
            }
        };
        let named = named
            .into_iter()
            .map(|(name, field)| (name.clone(), Value::from(field)));
        Some(Value::Object(named.collect::<Map<_, _>>()))
    }
}

/// Cuts at commas that are neither quoted nor inside of a regular expression.
fn split(text: &str) -> Vec<&str> {
    let mut open = None;
    text.split(|c: char| {
        match (open, c) {
            (None, '"' | '%') => open = Some(c),
            (Some(quote), c) if quote == c => open = None,
            _ => {}
        }
        c == ',' && open.is_none()
    })
    .collect()
}

fn fields(message: &str) -> Vec<&str> {
    let mut fields = Vec::new();
    let mut rest = message.trim();
    while let Some(first) = rest.chars().next() {
        let close = match first {
            '"' => Some('"'),
            '[' => Some(']'),
            _ => None,
        };
        let quoted = close.and_then(|close| rest.get(1..)?.split_once(close));
        let (field, after) = match quoted {
            Some(found) => found,
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        fields.push(field);
        rest = after.trim_start();
    }
    fields
}
