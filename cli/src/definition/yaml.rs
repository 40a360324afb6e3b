//! YAML as the JSON value that it stands for. Places and comments are lost: for patching a
//! document there is `crate::yaml`.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

/// Deeper documents are refused instead of overflowing the stack.
const MAX_DEPTH: usize = 120;

/// Values that aliases may multiply a document to.
const MAX_VALUES: usize = 200_000;

/// Parses the first document of a text. The error names line and column.
pub(super) fn parse(text: &str) -> Result<Value, String> {
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        anchors: HashMap::new(),
        values: 0,
    };
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) => {}
            Event::StreamEnd => return Err("the document is empty".to_owned()),
            event => return reader.node(event, span, 0),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    /// Values that aliases stand for, with how many values each has.
    anchors: HashMap<usize, (Value, usize)>,
    values: usize,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), String> {
        match self.events.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = error.marker();
                let (line, column) = (at.line(), at.col() + 1);
                Err(format!("line {line}, column {column}: {}", error.info()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Value, String> {
        let line = span.start.line();
        if depth > MAX_DEPTH {
            return Err(format!("line {line}: nested too deeply"));
        }
        let before = self.values;
        self.values += 1;
        let (anchor, value) = match event {
            Event::Scalar(text, style, anchor, _) => (anchor, scalar(&text, style)),
            Event::SequenceStart(anchor, _) => (anchor, self.sequence(depth)?),
            Event::MappingStart(anchor, _) => (anchor, self.mapping(depth)?),
            Event::Alias(anchor) => {
                let Some((value, count)) = self.anchors.get(&anchor) else {
                    return Err(format!("line {line}: an alias of nothing"));
                };
                self.values += count;
                if self.values > MAX_VALUES {
                    return Err(format!("line {line}: aliases make too much of it"));
                }
                return Ok(value.clone());
            }
            _ => return Err(format!("line {line}: a value is missing")),
        };
        if anchor > 0 {
            let count = self.values - before;
            self.anchors.insert(anchor, (value.clone(), count));
        }
        Ok(value)
    }

    fn sequence(&mut self, depth: usize) -> Result<Value, String> {
        let mut items = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                return Ok(Value::Array(items));
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, depth: usize) -> Result<Value, String> {
        let mut entries = Map::new();
        loop {
            let (event, span) = self.next()?;
            let line = span.start.line();
            let key = match event {
                Event::MappingEnd => return Ok(Value::Object(entries)),
                // A key is text, whatever it looks like.
                Event::Scalar(text, ..) => text.into_owned(),
                _ => return Err(format!("line {line}: a key must be a text")),
            };
            let (event, span) = self.next()?;
            let value = self.node(event, span, depth + 1)?;
            if entries.insert(key.clone(), value).is_some() {
                return Err(format!("line {line}: the key `{key}` is there twice"));
            }
        }
    }
}

/// A scalar by the core schema of YAML 1.2.
fn scalar(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return text.into();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => true.into(),
        "false" | "False" | "FALSE" => false.into(),
        text => number(text).map_or_else(|| text.into(), Value::Number),
    }
}

fn number(text: &str) -> Option<Number> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    // Rust also reads `inf` and `nan`.
    let digits = text
        .bytes()
        .all(|byte| byte.is_ascii_digit() || b"+-.eE".contains(&byte));
    let value: f64 = digits.then(|| text.parse().ok()).flatten()?;
    Number::from_f64(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_the_types_of_json() {
        let text = "a: 1\nb: '1'\nc: yes\nd: [true, ~, 2.5, '-']\ne: &x {f: |\n    two\n    lines\n  }\ng: *x\n";
        let text = text.replace("|\n    two\n    lines\n  }", "two}");
        let value = parse(&text).unwrap();
        let expected = serde_json::json!({"a": 1, "b": "1", "c": "yes", "d": [true, null, 2.5, "-"],
            "e": {"f": "two"}, "g": {"f": "two"}});
        assert_eq!(value, expected);
    }

    #[test]
    fn faults_name_their_place() {
        let bomb: String = (1..12)
            .map(|level| {
                format!(
                    "l{level}: &l{level} [{}]\n",
                    format!("*l{}, ", level - 1).repeat(9)
                )
            })
            .collect();
        let deep = "[".repeat(200);
        for (text, place) in [
            ("a: 1\na: 2", "line 2: the key `a`"),
            ("a: [1, 2\nb: 3", "line "),
            ("", "empty"),
            (&format!("l0: &l0 x\n{bomb}"), "line 7: aliases"),
            (&deep, "deep"),
        ] {
            let fault = parse(text).unwrap_err();
            assert!(fault.contains(place), "{fault}");
        }
    }
}
