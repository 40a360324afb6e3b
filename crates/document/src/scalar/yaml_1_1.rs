//! Numbers of YAML 1.1 as CloudFormation reads them.
//!
//! `010` is eight. Dates stay text, as `AWSTemplateFormatVersion: 2010-09-09` shows, and so does
//! `1:30`, which YAML 1.1 would take for ninety.

use serde_json::Number;

pub(super) fn number(text: &str) -> Option<Number> {
    integer(text).or_else(|| float(text))
}

fn integer(text: &str) -> Option<Number> {
    let (negative, digits) = match text.as_bytes() {
        [b'-', ..] => (true, text.get(1..)?),
        [b'+', ..] => (false, text.get(1..)?),
        _ => (false, text),
    };
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let clean = digits.replace('_', "");
    let (digits, radix) = if let Some(hex) = clean.strip_prefix("0x") {
        (hex, 16)
    } else if let Some(binary) = clean.strip_prefix("0b") {
        (binary, 2)
    } else if clean.len() > 1 && clean.starts_with('0') {
        (clean.as_str(), 8)
    } else {
        (clean.as_str(), 10)
    };
    if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
        return None;
    }
    let value = i128::from_str_radix(digits, radix).ok()?;
    let value = if negative { -value } else { value };
    match (i64::try_from(value), u64::try_from(value)) {
        (Ok(small), _) => Some(Number::from(small)),
        (_, Ok(large)) => Some(Number::from(large)),
        _ => None,
    }
}

fn float(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
    let begins = unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.');
    let only = unsigned
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E' | '+' | '-'));
    // Without a point it is no float in YAML 1.1: `1e3` is text.
    if !begins || !only || !unsigned.contains('.') || unsigned == "." {
        return None;
    }
    let value: f64 = text.replace('_', "").parse().ok()?;
    Number::from_f64(value)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::{Node, Scalars};

    #[test]
    fn scalars_are_read_as_yaml_1_1() {
        let cases = [
            ("yes", json!(true)),
            ("Off", json!(false)),
            ("y", json!("y")),
            ("~", json!(null)),
            ("", json!(null)),
            ("012", json!(10)),
            ("000000000000", json!(0)),
            ("089", json!("089")),
            ("012345678901", json!("012345678901")),
            ("0x1F", json!(31)),
            ("1_000", json!(1000)),
            ("-5", json!(-5)),
            ("1.10", json!(1.1)),
            (".5", json!(0.5)),
            ("1e3", json!("1e3")),
            ("1.2.3.4", json!("1.2.3.4")),
            ("10.0.0.0/16", json!("10.0.0.0/16")),
            ("2010-09-09", json!("2010-09-09")),
            ("1:30", json!("1:30")),
            ("-", json!("-")),
            ("18446744073709551615", json!(u64::MAX)),
            ("99999999999999999999", json!("99999999999999999999")),
        ];
        for (text, expected) in cases {
            let node = Node::new(0..0, Scalars::Yaml11.plain(text));
            assert_eq!(node.to_value(), expected, "{text}");
        }
    }
}
