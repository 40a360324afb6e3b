//! Filter patterns over JSON: `{ $.level = "warn" && ($.n > 3 || $.user.ip = 10.0.*) }`.

use regex::Regex;
use serde_json::Value;

use crate::AwsError;

use super::model::invalid;

/// A parsed pattern.
#[derive(Debug)]
pub(super) struct JsonPattern(Condition);

/// What must hold of a value.
#[derive(Debug)]
pub(super) enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Compare(Vec<Step>, Operator, Operand),
    Is(Vec<Step>, Value),
    Exists(Vec<Step>, bool),
}

#[derive(Debug)]
pub(super) enum Step {
    Member(String),
    Index(usize),
    Each,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Debug)]
pub(super) enum Operand {
    Number(f64),
    /// A number, also where it is written as text.
    Written(f64),
    Text(Regex),
}

impl JsonPattern {
    pub(super) fn parse(source: &str) -> Result<Self, AwsError> {
        let inner = source
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .ok_or_else(|| wrong("a JSON pattern ends with }"))?;
        Parser::new(inner, false).whole().map(Self)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        serde_json::from_str(message).is_ok_and(|value| self.0.holds(&value))
    }
}

/// What a selector such as `$.a.b` finds in a message: a text, a number or a truth value.
pub(super) fn selected(message: &str, selector: &str) -> Option<String> {
    let mut parser = Parser::new(selector, false);
    let path = parser.path().ok().filter(|_| parser.rest.is_empty())?;
    let message = serde_json::from_str(message).ok()?;
    match select(&message, &path).first()? {
        Value::String(text) => Some(text.clone()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
        other => Some(other.to_string()),
    }
}

pub(super) fn wrong(why: &str) -> AwsError {
    invalid(format!("Invalid filter pattern: {why}"))
}

impl Condition {
    pub(super) fn holds(&self, root: &Value) -> bool {
        match self {
            Self::All(all) => all.iter().all(|one| one.holds(root)),
            Self::Any(any) => any.iter().any(|one| one.holds(root)),
            Self::Compare(path, operator, operand) => select(root, path)
                .into_iter()
                .any(|value| operand.compares(value, *operator)),
            Self::Is(path, expected) => select(root, path).contains(&expected),
            Self::Exists(path, expected) => select(root, path).is_empty() != *expected,
        }
    }
}

impl Operator {
    fn holds(self, value: f64, number: f64) -> bool {
        match self {
            Self::Equal => value == number,
            Self::NotEqual => value != number,
            Self::Less => value < number,
            Self::LessOrEqual => value <= number,
            Self::Greater => value > number,
            Self::GreaterOrEqual => value >= number,
        }
    }
}

impl Operand {
    fn compares(&self, value: &Value, operator: Operator) -> bool {
        match self {
            Self::Number(number) => value
                .as_f64()
                .is_some_and(|value| operator.holds(value, *number)),
            Self::Written(number) => value
                .as_str()
                .and_then(|text| text.parse().ok())
                .is_some_and(|value| operator.holds(value, *number)),
            Self::Text(regex) => {
                let text = match value {
                    Value::String(text) => text.clone(),
                    Value::Number(_) | Value::Bool(_) => value.to_string(),
                    _ => return false,
                };
                regex.is_match(&text) == (operator == Operator::Equal)
            }
        }
    }
}

fn select<'a>(root: &'a Value, path: &[Step]) -> Vec<&'a Value> {
    let mut found = vec![root];
    for step in path {
        found = found
            .into_iter()
            .flat_map(|value| match step {
                Step::Member(name) => value.get(name).into_iter().collect(),
                Step::Index(index) => value.get(index).into_iter().collect(),
                Step::Each => value.as_array().into_iter().flatten().collect::<Vec<_>>(),
            })
            .collect();
    }
    found
}

/// Reads conditions.
pub(super) struct Parser<'a> {
    rest: &'a str,
    /// Whether paths are names of fields and all values text.
    fields: bool,
}

impl<'a> Parser<'a> {
    fn new(rest: &'a str, fields: bool) -> Self {
        Self { rest, fields }
    }

    /// The name of a field and the condition on it.
    pub(super) fn field(source: &'a str) -> Result<(String, Condition), AwsError> {
        let condition = Self::new(source, true).whole()?;
        let name = source.trim_start_matches(['(', ' ']);
        let end = name.find(|c: char| !is_name(c)).unwrap_or(name.len());
        Ok((name.get(..end).unwrap_or_default().to_owned(), condition))
    }

    fn whole(mut self) -> Result<Condition, AwsError> {
        let condition = self.any()?;
        self.space();
        match self.rest.is_empty() {
            true => Ok(condition),
            false => Err(wrong(&format!("unexpected `{}`", self.rest))),
        }
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, token: &str) -> bool {
        self.space();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Takes a word whatever its case.
    fn takes_word(&mut self, word: &str) -> bool {
        self.space();
        let found = self.rest.get(..word.len());
        if found.is_some_and(|found| found.eq_ignore_ascii_case(word)) {
            self.rest = &self.rest[word.len()..];
            return true;
        }
        false
    }

    fn any(&mut self) -> Result<Condition, AwsError> {
        let mut any = vec![self.all()?];
        while self.takes("||") {
            any.push(self.all()?);
        }
        Ok(Condition::Any(any))
    }

    fn all(&mut self) -> Result<Condition, AwsError> {
        let mut all = vec![self.one()?];
        while self.takes("&&") {
            all.push(self.one()?);
        }
        Ok(Condition::All(all))
    }

    fn one(&mut self) -> Result<Condition, AwsError> {
        if self.takes("(") {
            let inner = self.any()?;
            return match self.takes(")") {
                true => Ok(inner),
                false => Err(wrong("a parenthesis is not closed")),
            };
        }
        let path = self.path()?;
        if self.takes_word("NOT EXISTS") {
            return Ok(Condition::Exists(path, false));
        }
        if self.takes_word("EXISTS") {
            return Ok(Condition::Exists(path, true));
        }
        if self.takes_word("IS ") {
            for (word, value) in [
                ("TRUE", Value::Bool(true)),
                ("FALSE", Value::Bool(false)),
                ("NULL", Value::Null),
            ] {
                if self.takes_word(word) {
                    return Ok(Condition::Is(path, value));
                }
            }
            return Err(wrong("IS is followed by TRUE, FALSE or NULL"));
        }
        // Longer operators come first, or `<` would be found in `<=`.
        for (token, operator) in [
            ("!=", Operator::NotEqual),
            ("<=", Operator::LessOrEqual),
            (">=", Operator::GreaterOrEqual),
            ("=", Operator::Equal),
            ("<", Operator::Less),
            (">", Operator::Greater),
        ] {
            if self.takes(token) {
                let operand = self.operand(operator)?;
                return Ok(Condition::Compare(path, operator, operand));
            }
        }
        Err(wrong("an operator is missing"))
    }

    fn path(&mut self) -> Result<Vec<Step>, AwsError> {
        if self.fields {
            self.space();
            let end = self.rest.find(|c: char| !is_name(c));
            let (name, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            self.rest = after;
            return Ok(vec![Step::Member(name.to_owned())]);
        }
        if !self.takes("$") {
            return Err(wrong("a selector begins with $"));
        }
        let mut steps = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                let end = rest.find(|c: char| !c.is_alphanumeric() && !"_-@#$:".contains(c));
                let end = end.unwrap_or(rest.len());
                if end == 0 {
                    return Err(wrong("a name is missing after `.`"));
                }
                steps.push(Step::Member(rest[..end].to_owned()));
                self.rest = &rest[end..];
            } else if let Some(rest) = self.rest.strip_prefix('[') {
                let (inner, after) = rest
                    .split_once(']')
                    .ok_or_else(|| wrong("a bracket is not closed"))?;
                let name = inner.trim_matches(['\'', '"']);
                steps.push(match inner {
                    "*" => Step::Each,
                    _ if name.len() + 2 == inner.len() => Step::Member(name.to_owned()),
                    _ => Step::Index(inner.parse().map_err(|_| wrong("an index is a number"))?),
                });
                self.rest = after;
            } else {
                return Ok(steps);
            }
        }
    }

    fn operand(&mut self, operator: Operator) -> Result<Operand, AwsError> {
        self.space();
        let numeric_only = !matches!(operator, Operator::Equal | Operator::NotEqual);
        let (text, quoted) = match self.rest.chars().next() {
            Some(quote @ ('"' | '%')) => {
                let (inner, after) = self.rest[1..]
                    .split_once(quote)
                    .ok_or_else(|| wrong("a quotation is not closed"))?;
                self.rest = after;
                if quote == '%' {
                    return Regex::new(inner)
                        .map(Operand::Text)
                        .map_err(|error| wrong(&format!("regular expression: {error}")));
                }
                (inner, true)
            }
            _ => {
                let end = self
                    .rest
                    .find(|c: char| c.is_whitespace() || "()&|".contains(c));
                let (word, after) = self.rest.split_at(end.unwrap_or(self.rest.len()));
                self.rest = after;
                (word, false)
            }
        };
        if text.is_empty() && !quoted {
            return Err(wrong("a value is missing"));
        }
        if let (false, Ok(number)) = (quoted, text.parse()) {
            return Ok(match self.fields {
                true => Operand::Written(number),
                false => Operand::Number(number),
            });
        }
        if numeric_only {
            return Err(wrong("only numbers are greater or less"));
        }
        let wildcard = regex::escape(text).replace("\\*", ".*");
        Regex::new(&format!("(?s)^{wildcard}$"))
            .map(Operand::Text)
            .map_err(|error| wrong(&error.to_string()))
    }
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}
