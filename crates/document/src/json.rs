//! Reads JSON, and refuses it in the words of the reader that AWS uses.

use serde_json::Number;

use crate::{Fault, Kind, Member, Node};

/// Deeper documents are refused; every later pass may recurse.
const MAX_DEPTH: usize = 128;

/// Reads one value that fills the whole text.
///
/// # Errors
/// When the text is not JSON, or nests too deeply.
pub fn read(text: &str) -> Result<Node, Fault> {
    let mut reader = Reader { text, at: 0 };
    reader.space();
    let node = reader.value(0)?;
    reader.space();
    match reader.peek() {
        None => Ok(node),
        Some(found) => Err(reader.unexpected(found, "expected end of input")),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault {
            at: self.at,
            message: message.into(),
        }
    }

    fn end(&self) -> Fault {
        self.fault("Unexpected end-of-input")
    }

    fn unexpected(&self, found: char, expected: &str) -> Fault {
        self.fault(format!(
            "Unexpected character ('{found}' (code {})): {expected}",
            found as u32
        ))
    }

    fn value(&mut self, depth: usize) -> Result<Node, Fault> {
        if depth > MAX_DEPTH {
            return Err(self.fault(format!("Document nests deeper than {MAX_DEPTH} levels")));
        }
        let start = self.at;
        let kind = match self.peek() {
            None => return Err(self.end()),
            Some('{') => self.object(depth)?,
            Some('[') => self.array(depth)?,
            Some('"') => Kind::String(self.string()?),
            Some('-' | '0'..='9') => self.number()?,
            Some(found) if found.is_ascii_alphabetic() => self.word()?,
            Some(found) => {
                return Err(self.unexpected(
                    found,
                    "expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
                ));
            }
        };
        Ok(Node::new(start..self.at, kind))
    }

    fn object(&mut self, depth: usize) -> Result<Kind, Fault> {
        self.at += 1;
        let mut members = Vec::new();
        self.space();
        if self.peek() == Some('}') {
            self.at += 1;
            return Ok(Kind::Object(members));
        }
        loop {
            self.space();
            let start = self.at;
            match self.peek() {
                Some('"') => {}
                Some(found) => {
                    return Err(
                        self.unexpected(found, "was expecting double-quote to start field name")
                    );
                }
                None => return Err(self.end()),
            }
            let key = self.string()?;
            let key_span = start..self.at;
            self.space();
            match self.peek() {
                Some(':') => self.at += 1,
                Some(found) => {
                    return Err(self.unexpected(
                        found,
                        "was expecting a colon to separate field name and value",
                    ));
                }
                None => return Err(self.end()),
            }
            self.space();
            let value = self.value(depth + 1)?;
            members.push(Member {
                key,
                key_span,
                value,
            });
            self.space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some('}') => {
                    self.at += 1;
                    return Ok(Kind::Object(members));
                }
                Some(found) => {
                    return Err(
                        self.unexpected(found, "was expecting comma to separate Object entries")
                    );
                }
                None => return Err(self.end()),
            }
        }
    }

    fn array(&mut self, depth: usize) -> Result<Kind, Fault> {
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(']') {
            self.at += 1;
            return Ok(Kind::Array(items));
        }
        loop {
            self.space();
            items.push(self.value(depth + 1)?);
            self.space();
            match self.peek() {
                Some(',') => self.at += 1,
                Some(']') => {
                    self.at += 1;
                    return Ok(Kind::Array(items));
                }
                Some(found) => {
                    return Err(
                        self.unexpected(found, "was expecting comma to separate Array entries")
                    );
                }
                None => return Err(self.end()),
            }
        }
    }

    fn string(&mut self) -> Result<String, Fault> {
        let bytes = self.text.as_bytes();
        let mut end = self.at + 1;
        loop {
            match bytes.get(end) {
                None => return Err(self.end()),
                Some(b'"') => break,
                Some(b'\\') => end += 2,
                Some(_) => end += 1,
            }
        }
        let raw = self.text.get(self.at..=end).unwrap_or_default();
        match serde_json::from_str::<String>(raw) {
            Ok(text) => {
                self.at = end + 1;
                Ok(text)
            }
            Err(error) => Err(self.fault(format!("Illegal string: {error}"))),
        }
    }

    fn number(&mut self) -> Result<Kind, Fault> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'))
            .unwrap_or(rest.len());
        let raw = rest.get(..length).unwrap_or_default();
        match serde_json::from_str::<Number>(raw) {
            Ok(number) => {
                self.at += length;
                Ok(Kind::Number(number))
            }
            Err(_) => Err(self.fault(format!("Malformed number '{raw}'"))),
        }
    }

    fn word(&mut self) -> Result<Kind, Fault> {
        let rest = self.rest();
        let length = rest
            .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
            .unwrap_or(rest.len());
        let word = rest.get(..length).unwrap_or_default();
        let kind = match word {
            "null" => Kind::Null,
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            _ => {
                return Err(Fault {
                    at: self.at + length,
                    message: format!(
                        "Unrecognized token '{word}': was expecting (JSON String, Number, Array, \
                         Object or token 'null', 'true' or 'false')"
                    ),
                });
            }
        };
        self.at += length;
        Ok(kind)
    }
}
