//! `[?(…)]`: conditions on items.

use std::borrow::Cow;

use serde_json::Value;

use super::parse::{Cursor, segments};
use super::select::Visits;
use super::{Segment, select};

/// Nested conditions beyond this are refused.
const MAX_DEPTH: usize = 32;

#[derive(Debug, Clone)]
pub(super) enum Filter {
    Or(Vec<Filter>),
    And(Vec<Filter>),
    Not(Box<Filter>),
    Exists(Vec<Segment>),
    Compare(Operand, Operator, Operand),
}

#[derive(Debug, Clone)]
pub(super) enum Operand {
    /// `@…`
    Item(Vec<Segment>),
    /// `$…`
    Root(Vec<Segment>),
    Literal(Value),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Equal,
    NotEqual,
    LessEqual,
    GreaterEqual,
    Less,
    Greater,
    In,
    NotIn,
}

const OPERATORS: [(&str, Operator); 8] = [
    ("==", Operator::Equal),
    ("!=", Operator::NotEqual),
    ("<=", Operator::LessEqual),
    (">=", Operator::GreaterEqual),
    ("<", Operator::Less),
    (">", Operator::Greater),
    ("in ", Operator::In),
    ("nin ", Operator::NotIn),
];

/// Reads `(…)`; the `?` was read.
pub(super) fn parse(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    if depth > MAX_DEPTH {
        return Err("conditions nest too deep".to_owned());
    }
    cursor.expect("(")?;
    let filter = either(cursor, depth)?;
    cursor.expect(")")?;
    Ok(filter)
}

fn either(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    let mut any = vec![both(cursor, depth)?];
    cursor.space();
    while cursor.eat("||") {
        any.push(both(cursor, depth)?);
        cursor.space();
    }
    Ok(Filter::Or(any))
}

fn both(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    let mut all = vec![condition(cursor, depth)?];
    cursor.space();
    while cursor.eat("&&") {
        all.push(condition(cursor, depth)?);
        cursor.space();
    }
    Ok(Filter::And(all))
}

fn condition(cursor: &mut Cursor<'_>, depth: usize) -> Result<Filter, String> {
    cursor.space();
    if cursor.peek() == Some('!') {
        cursor.at += 1;
        if depth > MAX_DEPTH {
            return Err("conditions nest too deep".to_owned());
        }
        return condition(cursor, depth + 1).map(|inner| Filter::Not(Box::new(inner)));
    }
    if cursor.peek() == Some('(') {
        return parse(cursor, depth + 1);
    }
    let left = operand(cursor, depth)?;
    cursor.space();
    for (token, operator) in OPERATORS {
        if cursor.eat(token) {
            cursor.space();
            return Ok(Filter::Compare(left, operator, operand(cursor, depth)?));
        }
    }
    match left {
        Operand::Item(segments) => Ok(Filter::Exists(segments)),
        Operand::Literal(_) | Operand::Root(_) => {
            Err(format!("expected an operator at position {}", cursor.at))
        }
    }
}

fn operand(cursor: &mut Cursor<'_>, depth: usize) -> Result<Operand, String> {
    match cursor.peek() {
        Some('@') => {
            cursor.at += 1;
            segments(cursor, depth).map(Operand::Item)
        }
        Some('$') => {
            cursor.at += 1;
            segments(cursor, depth).map(Operand::Root)
        }
        Some('\'') => cursor.quoted().map(|text| Operand::Literal(text.into())),
        Some('[') => {
            cursor.at += 1;
            let mut items = Vec::new();
            loop {
                cursor.space();
                if cursor.eat("]") {
                    return Ok(Operand::Literal(Value::Array(items)));
                }
                if depth > MAX_DEPTH {
                    return Err("lists nest too deep".to_owned());
                }
                match operand(cursor, depth + 1)? {
                    Operand::Literal(value) => items.push(value),
                    Operand::Item(_) | Operand::Root(_) => {
                        return Err("a list holds literals only".to_owned());
                    }
                }
                cursor.space();
                cursor.eat(",");
            }
        }
        Some('"') => cursor.quoted().map(|text| Operand::Literal(text.into())),
        _ => {
            let word =
                cursor.take_while(|c| c.is_alphanumeric() || matches!(c, '-' | '+' | '.' | '_'));
            if word.is_empty() {
                return Err(format!("a value is missing at position {}", cursor.at));
            }
            // A word without quotes is a text.
            let value = serde_json::from_str(word).unwrap_or_else(|_| Value::from(word));
            Ok(Operand::Literal(value))
        }
    }
}

impl Filter {
    pub(super) fn accepts(&self, item: &Value, root: &Value, visits: &Visits) -> bool {
        match self {
            Self::Or(any) => any.iter().any(|filter| filter.accepts(item, root, visits)),
            Self::And(all) => all.iter().all(|filter| filter.accepts(item, root, visits)),
            Self::Not(inner) => !inner.accepts(item, root, visits),
            Self::Exists(segments) => !select::find(item, segments, visits).is_empty(),
            Self::Compare(left, operator, right) => compare(
                left.value(item, root, visits).as_deref(),
                *operator,
                right.value(item, root, visits).as_deref(),
            ),
        }
    }
}

impl Operand {
    fn value<'v>(
        &'v self,
        item: &'v Value,
        root: &'v Value,
        visits: &Visits,
    ) -> Option<Cow<'v, Value>> {
        match self {
            Self::Literal(value) => Some(Cow::Borrowed(value)),
            Self::Item(segments) => select::select_within(item, segments, visits).ok(),
            Self::Root(segments) => select::select_within(root, segments, visits).ok(),
        }
    }
}

fn compare(left: Option<&Value>, operator: Operator, right: Option<&Value>) -> bool {
    let (Some(left), Some(right)) = (left, right) else {
        return operator == Operator::NotEqual && (left.is_some() || right.is_some());
    };
    let order = match (left, right) {
        (Value::Number(a), Value::Number(b)) => a.as_f64().partial_cmp(&b.as_f64()),
        (Value::String(a), Value::String(b)) => Some(a.cmp(b)),
        _ => None,
    };
    let equal = order.map_or_else(|| left == right, std::cmp::Ordering::is_eq);
    match operator {
        Operator::Equal => equal,
        Operator::NotEqual => !equal,
        Operator::Less => order.is_some_and(std::cmp::Ordering::is_lt),
        Operator::Greater => order.is_some_and(std::cmp::Ordering::is_gt),
        Operator::LessEqual => order.is_some_and(std::cmp::Ordering::is_le),
        Operator::GreaterEqual => order.is_some_and(std::cmp::Ordering::is_ge),
        Operator::In => right.as_array().is_some_and(|list| list.contains(left)),
        Operator::NotIn => right.as_array().is_none_or(|list| !list.contains(left)),
    }
}
