//! The comparisons of JSONPath's choice rules. The wrong type is false, never an error.

use std::borrow::Cow;
use std::cmp::Ordering as Order;

use serde_json::Value;

use crate::env::{Env, Fault};
use crate::jsonpath::Path;
use crate::machine::Comparand;
use crate::parse::{Operator, Ordering, parse_timestamp};

pub(super) fn holds(
    variable: &Path,
    operator: Operator,
    comparand: &Comparand,
    env: &Env<'_>,
) -> Result<bool, Fault> {
    let expected = |flag: bool| match comparand {
        Comparand::Literal(Value::Bool(expected)) => flag == *expected,
        _ => flag,
    };
    let found = variable.select(env);
    if operator == Operator::IsPresent {
        return Ok(expected(found.is_ok()));
    }
    let found = found.map_err(|why| {
        Fault::runtime(format!("Invalid path '{}': The choice state's condition path references an invalid value. {why}", variable.text()))
    })?;
    let test = match operator {
        Operator::IsNull => Some(found.is_null()),
        Operator::IsNumeric => Some(found.is_number()),
        Operator::IsString => Some(found.is_string()),
        Operator::IsBoolean => Some(found.is_boolean()),
        Operator::IsTimestamp => Some(found.as_str().and_then(parse_timestamp).is_some()),
        _ => None,
    };
    if let Some(test) = test {
        return Ok(expected(test));
    }
    let other = match comparand {
        Comparand::Literal(value) => Cow::Borrowed(value),
        Comparand::Path(path) => path.borrow_plain(env)?,
    };
    Ok(match operator {
        Operator::StringMatches => match (found.as_str(), other.as_str()) {
            (Some(text), Some(pattern)) => matches(text, pattern),
            _ => false,
        },
        Operator::BooleanEquals => match (found.as_bool(), other.as_bool()) {
            (Some(a), Some(b)) => a == b,
            _ => false,
        },
        Operator::String(ordering) => match (found.as_str(), other.as_str()) {
            (Some(a), Some(b)) => fits(ordering, a.encode_utf16().cmp(b.encode_utf16())),
            _ => false,
        },
        Operator::Numeric(ordering) => match (found.as_ref(), other.as_ref()) {
            (Value::Number(a), Value::Number(b)) => {
                let order = match (a.as_i64(), b.as_i64()) {
                    (Some(a), Some(b)) => Some(a.cmp(&b)),
                    _ => a.as_f64().partial_cmp(&b.as_f64()),
                };
                order.is_some_and(|order| fits(ordering, order))
            }
            _ => false,
        },
        Operator::Timestamp(ordering) => {
            let time = |value: &Value| value.as_str().and_then(parse_timestamp);
            match (time(&found), time(&other)) {
                (Some(a), Some(b)) => fits(ordering, a.cmp(&b)),
                _ => false,
            }
        }
        _ => false,
    })
}

fn fits(ordering: Ordering, order: Order) -> bool {
    match ordering {
        Ordering::Equals => order.is_eq(),
        Ordering::LessThan => order.is_lt(),
        Ordering::GreaterThan => order.is_gt(),
        Ordering::LessThanEquals => order.is_le(),
        Ordering::GreaterThanEquals => order.is_ge(),
    }
}

/// `*` stands for any text, `\*` for a star. Linear: only the last star is ever retried.
fn matches(text: &str, pattern: &str) -> bool {
    let mut parts: Vec<Option<char>> = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '*' => None,
            '\\' => chars.next().or(Some('\\')),
            other => Some(other),
        });
    }
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut part) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < text.len() {
        match parts.get(part) {
            Some(None) => {
                star = Some((part, at));
                part += 1;
            }
            Some(Some(c)) if text.get(at) == Some(c) => {
                at += 1;
                part += 1;
            }
            _ => match &mut star {
                Some((star_part, star_at)) => {
                    *star_at += 1;
                    at = *star_at;
                    part = *star_part + 1;
                }
                None => return false,
            },
        }
    }
    parts
        .get(part..)
        .unwrap_or_default()
        .iter()
        .all(Option::is_none)
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn patterns() {
        for (text, pattern, expected) in [
            ("log-2026.txt", "log-*.txt", true),
            ("log.txt", "log-*.txt", false),
            ("a*b", "a\\*b", true),
            ("axb", "a\\*b", false),
            ("", "*", true),
            ("aab", "*ab", true),
            ("ab", "ab", true),
            ("abc", "ab", false),
        ] {
            assert_eq!(matches(text, pattern), expected, "{text} {pattern}");
        }
    }
}
