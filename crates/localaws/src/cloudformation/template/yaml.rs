//! YAML templates as plain JSON values, short-form functions turned into their long form.
//!
//! Not a general YAML loader: one document, mapping keys are text, no merge keys (CloudFormation
//! has none), and a repeated key silently wins over the one before, as on AWS.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput, Tag};
use serde_json::{Map, Value};

use super::scalar;

/// Nesting deeper than this is refused, long before the stack of a thread ends.
const DEPTH: usize = 100;
/// Values after aliases are followed. A template of 1 MB has fewer, a "billion laughs" has more.
const NODES: usize = 500_000;

/// Why a text is not YAML that a template can be written in. Lines and columns count from 1.
#[derive(Debug, PartialEq)]
pub(super) struct NotYaml {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Reads one document.
pub(super) fn load(text: &str) -> Result<Value, NotYaml> {
    let mut loader = Loader {
        parser: Parser::new_from_str(text),
        anchors: BTreeMap::new(),
        nodes: 0,
    };
    loader.document()
}

struct Loader<'t> {
    parser: Parser<'t, StrInput<'t>>,
    /// Value and number of nodes of each finished anchor.
    anchors: BTreeMap<usize, (Value, usize)>,
    nodes: usize,
}

impl<'t> Loader<'t> {
    fn document(&mut self) -> Result<Value, NotYaml> {
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => return Ok(Value::Null),
                Event::Nothing | Event::StreamStart | Event::DocumentStart(_) => {}
                other => return self.node(other, span, 0),
            }
        }
    }

    fn next(&mut self) -> Result<(Event<'t>, Span), NotYaml> {
        match self.parser.next_event() {
            Some(Ok(found)) => Ok(found),
            Some(Err(error)) => Err(scan_error(&error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'t>, span: Span, depth: usize) -> Result<Value, NotYaml> {
        let before = self.nodes;
        self.count(1, span)?;
        if depth > DEPTH {
            return Err(at(span));
        }
        let (value, anchor) = match event {
            Event::Alias(id) => {
                // An alias to something unfinished would contain itself.
                let (value, nodes) = self.anchors.get(&id).cloned().ok_or_else(|| at(span))?;
                self.count(nodes, span)?;
                return Ok(value);
            }
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain;
                (tagged_scalar(&text, plain, tag.as_deref(), span)?, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                let list = self.sequence(depth)?;
                (tagged(tag.as_deref(), list, span)?, anchor)
            }
            Event::MappingStart(anchor, tag) => {
                let map = self.mapping(depth)?;
                (tagged(tag.as_deref(), map, span)?, anchor)
            }
            _ => return Err(at(span)),
        };
        if anchor > 0 {
            let nodes = self.nodes - before;
            self.anchors.insert(anchor, (value.clone(), nodes));
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, NotYaml> {
        let mut list = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if event == Event::SequenceEnd {
                return Ok(Value::Array(list));
            }
            list.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, NotYaml> {
        let mut map = Map::new();
        loop {
            let (event, span) = self.next()?;
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(map)),
                Event::Scalar(text, ..) => text.into_owned(),
                Event::Alias(id) => match self.anchors.get(&id) {
                    Some((Value::String(text), _)) => text.clone(),
                    _ => return Err(at(span)),
                },
                _ => return Err(at(span)),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            let value = match key.as_str() {
                "Fn::GetAtt" => attribute(value),
                _ => value,
            };
            map.insert(key, value);
        }
    }

    fn count(&mut self, nodes: usize, span: Span) -> Result<(), NotYaml> {
        self.nodes = self.nodes.saturating_add(nodes);
        if self.nodes > NODES {
            return Err(at(span));
        }
        Ok(())
    }
}

fn tagged_scalar(text: &str, plain: bool, tag: Option<&Tag>, span: Span) -> Result<Value, NotYaml> {
    let Some(tag) = tag else {
        return Ok(if plain {
            scalar::plain(text)
        } else {
            Value::String(text.to_owned())
        });
    };
    if tag.is_yaml_core_schema() {
        return match tag.suffix.as_str() {
            "str" => Ok(Value::String(text.to_owned())),
            "int" | "float" | "bool" | "null" => Ok(scalar::plain(text)),
            _ => Err(at(span)),
        };
    }
    // What stands behind a function is text, also where it looks like a number: `!Ref 1` names
    // something.
    let argument = match tag.suffix.as_str() {
        "Ref" | "Condition" | "Sub" | "GetAtt" | "ImportValue" => Value::String(text.to_owned()),
        _ if plain => scalar::plain(text),
        _ => Value::String(text.to_owned()),
    };
    tagged(Some(tag), argument, span)
}

/// `!Sub x` means `{"Fn::Sub": x}`.
fn tagged(tag: Option<&Tag>, argument: Value, span: Span) -> Result<Value, NotYaml> {
    let Some(tag) = tag else { return Ok(argument) };
    if tag.is_yaml_core_schema() {
        return match tag.suffix.as_str() {
            "map" | "seq" => Ok(argument),
            _ => Err(at(span)),
        };
    }
    if tag.handle != "!" || tag.suffix.is_empty() {
        return Err(at(span));
    }
    let argument = match tag.suffix.as_str() {
        "GetAtt" => attribute(argument),
        _ => argument,
    };
    let name = match tag.suffix.as_str() {
        name @ ("Ref" | "Condition") => name.to_owned(),
        name => format!("Fn::{name}"),
    };
    Ok(Value::Object(Map::from_iter([(name, argument)])))
}

/// `A.B.C` means `[A, B.C]`.
fn attribute(argument: Value) -> Value {
    match &argument {
        Value::String(text) => match text.split_once('.') {
            Some((resource, attribute)) => Value::from(vec![resource, attribute]),
            None => argument,
        },
        _ => argument,
    }
}

fn at(span: Span) -> NotYaml {
    NotYaml {
        line: span.start.line(),
        column: span.start.col() + 1,
    }
}

fn scan_error(error: &ScanError) -> NotYaml {
    NotYaml {
        line: error.marker().line(),
        column: error.marker().col() + 1,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn short_forms_become_long_forms() {
        let cases = [
            ("!Ref A", json!({"Ref": "A"})),
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
            assert_eq!(load(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn aliases_are_followed_and_the_last_of_equal_keys_wins() {
        let text = "a: &x {k: 1}\nb: *x\nb2: {k: 1, k: 2}\n";
        assert_eq!(
            load(text),
            Ok(json!({"a": {"k": 1}, "b": {"k": 1}, "b2": {"k": 2}}))
        );
    }

    #[test]
    fn a_bomb_of_aliases_is_refused() {
        let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for n in 1..12 {
            let of = (0..9).map(|_| format!("*a{}", n - 1)).collect::<Vec<_>>();
            text += &format!("a{n}: &a{n} [{}]\n", of.join(", "));
        }
        assert_eq!(load(&text).unwrap_err().line, 6);
        let deep = "[".repeat(5000);
        assert!(load(&deep).is_err());
    }

    #[test]
    fn a_fault_has_its_place() {
        assert_eq!(load("a: b: c").unwrap_err(), NotYaml { line: 1, column: 5 });
        assert!(load("a: *nobody").is_err());
    }
}
