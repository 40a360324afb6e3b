//! A JSON reader that remembers where everything stands. Not a general one: definitions only.

use std::ops::Range;

use serde_json::{Map, Number, Value};

/// Deeper definitions are refused; every later pass may recurse.
const MAX_DEPTH: usize = 128;

/// A value and its place in the source.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) span: Range<usize>,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Node>),
    Object(Vec<Member>),
}

/// A member of an object; a repeated key keeps all its members, and the last one counts.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    pub(crate) key: String,
    pub(crate) key_span: Range<usize>,
    pub(crate) value: Node,
}

/// Where and why the text is not JSON.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) message: String,
}

impl Node {
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.members()
            .iter()
            .rev()
            .find(|member| member.key == key)
            .map(|member| &member.value)
    }

    pub(crate) fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    pub(crate) fn to_value(&self) -> Value {
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(flag) => Value::Bool(*flag),
            Kind::Number(number) => Value::Number(number.clone()),
            Kind::String(text) => Value::String(text.clone()),
            Kind::Array(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Kind::Object(members) => {
                let mut map = Map::new();
                for member in members {
                    map.insert(member.key.clone(), member.value.to_value());
                }
                Value::Object(map)
            }
        }
    }
}

/// Reads one value that fills the whole text.
pub(crate) fn read(text: &str) -> Result<Node, Fault> {
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
        Ok(Node {
            span: start..self.at,
            kind,
        })
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
