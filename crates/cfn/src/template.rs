//! Templates as documents: JSON, or YAML whose short-form functions are turned into their long
//! form. Values keep their places.

use document::{Fault, Kind, Member, Node, Scalars, json, yaml};

/// Reads a template: JSON where the text begins like JSON, YAML else. Places are those of the text
/// without a byte order mark before it.
///
/// # Errors
/// When it is neither, or has a tag that is no function.
pub fn read(text: &str) -> Result<Node, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.trim_start().starts_with('{') {
        return json::read(text);
    }
    long(yaml::read(text, Scalars::Yaml11)?)
}

/// `!Sub x` means `{"Fn::Sub": x}`.
fn long(node: Node) -> Result<Node, Fault> {
    let Node { span, tag, kind } = node;
    let kind = match kind {
        Kind::Array(items) => {
            let items = items.into_iter().map(long);
            Kind::Array(items.collect::<Result<_, _>>()?)
        }
        Kind::Object(members) => {
            let members = members.into_iter().map(|member| {
                let value = long(member.value)?;
                let value = match member.key.as_str() {
                    "Fn::GetAtt" => attribute(value),
                    _ => value,
                };
                Ok(Member { value, ..member })
            });
            Kind::Object(members.collect::<Result<_, Fault>>()?)
        }
        scalar => scalar,
    };
    let argument = Node::new(span.clone(), kind);
    let Some(tag) = tag else { return Ok(argument) };
    let name = tag.strip_prefix('!').unwrap_or_default();
    if name.is_empty() || name.contains('!') {
        return Err(Fault {
            at: span.start,
            message: format!("`{tag}` is no function"),
        });
    }
    let key = match name {
        "Ref" | "Condition" => name.to_owned(),
        name => format!("Fn::{name}"),
    };
    let value = match name {
        "GetAtt" => attribute(argument),
        _ => argument,
    };
    let member = Member {
        key,
        key_span: span.clone(),
        value,
    };
    Ok(Node::new(span, Kind::Object(vec![member])))
}

/// `A.B.C` means `[A, B.C]`.
fn attribute(argument: Node) -> Node {
    let parts = argument.as_str().and_then(|text| text.split_once('.'));
    let Some((resource, attribute)) = parts else {
        return argument;
    };
    let part = |text: &str| Node::new(argument.span.clone(), Kind::String(text.to_owned()));
    let parts = vec![part(resource), part(attribute)];
    Node::new(argument.span.clone(), Kind::Array(parts))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::read;

    #[test]
    fn short_forms_become_long_forms() {
        let cases = [
            ("!Ref A", json!({"Ref": "A"})),
            ("!Ref 1", json!({"Ref": "1"})),
            ("!GetAtt A.B.C", json!({"Fn::GetAtt": ["A", "B.C"]})),
            ("{'Fn::GetAtt': A.B}", json!({"Fn::GetAtt": ["A", "B"]})),
            ("!GetAtt [A, B]", json!({"Fn::GetAtt": ["A", "B"]})),
            ("!Sub '${A}'", json!({"Fn::Sub": "${A}"})),
            (
                "!If [C, !Ref A, !Ref 'AWS::NoValue']",
                json!({"Fn::If": ["C", {"Ref": "A"}, {"Ref": "AWS::NoValue"}]}),
            ),
            (
                "!Select [1, !Split [',', a]]",
                json!({"Fn::Select": [1, {"Fn::Split": [",", "a"]}]}),
            ),
            ("!Condition C", json!({"Condition": "C"})),
            (
                "{'Fn::Base64': !Sub x}",
                json!({"Fn::Base64": {"Fn::Sub": "x"}}),
            ),
            ("!!str 012", json!("012")),
        ];
        for (text, expected) in cases {
            let text = format!("v: {text}");
            let node = read(&text).unwrap();
            assert_eq!(node.get("v").unwrap().to_value(), expected, "{text}");
        }
    }

    #[test]
    fn aliases_are_followed_and_the_last_of_equal_keys_wins() {
        let node = read("a: &x {k: 1}\nb: *x\nb2: {k: 1, k: 2}\n").unwrap();
        assert_eq!(
            node.to_value(),
            json!({"a": {"k": 1}, "b": {"k": 1}, "b2": {"k": 2}})
        );
    }

    #[test]
    fn a_fault_has_its_place() {
        for (text, at) in [
            ("a: b: c", 4),
            ("a: *nobody", 3),
            ("a: !x!y 1", 3),
            ("{\"a\" 1}", 5),
        ] {
            assert_eq!(read(text).unwrap_err().at, at, "{text}");
        }
    }
}
