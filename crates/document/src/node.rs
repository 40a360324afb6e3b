//! A value and its place.

use std::ops::Range;

use serde_json::{Map, Number, Value};

/// A value and its place in the source.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Bytes of the text, with YAML's tag and anchor. Of an alias, those of the alias; what is
    /// inside lies where it is written.
    pub span: Range<usize>,
    /// The tag of YAML that stands before it: `!Ref`.
    pub tag: Option<String>,
    /// The value.
    pub kind: Kind,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    String(String),
    /// A list.
    Array(Vec<Node>),
    /// An object.
    Object(Vec<Member>),
}

/// A member of an object; a repeated key keeps all its members, and the last one counts.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key.
    pub key: String,
    /// Bytes of the key, with its quotes.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Node,
}

impl Node {
    /// A value without a tag.
    #[must_use]
    pub fn new(span: Range<usize>, kind: Kind) -> Self {
        Self {
            span,
            tag: None,
            kind,
        }
    }

    /// The member of this key; the last one, if there are several.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.member(key).map(|member| &member.value)
    }

    /// The member of this key, with the place of the key.
    #[must_use]
    pub fn member(&self, key: &str) -> Option<&Member> {
        self.members().iter().rev().find(|member| member.key == key)
    }

    /// Members of an object; none for anything else.
    #[must_use]
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// Items of a list; none for anything else.
    #[must_use]
    pub fn items(&self) -> &[Node] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a scalar: what a text says, and of anything else how it is written in the
    /// source. Nothing for lists and objects.
    #[must_use]
    pub fn scalar<'t>(&'t self, source: &'t str) -> Option<&'t str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            Kind::Array(_) | Kind::Object(_) => None,
            _ => source.get(self.span.clone()),
        }
    }

    /// Whether it is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        matches!(self.kind, Kind::Object(_))
    }

    /// The value without places and tags.
    #[must_use]
    pub fn to_value(&self) -> Value {
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

    /// Every member whose key was there before, with the JSON pointer of its object.
    #[must_use]
    pub fn duplicates(&self) -> Vec<(String, &Member)> {
        let mut found = Vec::new();
        self.find_duplicates("", &mut found);
        found
    }

    fn find_duplicates<'n>(&'n self, at: &str, found: &mut Vec<(String, &'n Member)>) {
        let mut seen = std::collections::HashSet::new();
        for member in self.members() {
            if !seen.insert(member.key.as_str()) {
                found.push((at.to_owned(), member));
            }
            let below = format!("{at}/{}", member.key);
            member.value.find_duplicates(&below, found);
        }
        for (index, item) in self.items().iter().enumerate() {
            item.find_duplicates(&format!("{at}/{index}"), found);
        }
    }

    /// The first value with a tag.
    #[must_use]
    pub fn tagged(&self) -> Option<&Node> {
        if self.tag.is_some() {
            return Some(self);
        }
        let members = self.members().iter().map(|member| &member.value);
        members.chain(self.items()).find_map(Node::tagged)
    }
}
