//! Event patterns: what EventBridge rules and SNS filter policies let through.
//!
//! A pattern is compiled once and then only looks at events; both languages share the operators
//! (prefix, suffix, wildcard, equals-ignore-case, anything-but, numeric, cidr, exists, `$or`).
//! Knows nothing of rules, topics or deliveries.

mod matching;
mod parse;

use std::net::IpAddr;

use serde_json::Value;

pub(crate) use matching::glob;

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pattern {
    root: Fields,
}

/// All fields must match, and of each group of alternatives at least one.
#[derive(Debug, Clone, PartialEq, Default)]
struct Fields {
    fields: Vec<(String, Node)>,
    alternatives: Vec<Vec<Fields>>,
}

#[derive(Debug, Clone, PartialEq)]
enum Node {
    Fields(Fields),
    /// One of the rules must hold.
    Rules(Vec<Rule>),
}

#[derive(Debug, Clone, PartialEq)]
enum Rule {
    /// A text, number, boolean or null.
    Equals(Value),
    EqualsIgnoreCase(String),
    Prefix(String),
    PrefixIgnoreCase(String),
    Suffix(String),
    SuffixIgnoreCase(String),
    /// The pieces between the asterisks.
    Wildcard(Vec<String>),
    AnythingBut(Vec<Rule>),
    Numeric(Vec<(Comparison, f64)>),
    Exists(bool),
    Cidr(IpAddr, u8),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Pattern {
    /// Compiles a pattern from its JSON text. The error is the reason in AWS's words.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        parse::pattern(text)
    }

    /// Whether an event is let through.
    pub(crate) fn matches(&self, event: &Value) -> bool {
        matching::fields(&self.root, Some(event))
    }
}
