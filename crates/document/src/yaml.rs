//! Reads YAML: one document, whose keys are texts.
//!
//! No merge keys: neither AWS's tools for definitions nor CloudFormation have them.

mod length;

pub use length::properties;

use std::collections::HashMap;
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};

use crate::{Fault, Kind, Member, Node, Scalars};

/// Deeper documents are refused; every later pass may recurse.
const MAX_DEPTH: usize = 120;

/// Values that aliases may multiply a document to: a definition or template of 1 MiB has fewer.
const MAX_VALUES: usize = 500_000;

/// Reads the only document of a text.
///
/// # Errors
/// When the text is not YAML, nests too deeply, has aliases that multiply it beyond measure, or
/// holds several documents.
pub fn read(text: &str, scalars: Scalars) -> Result<Node, Fault> {
    // The parser takes it for the end of the text.
    if let Some(at) = text.find('\0') {
        return Err(fault(at, "a NUL byte"));
    }
    // Characters of the text by their number: the parser counts those, and spans are in bytes.
    let bytes = text.char_indices().map(|(byte, _)| byte);
    let mut reader = Reader {
        events: Parser::new_from_str(text),
        text,
        bytes: bytes.chain([text.len()]).collect(),
        scalars,
        anchors: HashMap::new(),
        values: 0,
    };
    let mut root = None;
    loop {
        let (event, span) = reader.next()?;
        match event {
            Event::StreamStart | Event::DocumentStart(_) | Event::DocumentEnd | Event::Nothing => {}
            Event::StreamEnd => {
                return root.ok_or_else(|| fault(0, "the document is empty"));
            }
            _ if root.is_some() => {
                let at = reader.byte(span.start.index());
                return Err(fault(at, "a second document begins here"));
            }
            event => root = Some(reader.node(event, span, 0)?),
        }
    }
}

struct Reader<'a> {
    events: Parser<'a, StrInput<'a>>,
    text: &'a str,
    bytes: Vec<usize>,
    scalars: Scalars,
    /// Values that aliases stand for, with how many values each has.
    anchors: HashMap<usize, (Node, usize)>,
    values: usize,
}

fn fault(at: usize, message: impl Into<String>) -> Fault {
    Fault {
        at,
        message: message.into(),
    }
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), Fault> {
        match self.events.next() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => {
                let at = self.byte(error.marker().index());
                Err(fault(at, error.info()))
            }
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn byte(&self, index: usize) -> usize {
        let byte = self.bytes.get(index).or(self.bytes.last());
        byte.copied().unwrap_or_default()
    }

    fn count(&mut self, values: usize, at: usize) -> Result<(), Fault> {
        self.values = self.values.saturating_add(values);
        if self.values > MAX_VALUES {
            return Err(fault(
                at,
                format!("there are more than {MAX_VALUES} values"),
            ));
        }
        Ok(())
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, Fault> {
        let (start, end) = (self.byte(span.start.index()), self.byte(span.end.index()));
        if depth > MAX_DEPTH {
            return Err(fault(
                start,
                format!("nested deeper than {MAX_DEPTH} levels"),
            ));
        }
        let before = self.values;
        self.count(1, start)?;
        let (anchor, tag, (kind, span)) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let start = match style {
                    ScalarStyle::Literal | ScalarStyle::Folded => length::header(self.text, start),
                    _ => start,
                };
                let spanned = self.text.get(start..end).unwrap_or_default();
                let span = start..start + length::scalar(spanned, style);
                let kind = match (style, kind_of(tag.as_deref())) {
                    (ScalarStyle::Plain, None | Some("int" | "float" | "bool" | "null")) => {
                        self.scalars.plain(&text)
                    }
                    _ => Kind::String(text.into_owned()),
                };
                (anchor, tag, (kind, span))
            }
            Event::SequenceStart(anchor, tag) => (anchor, tag, self.sequence(start, depth)?),
            Event::MappingStart(anchor, tag) => (anchor, tag, self.mapping(start, depth)?),
            Event::Alias(anchor) => {
                // An alias to something unfinished would contain itself.
                let Some((node, count)) = self.anchors.get(&anchor) else {
                    return Err(fault(start, "an alias of nothing"));
                };
                let (mut node, count) = (node.clone(), *count);
                self.count(count, start)?;
                let written = self.text.get(start..end).unwrap_or_default();
                node.span =
                    start..start + written.find(char::is_whitespace).unwrap_or(written.len());
                return Ok(node);
            }
            _ => return Err(fault(start, "a value is missing")),
        };
        let node = Node {
            span,
            tag: written(tag.as_deref()),
            kind,
        };
        if anchor > 0 {
            let count = self.values - before;
            self.anchors.insert(anchor, (node.clone(), count));
        }
        Ok(node)
    }

    fn sequence(&mut self, start: usize, depth: usize) -> Result<(Kind, Range<usize>), Fault> {
        let mut items: Vec<Node> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let last = items.last().map(|item| item.span.end);
                let end = self.end(start, span, last);
                return Ok((Kind::Array(items), start..end));
            }
            items.push(self.node(event, span, depth + 1)?);
        }
    }

    fn mapping(&mut self, start: usize, depth: usize) -> Result<(Kind, Range<usize>), Fault> {
        let mut members: Vec<Member> = Vec::new();
        loop {
            let (event, span) = self.next()?;
            let at = self.byte(span.start.index());
            if matches!(event, Event::MappingEnd) {
                let last = members.last();
                let last = last.map(|last| last.value.span.end.max(last.key_span.end));
                let end = self.end(start, span, last);
                return Ok((Kind::Object(members), start..end));
            }
            let is_plain = |tag: &Option<_>| tag.is_none();
            let (key, key_span) = match event {
                // A key is a text, whatever it looks like.
                Event::Scalar(text, style, _, tag) if is_plain(&tag) => {
                    let spanned = self.text.get(at..self.byte(span.end.index()));
                    let length = length::scalar(spanned.unwrap_or_default(), style);
                    (text.into_owned(), at..at + length)
                }
                Event::Alias(anchor) => match self.anchors.get(&anchor) {
                    Some((node, _)) if node.as_str().is_some() => {
                        let text = node.as_str().unwrap_or_default().to_owned();
                        (text, at..self.byte(span.end.index()))
                    }
                    _ => return Err(fault(at, "a key must be a text")),
                },
                _ => return Err(fault(at, "a key must be a text")),
            };
            self.count(1, at)?;
            let (event, span) = self.next()?;
            let mut value = self.node(event, span, depth + 1)?;
            if value.span.is_empty() {
                // A value that is not written stands behind its key.
                value.span = key_span.end..key_span.end;
            }
            members.push(Member {
                key,
                key_span,
                value,
            });
        }
    }

    /// Where a collection ends: at its bracket, or with the last thing in it. The parser ends what
    /// has no brackets where the next thing begins.
    fn end(&self, start: usize, last_event: Span, last_inside: Option<usize>) -> usize {
        let text = self.text.get(start..).unwrap_or_default();
        let text = text.get(length::properties(text)..).unwrap_or_default();
        if text.starts_with(['{', '[']) {
            return self.byte(last_event.start.index()) + 1;
        }
        last_inside.unwrap_or(start)
    }
}

/// The suffix of a tag of YAML's own: `!!str`.
fn kind_of(tag: Option<&Tag>) -> Option<&str> {
    tag.map(|tag| {
        if tag.is_yaml_core_schema() {
            tag.suffix.as_str()
        } else {
            ""
        }
    })
}

/// A tag as it is written, but for those of YAML's own, which say what is there anyway.
fn written(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| !tag.is_yaml_core_schema())?;
    Some(format!("{}{}", tag.handle, tag.suffix))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn core(text: &str) -> Result<Node, Fault> {
        read(text, Scalars::Core)
    }

    #[test]
    fn values_have_the_types_of_json() {
        let text = "a: 1\nb: '1'\nc: yes\nd: [true, ~, 2.5, '-']\ne: &x {f: |\n    two\n  }\ng: *x\n1: !!str 2\n";
        let text = text.replace("|\n    two\n  }", "two}");
        let value = core(&text).unwrap().to_value();
        let expected = json!({"a": 1, "b": "1", "c": "yes", "d": [true, null, 2.5, "-"],
            "e": {"f": "two"}, "g": {"f": "two"}, "1": "2"});
        assert_eq!(value, expected);
        assert_eq!(
            read("c: yes", Scalars::Yaml11).unwrap().to_value(),
            json!({"c": true})
        );
    }

    #[test]
    fn places_are_those_of_the_text() {
        let text = "a: !x 'ü' # note\nb:\n  - c: !Ref X\n    d: >-\n      x\n      y\n  - [1, {e: 2}] # n\nf:\ng: &x p q  # n\nh: *x\n";
        let root = core(text).unwrap();
        let shown = |node: &Node| text[node.span.clone()].to_owned();
        let b = root.get("b").unwrap();
        let items = b.items();
        assert_eq!(shown(root.get("a").unwrap()), "!x 'ü'");
        assert_eq!(shown(items[0].get("c").unwrap()), "!Ref X");
        assert_eq!(items[0].get("c").unwrap().tag.as_deref(), Some("!Ref"));
        assert_eq!(shown(items[0].get("d").unwrap()), ">-\n      x\n      y");
        assert_eq!(shown(&items[1]), "[1, {e: 2}]");
        assert_eq!(shown(root.get("f").unwrap()), "");
        assert_eq!(shown(root.get("g").unwrap()), "&x p q");
        assert_eq!(shown(root.get("h").unwrap()), "*x");
        assert_eq!(&text[root.members()[1].key_span.clone()], "b");
        assert!(
            shown(b).starts_with("- c: ") && shown(b).ends_with("{e: 2}]"),
            "{}",
            shown(b)
        );
    }

    #[test]
    fn faults_name_their_place() {
        let bomb: String = (1..12)
            .map(|level| {
                let of = format!("*l{}, ", level - 1).repeat(9);
                format!("l{level}: &l{level} [{of}]\n")
            })
            .collect();
        let bomb = format!("l0: &l0 x\n{bomb}");
        let deep = "[".repeat(200);
        let deeper = "- ".repeat(5000);
        for (text, place) in [
            ("a: [1, 2\nb: 3", "line "),
            ("", "line 1, column 1: the document is empty"),
            (&bomb, "line 7, "),
            (&deep, "nested deeper"),
            (&deeper, "nested deeper"),
            ("a: &a [*a]", "line 1, column 8: an alias of nothing"),
            ("[x]: 1", "line 1, column 1: a key must be a text"),
            ("a: 1\n---\nb: 2", "line 3, column 1: a second document"),
        ] {
            let fault = core(text).unwrap_err().placed(text);
            assert!(fault.contains(place), "{fault}");
        }
    }
}
