//! Rules of a Choice as a person reads them.

use serde_json::{Map, Value};

/// A rule in one line.
pub(super) fn rule(rule: &Map<String, Value>) -> String {
    match rule.get("Condition") {
        Some(Value::String(condition)) => readable(condition),
        Some(other) => other.to_string(),
        None => comparison(rule, 0, false),
    }
}

/// Deeper conditions are left out: nobody reads them in a picture.
const MAX_DEPTH: usize = 4;

/// A comparison, or the contrary of it.
fn comparison(rule: &Map<String, Value>, depth: usize, not: bool) -> String {
    if depth > MAX_DEPTH {
        return "…".into();
    }
    for (key, word) in [("And", " and "), ("Or", " or ")] {
        if let Some(Value::Array(parts)) = rule.get(key) {
            let parts = parts.iter().filter_map(Value::as_object);
            let parts: Vec<_> = parts
                .map(|part| comparison(part, depth + 1, false))
                .collect();
            let joined = parts.join(word);
            return match (depth == 0 || parts.len() < 2, not) {
                (true, false) => joined,
                (false, false) => format!("({joined})"),
                (_, true) => format!("not ({joined})"),
            };
        }
    }
    if let Some(Value::Object(part)) = rule.get("Not") {
        return comparison(part, depth + 1, !not);
    }
    let variable = rule.get("Variable").and_then(Value::as_str);
    let variable = readable(variable.unwrap_or("?"));
    let test = rule.iter().find(|(key, _)| {
        !matches!(
            key.as_str(),
            "Variable" | "Next" | "Comment" | "Assign" | "Output"
        )
    });
    match test {
        Some((operator, value)) => test_of(&variable, operator, value, not),
        None => variable,
    }
}

fn test_of(variable: &str, operator: &str, value: &Value, not: bool) -> String {
    let (operator, path) = match operator.strip_suffix("Path") {
        Some(operator) => (operator, true),
        None => (operator, false),
    };
    let value_text = match value {
        Value::String(text) if path => readable(text),
        other => other.to_string(),
    };
    let kind = ["String", "Numeric", "Timestamp", "Boolean"]
        .into_iter()
        .find_map(|kind| operator.strip_prefix(kind));
    let sign = match (kind, not) {
        (Some("Equals"), false) => "=",
        (Some("Equals"), true) => "≠",
        (Some("LessThan"), false) | (Some("GreaterThanEquals"), true) => "<",
        (Some("LessThanEquals"), false) | (Some("GreaterThan"), true) => "≤",
        (Some("GreaterThan"), false) | (Some("LessThanEquals"), true) => ">",
        (Some("GreaterThanEquals"), false) | (Some("LessThan"), true) => "≥",
        (Some("Matches"), false) => "matches",
        (Some("Matches"), true) => "does not match",
        _ => {
            let yes = (value != &Value::Bool(false)) != not;
            let is = if yes { "is" } else { "is not" };
            let what = match operator {
                "IsPresent" => "present",
                "IsNull" => "null",
                "IsString" => "a string",
                "IsNumeric" => "a number",
                "IsBoolean" => "a boolean",
                "IsTimestamp" => "a timestamp",
                other if not => return format!("not ({variable} {other} {value_text})"),
                other => return format!("{variable} {other} {value_text}"),
            };
            return format!("{variable} {is} {what}");
        }
    };
    match value {
        // Without a sign: `ok`, `not ok`.
        Value::Bool(yes) if matches!(sign, "=" | "≠") => match *yes == not {
            true => format!("not {variable}"),
            false => variable.to_owned(),
        },
        _ => format!("{variable} {sign} {value_text}"),
    }
}

/// An expression or path without the signs that only a machine needs: `{% %}`, `$.`, `$states.`,
/// and the `$` before names. Text in quotes stays as it is.
pub(super) fn readable(expression: &str) -> String {
    let inside = expression
        .trim()
        .strip_prefix("{%")
        .and_then(|rest| rest.strip_suffix("%}"))
        .unwrap_or(expression);
    let words: Vec<_> = inside.split_whitespace().collect();
    let inside = words.join(" ");
    let mut told = String::with_capacity(inside.len());
    let mut quote = None;
    let mut rest = inside.as_str();
    while let Some(character) = rest.chars().next() {
        let mut step = character.len_utf8();
        match quote {
            Some(_) if character == '\\' => {
                step += rest.chars().nth(1).map_or(0, char::len_utf8);
                told.push_str(rest.get(..step).unwrap_or_default());
            }
            Some(open) => {
                if character == open {
                    quote = None;
                }
                told.push(character);
            }
            None => match character {
                '"' | '\'' | '`' => {
                    quote = Some(character);
                    told.push(character);
                }
                '$' => step = dollar(rest),
                _ => told.push(character),
            },
        }
        rest = rest.get(step..).unwrap_or_default();
    }
    if told.is_empty() { inside } else { told }
}

/// How much of a text that begins with `$` goes without saying.
fn dollar(rest: &str) -> usize {
    for known in ["$states.", "$$.", "$."] {
        let after = rest
            .strip_prefix(known)
            .and_then(|rest| rest.chars().next());
        if after.is_some_and(|character| character.is_alphabetic() || character == '_') {
            return known.len();
        }
    }
    1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_read_well() {
        let rules = [
            (
                r#"{"Condition": "{% $plan.stacks > 0 %}"}"#,
                "plan.stacks > 0",
            ),
            (
                r#"{"Condition": "{% $states.input.outcome = '$drifted' %}"}"#,
                "input.outcome = '$drifted'",
            ),
            (
                r#"{"Condition": "{% $contains($reason, /x|y/i) %}"}"#,
                "contains(reason, /x|y/i)",
            ),
            (
                r#"{"Variable": "$.a.b", "NumericGreaterThanEquals": 3}"#,
                "a.b ≥ 3",
            ),
            (r#"{"Variable": "$.a", "StringEqualsPath": "$.b"}"#, "a = b"),
            (
                r#"{"Variable": "$.ok", "BooleanEquals": false, "Next": "X"}"#,
                "not ok",
            ),
            (
                r#"{"Not": {"Variable": "$.n", "NumericLessThan": 3}}"#,
                "n ≥ 3",
            ),
            (
                r#"{"Variable": "$$.Execution.Name", "IsPresent": false}"#,
                "Execution.Name is not present",
            ),
            (
                r#"{"And": [{"Variable": "$.a", "IsNull": true}, {"Or": [{"Variable": "$.b", "StringMatches": "x*"}, {"Not": {"Variable": "$", "IsString": true}}]}]}"#,
                "a is null and (b matches \"x*\" or $ is not a string)",
            ),
        ];
        for (text, expected) in rules {
            let value: Map<String, Value> = serde_json::from_str(text).unwrap();
            assert_eq!(rule(&value), expected, "{text}");
        }
    }
}
