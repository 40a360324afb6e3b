//! A YAML or JSON document with the place of every value, for reading and patching templates.
//!
//! Values that the program does not look at keep their text: patching replaces spans, so comments
//! and layout of a template survive.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span};

/// A value and the bytes of the text that it takes.
#[derive(Debug)]
pub(crate) struct Node {
    /// Byte range in the text.
    pub(crate) span: Range<usize>,
    /// The value.
    pub(crate) value: Value,
}

/// What a value is. Tags are of no concern here.
#[derive(Debug)]
pub(crate) enum Value {
    /// A scalar, as text.
    Scalar(String),
    /// A sequence.
    List(Vec<Node>),
    /// A mapping.
    Map(Vec<(String, Node)>),
}

impl Node {
    /// Parses the first document of a text. The error names line and column.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        // The parser counts characters, spans are in bytes.
        let bytes: Vec<usize> = text
            .char_indices()
            .map(|(byte, _)| byte)
            .chain([text.len()])
            .collect();
        let mut reader = Reader {
            events: Parser::new_from_str(text),
            text,
            bytes,
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

    /// Value of a key of a mapping.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, node)| node)
    }

    /// Entries of a mapping; none for anything else.
    pub(crate) fn entries(&self) -> &[(String, Self)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// Items of a sequence; none for anything else.
    pub(crate) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// Text of a scalar.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }
}

/// Deeper documents are refused instead of overflowing the stack.
const MAX_DEPTH: usize = 100;

struct Reader<'a> {
    events: Parser<'a, saphyr_parser::StrInput<'a>>,
    text: &'a str,
    bytes: Vec<usize>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<(Event<'a>, Span), String> {
        let place = |error: ScanError| {
            let at = error.marker();
            format!(
                "line {}, column {}: {}",
                at.line(),
                at.col() + 1,
                error.info()
            )
        };
        match self.events.next() {
            Some(event) => event.map_err(place),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    fn byte(&self, index: usize) -> usize {
        self.bytes
            .get(index)
            .or(self.bytes.last())
            .copied()
            .unwrap_or_default()
    }

    fn node(&mut self, event: Event<'a>, span: Span, depth: usize) -> Result<Node, String> {
        if depth > MAX_DEPTH {
            return Err(format!("line {}: nested too deeply", span.start.line()));
        }
        let start = self.byte(span.start.index());
        let mut end = self.byte(span.end.index());
        let value = match event {
            Event::Scalar(text, style, ..) => {
                let spanned = self.text.get(start..end).unwrap_or_default();
                end = start + scalar_length(spanned, style);
                Value::Scalar(text.into_owned())
            }
            Event::SequenceStart(..) => {
                let mut items = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::SequenceEnd) {
                        end = self.byte(span.end.index());
                        break Value::List(items);
                    }
                    items.push(self.node(event, span, depth + 1)?);
                }
            }
            Event::MappingStart(..) => {
                let mut entries = Vec::new();
                loop {
                    let (event, span) = self.next()?;
                    if matches!(event, Event::MappingEnd) {
                        end = self.byte(span.end.index());
                        break Value::Map(entries);
                    }
                    let key = self.node(event, span, depth + 1)?;
                    let (event, span) = self.next()?;
                    let value = self.node(event, span, depth + 1)?;
                    entries.push((key.text().unwrap_or_default().to_owned(), value));
                }
            }
            // An alias stands for a value elsewhere, which is patched there.
            _ => Value::Scalar(String::new()),
        };
        Ok(Node {
            span: start..end,
            value,
        })
    }
}

/// Bytes of a scalar at the head of the text that the parser says is its own: that goes on over
/// blanks and a comment to the end of the line.
fn scalar_length(spanned: &str, style: ScalarStyle) -> usize {
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            closing(spanned).unwrap_or(spanned.len())
        }
        ScalarStyle::Plain => {
            let plain = spanned.split_once(" #").map_or(spanned, |(plain, _)| plain);
            plain.trim_end().len()
        }
        _ => spanned.len(),
    }
}

/// Where a quoted scalar ends: after the first quote that is neither doubled nor escaped.
fn closing(spanned: &str) -> Option<usize> {
    let quote = spanned.chars().next()?;
    let mut rest = spanned.char_indices().skip(1).peekable();
    while let Some((at, character)) = rest.next() {
        if character == '\\' && quote == '"' {
            rest.next();
        } else if character == quote {
            if quote == '\'' && rest.peek().is_some_and(|(_, next)| *next == quote) {
                rest.next();
                continue;
            }
            return Some(at + 1);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_in_bytes() {
        let text = "a: 'ü' # note\nb:\n  - c: !Ref X\n    d: ../code\n";
        let node = Node::parse(text).unwrap();
        let code = node.get("b").unwrap().items()[0].get("d").unwrap();
        assert_eq!(&text[code.span.clone()], "../code");
        assert_eq!(&text[node.get("a").unwrap().span.clone()], "'ü'");
    }

    #[test]
    fn faults_name_their_place() {
        let fault = Node::parse("a: [1, 2\nb: 3").unwrap_err();
        assert!(fault.starts_with("line "), "{fault}");
    }
}
