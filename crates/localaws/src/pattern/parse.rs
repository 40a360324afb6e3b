//! From JSON to patterns. Refuses what AWS refuses, in the words of its open-source rule engine
//! (aws/event-ruler).

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::{Comparison, Fields, Node, Pattern, Rule};

pub(super) fn pattern(text: &str) -> Result<Pattern, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
    let Value::Object(object) = value else {
        return Err("Filter is not an object".to_owned());
    };
    if object.is_empty() {
        return Err("Empty objects are not allowed".to_owned());
    }
    Ok(Pattern {
        root: fields(&object)?,
    })
}

fn fields(object: &Map<String, Value>) -> Result<Fields, String> {
    let mut compiled = Fields::default();
    for (name, value) in object {
        match value {
            Value::Array(list) if name == "$or" && list.iter().all(Value::is_object) => {
                compiled.alternatives.push(alternatives(list)?);
            }
            Value::Object(inner) if inner.is_empty() => {
                return Err("Empty objects are not allowed".to_owned());
            }
            Value::Object(inner) => {
                let node = Node::Fields(fields(inner)?);
                compiled.fields.push((name.clone(), node));
            }
            Value::Array(list) if list.is_empty() => {
                return Err("Empty arrays are not allowed".to_owned());
            }
            Value::Array(list) => {
                let rules: Result<_, _> = list.iter().map(rule).collect();
                compiled.fields.push((name.clone(), Node::Rules(rules?)));
            }
            _ => return Err(format!("\"{name}\" must be an object or an array")),
        }
    }
    Ok(compiled)
}

fn alternatives(list: &[Value]) -> Result<Vec<Fields>, String> {
    if list.len() < 2 {
        return Err("There must have at least 2 Objects in $or relationship.".to_owned());
    }
    let objects = list.iter().filter_map(Value::as_object);
    objects
        .map(|object| match object.is_empty() {
            true => Err("Empty objects are not allowed".to_owned()),
            false => fields(object),
        })
        .collect()
}

fn rule(value: &Value) -> Result<Rule, String> {
    match value {
        Value::Array(_) => {
            Err("Match value must be String, number, true, false, or null".to_owned())
        }
        Value::Object(object) => {
            let mut members = object.iter();
            let Some((name, operand)) = members.next() else {
                return Err("Empty objects are not allowed".to_owned());
            };
            if members.next().is_some() {
                return Err("Only one key allowed in match expression".to_owned());
            }
            operator(name, operand)
        }
        literal => Ok(Rule::Equals(literal.clone())),
    }
}

fn operator(name: &str, operand: &Value) -> Result<Rule, String> {
    let text = || match operand {
        Value::String(text) if text.is_empty() => Err("Null prefix/suffix not allowed".to_owned()),
        Value::String(text) => Ok(text.clone()),
        _ => Err(format!("{name} match pattern must be a string")),
    };
    let ignoring_case = operand.get("equals-ignore-case").and_then(Value::as_str);
    match name {
        "prefix" => match ignoring_case {
            Some(text) => Ok(Rule::PrefixIgnoreCase(text.to_lowercase())),
            None if operand == "" => Ok(Rule::Prefix(String::new())),
            None => text().map(Rule::Prefix),
        },
        "suffix" => match ignoring_case {
            Some(text) => Ok(Rule::SuffixIgnoreCase(text.to_lowercase())),
            None if operand == "" => Ok(Rule::Suffix(String::new())),
            None => text().map(Rule::Suffix),
        },
        "equals-ignore-case" => match operand {
            Value::String(text) => Ok(Rule::EqualsIgnoreCase(text.to_lowercase())),
            _ => Err("equals-ignore-case match pattern must be a string".to_owned()),
        },
        "wildcard" => match operand {
            Value::String(text) => wildcard(text),
            _ => Err("wildcard match pattern must be a string".to_owned()),
        },
        "anything-but" => anything_but(operand).map(Rule::AnythingBut),
        "numeric" => numeric(operand).map(Rule::Numeric),
        "exists" => match operand {
            Value::Bool(flag) => Ok(Rule::Exists(*flag)),
            _ => Err("exists match pattern must be either true or false.".to_owned()),
        },
        "cidr" => cidr(operand),
        "exactly" => text().map(|text| Rule::Equals(Value::String(text))),
        _ => Err(format!("Unrecognized match type {name}")),
    }
}

/// Splits at asterisks; `\*` is an asterisk and `\\` a backslash.
fn wildcard(text: &str) -> Result<Rule, String> {
    let (mut pieces, mut piece) = (Vec::new(), String::new());
    let mut letters = text.chars().enumerate();
    let mut last_was_star = false;
    while let Some((at, letter)) = letters.next() {
        match letter {
            '*' if last_was_star => {
                return Err(format!("Consecutive wildcard characters at pos {}", at - 1));
            }
            '*' => pieces.push(std::mem::take(&mut piece)),
            '\\' => match letters.next() {
                Some((_, next @ ('*' | '\\'))) => piece.push(next),
                _ => return Err(format!("Invalid escape character at pos {at}")),
            },
            other => piece.push(other),
        }
        last_was_star = letter == '*';
    }
    pieces.push(piece);
    Ok(Rule::Wildcard(pieces))
}

fn anything_but(operand: &Value) -> Result<Vec<Rule>, String> {
    let one = |value: &Value| match value {
        Value::String(_) | Value::Number(_) => Ok(Rule::Equals(value.clone())),
        _ => Err("Inside anything but list, start|null|boolean is not supported.".to_owned()),
    };
    match operand {
        Value::Array(list) if list.is_empty() => Err("Empty arrays are not allowed".to_owned()),
        Value::Array(list) => list.iter().map(one).collect(),
        Value::Object(object) => {
            let mut members = object.iter();
            let (Some((name, operand)), None) = (members.next(), members.next()) else {
                return Err("Only one key allowed in match expression".to_owned());
            };
            if !matches!(
                name.as_str(),
                "prefix" | "suffix" | "equals-ignore-case" | "wildcard"
            ) {
                return Err(format!("Unsupported anything-but pattern: {name}"));
            }
            match operand {
                Value::Array(list) => list.iter().map(|one| operator(name, one)).collect(),
                one => Ok(vec![operator(name, one)?]),
            }
        }
        Value::Null | Value::Bool(_) => {
            Err("Value of anything-but must be an array or single string/number value.".to_owned())
        }
        single => Ok(vec![one(single)?]),
    }
}

fn numeric(operand: &Value) -> Result<Vec<(Comparison, f64)>, String> {
    let Value::Array(list) = operand else {
        return Err("Value of numeric must be an array.".to_owned());
    };
    if list.is_empty() {
        return Err("Invalid member in numeric match: ]".to_owned());
    }
    let mut bounds = Vec::new();
    for pair in list.chunks(2) {
        let comparison = match pair.first() {
            Some(Value::String(text)) => match text.as_str() {
                "=" => Comparison::Equal,
                "<" => Comparison::Less,
                "<=" => Comparison::LessOrEqual,
                ">" => Comparison::Greater,
                ">=" => Comparison::GreaterOrEqual,
                other => return Err(format!("Unrecognized numeric range operator: {other}")),
            },
            Some(other) => return Err(format!("Invalid member in numeric match: {other}")),
            None => return Err("Invalid member in numeric match: ]".to_owned()),
        };
        let Some(number) = pair.get(1).and_then(Value::as_f64) else {
            let name = pair.first().and_then(Value::as_str).unwrap_or_default();
            let name = if name == "=" { "equals" } else { name };
            return Err(format!("Value of {name} must be numeric"));
        };
        bounds.push((comparison, number));
    }
    match bounds.as_slice() {
        [_] => {}
        [
            (Comparison::Greater | Comparison::GreaterOrEqual, bottom),
            (Comparison::Less | Comparison::LessOrEqual, top),
        ] => {
            if bottom >= top {
                return Err("Bottom must be less than top".to_owned());
            }
        }
        _ => return Err("Too many elements in numeric expression".to_owned()),
    }
    Ok(bounds)
}

fn cidr(operand: &Value) -> Result<Rule, String> {
    let Value::String(text) = operand else {
        return Err("prefix match pattern must be a string".to_owned());
    };
    let (address, bits) = match text.split_once('/') {
        Some((_, bits)) if bits.contains('/') => {
            return Err("Malformed CIDR, one '/' required".to_owned());
        }
        Some((address, bits)) => (address, Some(bits)),
        None => (text.as_str(), None),
    };
    let parsed: IpAddr = address
        .parse()
        .map_err(|_| format!("Nonstandard IP address: {address}"))?;
    let most = if parsed.is_ipv4() { 32 } else { 128 };
    let bits = match bits {
        None => most,
        Some(bits) => bits
            .parse()
            .map_err(|_| "Malformed CIDR, mask bits must be an integer".to_owned())?,
    };
    if bits > most {
        return Err(format!("IP address mask bits must not exceed {most}"));
    }
    Ok(Rule::Cidr(parsed, bits))
}
