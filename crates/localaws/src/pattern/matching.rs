//! Looking at events. A list in an event matches when one of its items does; a field that is not
//! there matches only `exists: false`.

use std::net::IpAddr;

use serde_json::Value;

use super::{Comparison, Fields, Node, Rule};

pub(super) fn fields(wanted: &Fields, event: Option<&Value>) -> bool {
    // Fields inside a list of objects must match within one of the objects.
    if let Some(Value::Array(items)) = event {
        return match items.is_empty() {
            true => fields(wanted, None),
            false => items.iter().any(|item| fields(wanted, Some(item))),
        };
    }
    let field = |name: &str| event.and_then(|event| event.get(name));
    wanted.fields.iter().all(|(name, node)| match node {
        Node::Fields(inner) => fields(inner, field(name)),
        Node::Rules(rules) => leaf(rules, field(name)),
    }) && wanted
        .alternatives
        .iter()
        .all(|group| group.iter().any(|one| fields(one, event)))
}

fn leaf(rules: &[Rule], value: Option<&Value>) -> bool {
    match value {
        // Only leaves exist.
        None | Some(Value::Object(_)) => rules.contains(&Rule::Exists(false)),
        Some(Value::Array(items)) => {
            let leaves: Vec<_> = flat(items);
            match leaves.is_empty() {
                true => rules.contains(&Rule::Exists(false)),
                false => leaves
                    .iter()
                    .any(|value| rules.iter().any(|rule| holds(rule, value))),
            }
        }
        Some(value) => rules.iter().any(|rule| holds(rule, value)),
    }
}

fn flat(items: &[Value]) -> Vec<&Value> {
    let mut leaves = Vec::new();
    for item in items {
        match item {
            Value::Array(inner) => leaves.extend(flat(inner)),
            Value::Object(_) => {}
            leaf => leaves.push(leaf),
        }
    }
    leaves
}

fn holds(rule: &Rule, value: &Value) -> bool {
    let text = value.as_str();
    let is = |test: &dyn Fn(&str) -> bool| text.is_some_and(test);
    match rule {
        Rule::Equals(wanted) => match (wanted.as_f64(), value.as_f64()) {
            (Some(wanted), Some(number)) => wanted == number,
            _ => wanted == value,
        },
        Rule::EqualsIgnoreCase(wanted) => is(&|text| text.to_lowercase() == *wanted),
        Rule::Prefix(start) => is(&|text| text.starts_with(start)),
        Rule::PrefixIgnoreCase(start) => is(&|text| text.to_lowercase().starts_with(start)),
        Rule::Suffix(end) => is(&|text| text.ends_with(end)),
        Rule::SuffixIgnoreCase(end) => is(&|text| text.to_lowercase().ends_with(end)),
        Rule::Wildcard(pieces) => is(&|text| wildcard(pieces, text)),
        Rule::AnythingBut(rules) => !rules.iter().any(|rule| holds(rule, value)),
        Rule::Numeric(bounds) => value.as_f64().is_some_and(|number| {
            bounds
                .iter()
                .all(|(how, bound)| compare(*how, number, *bound))
        }),
        Rule::Exists(wanted) => *wanted,
        Rule::Cidr(network, bits) => is(&|text| {
            text.parse()
                .is_ok_and(|address| within(address, *network, *bits))
        }),
    }
}

fn compare(how: Comparison, number: f64, bound: f64) -> bool {
    match how {
        Comparison::Equal => number == bound,
        Comparison::Less => number < bound,
        Comparison::LessOrEqual => number <= bound,
        Comparison::Greater => number > bound,
        Comparison::GreaterOrEqual => number >= bound,
    }
}

/// Whether a text is what a pattern says, in which `*` stands for any text.
pub(crate) fn glob(pattern: &str, text: &str) -> bool {
    wildcard(&pattern.split('*').collect::<Vec<_>>(), text)
}

/// The first piece begins the text, the last ends it, and the others follow one another between.
fn wildcard(pieces: &[impl AsRef<str>], text: &str) -> bool {
    let (Some((first, rest)), Some(last)) = (pieces.split_first(), pieces.last()) else {
        return false;
    };
    let Some((_, between)) = rest.split_last() else {
        return first.as_ref() == text;
    };
    let Some(mut left) = text.strip_prefix(first.as_ref()) else {
        return false;
    };
    for piece in between {
        match left.split_once(piece.as_ref()) {
            Some((_, after)) => left = after,
            None => return false,
        }
    }
    left.ends_with(last.as_ref())
}

fn within(address: IpAddr, network: IpAddr, bits: u8) -> bool {
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => u128::from(u32::from(address)) << 96,
        IpAddr::V6(address) => u128::from(address),
    };
    let shift = 128 - u32::from(bits);
    let head = |address| number(address).checked_shr(shift).unwrap_or(0);
    address.is_ipv4() == network.is_ipv4() && head(address) == head(network)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::pattern::Pattern;

    fn event() -> Value {
        json!({
            "source": "aws.s3", "account": "1", "detail-type": "Object Created",
            "resources": ["arn:aws:s3:::one", "arn:aws:s3:::two"],
            "detail": {
                "key": "logs/2026/app.LOG", "size": 300.0, "ip": "10.0.3.7", "none": null, "ok": true,
                "empty": [], "text": "", "rows": [{ "a": 1, "b": "x" }, { "a": 2, "b": "y" }],
            },
        })
    }

    #[test]
    fn operators() {
        let detail = |field: &str, rules: Value| json!({ "detail": { field: rules } });
        for (pattern, wanted) in [
            (json!({ "source": ["aws.s3", "aws.sqs"] }), true),
            (json!({ "source": ["aws.sqs"] }), false),
            (json!({ "resources": ["arn:aws:s3:::two"] }), true),
            (json!({ "resources": [{ "prefix": "arn:aws:sqs" }] }), false),
            (detail("size", json!([300])), true),
            (detail("size", json!(["300"])), false),
            (detail("none", json!([null])), true),
            (detail("none", json!([{ "exists": true }])), true),
            (detail("ok", json!([true])), true),
            (detail("text", json!([""])), true),
            (detail("key", json!([{ "prefix": "logs/" }])), true),
            (
                detail(
                    "key",
                    json!([{ "prefix": { "equals-ignore-case": "LOGS/" } }]),
                ),
                true,
            ),
            (detail("key", json!([{ "suffix": ".log" }])), false),
            (
                detail(
                    "key",
                    json!([{ "suffix": { "equals-ignore-case": ".log" } }]),
                ),
                true,
            ),
            (
                detail(
                    "key",
                    json!([{ "equals-ignore-case": "LOGS/2026/APP.log" }]),
                ),
                true,
            ),
            (detail("key", json!([{ "wildcard": "logs/*/app.*" }])), true),
            (detail("key", json!([{ "wildcard": "*/app.LOG" }])), true),
            (detail("key", json!([{ "wildcard": "*.LOG.LOG" }])), false),
            (
                detail("key", json!([{ "wildcard": "logs/2026/app.LOG" }])),
                true,
            ),
            (detail("key", json!([{ "anything-but": "x" }])), true),
            (
                detail("key", json!([{ "anything-but": { "prefix": "logs/" } }])),
                false,
            ),
            (
                detail(
                    "key",
                    json!([{ "anything-but": { "suffix": [".txt", ".LOG"] } }]),
                ),
                false,
            ),
            (
                detail("key", json!([{ "anything-but": { "wildcard": "*2025*" } }])),
                true,
            ),
            (detail("missing", json!([{ "anything-but": "x" }])), false),
            (
                detail("size", json!([{ "anything-but": [300, 400] }])),
                false,
            ),
            (
                detail("size", json!([{ "numeric": [">", 0, "<=", 300] }])),
                true,
            ),
            (detail("size", json!([{ "numeric": ["<", 300] }])), false),
            (detail("size", json!([{ "numeric": ["=", 3e2] }])), true),
            (detail("key", json!([{ "numeric": [">", 0] }])), false),
            (detail("missing", json!([{ "exists": false }])), true),
            (detail("empty", json!([{ "exists": false }])), true),
            (detail("rows", json!([{ "exists": true }])), false),
            (json!({ "gone": { "deep": [{ "exists": false }] } }), true),
            (detail("ip", json!([{ "cidr": "10.0.0.0/16" }])), true),
            (detail("ip", json!([{ "cidr": "10.0.0.0/23" }])), false),
            (detail("ip", json!([{ "cidr": "::/0" }])), false),
            (detail("rows", json!({ "a": [2], "b": ["y"] })), true),
            (detail("rows", json!({ "a": [1], "b": ["y"] })), false),
            (
                json!({ "$or": [{ "source": ["x"] }, { "detail": { "size": [300] } }] }),
                true,
            ),
            (
                json!({ "source": ["aws.s3"], "$or": [{ "account": ["2"] }, { "account": ["3"] }] }),
                false,
            ),
        ] {
            let compiled = Pattern::parse(&pattern.to_string()).unwrap();
            assert_eq!(compiled.matches(&event()), wanted, "{pattern}");
        }
    }

    #[test]
    fn refusals() {
        for (pattern, reason) in [
            (json!([]), "Filter is not an object"),
            (json!({}), "Empty objects are not allowed"),
            (
                json!({ "source": "x" }),
                "\"source\" must be an object or an array",
            ),
            (json!({ "source": [] }), "Empty arrays are not allowed"),
            (json!({ "detail": {} }), "Empty objects are not allowed"),
            (
                json!({ "a": [["x"]] }),
                "Match value must be String, number, true, false, or null",
            ),
            (
                json!({ "a": [{ "like": "x" }] }),
                "Unrecognized match type like",
            ),
            (
                json!({ "a": [{ "suffix": ["x"] }] }),
                "suffix match pattern must be a string",
            ),
            (
                json!({ "a": [{ "exists": "yes" }] }),
                "exists match pattern must be either true or false.",
            ),
            (
                json!({ "a": [{ "numeric": ["!", 1] }] }),
                "Unrecognized numeric range operator: !",
            ),
            (
                json!({ "a": [{ "numeric": [">", "1"] }] }),
                "Value of > must be numeric",
            ),
            (
                json!({ "a": [{ "numeric": [">", 2, "<", 1] }] }),
                "Bottom must be less than top",
            ),
            (
                json!({ "a": [{ "wildcard": "a**" }] }),
                "Consecutive wildcard characters at pos 1",
            ),
            (
                json!({ "a": [{ "anything-but": { "exists": true } }] }),
                "Unsupported anything-but pattern: exists",
            ),
            (
                json!({ "a": [{ "cidr": "10.0.0/8" }] }),
                "Nonstandard IP address: 10.0.0",
            ),
            (
                json!({ "$or": [{ "a": [1] }] }),
                "There must have at least 2 Objects in $or relationship.",
            ),
        ] {
            let refused = Pattern::parse(&pattern.to_string()).unwrap_err();
            assert_eq!(refused, reason, "{pattern}");
        }
        assert!(Pattern::parse("{").is_err());
    }
}
