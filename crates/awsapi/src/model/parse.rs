//! Reads a service's table; `generate.py` writes it.
//!
//! A first line counts the operations, a line each follows, then the errors that no operation
//! lists, then a line a shape. Shapes are numbered by line; a `+` is the next number that was not
//! mentioned yet. Strings borrow the text.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

use super::archive::Entry;
use super::{
    Body, Kind, Location, MemberData, Namespace, OperationData, Service, ShapeData, TimestampFormat,
};

/// Reads a table, or nothing if it is not well formed.
pub(super) fn service(entry: &'static Entry, text: &'static str) -> Option<Service> {
    let mut lines = text.split('\n');
    let mut mentions = Mentions { next: 0 };
    let count = lines.next()?.parse().ok()?;
    let mut operations = Vec::with_capacity(count);
    for _ in 0..count {
        operations.push(operation(lines.next()?, &mut mentions)?);
    }
    for other in words(lines.next()?) {
        mentions.number(other)?;
    }
    let mut shapes = Vec::new();
    for line in lines.filter(|line| !line.is_empty()) {
        shapes.push(shape(line, &mut mentions)?);
    }
    if mentions.next as usize != shapes.len() {
        return None;
    }
    let by_name = operations.iter().enumerate().map(|(i, o)| (o.name, i));
    let structures = shapes.iter().enumerate().map(|(i, s)| (s.name, i));
    Some(Service {
        by_name: by_name.collect(),
        structures: structures
            .filter(|(name, _)| !name.is_empty())
            .collect::<HashMap<_, _>>(),
        entry,
        operations,
        shapes,
        routes: OnceLock::new(),
    })
}

/// Undoes the escapes of a field.
pub(super) fn text(field: &'static str) -> Cow<'static, str> {
    if !field.contains('\\') {
        return Cow::Borrowed(field);
    }
    let mut out = String::with_capacity(field.len());
    let mut chars = field.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('t') => out.push('\t'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    Cow::Owned(out)
}

/// Gives shapes their numbers, in the order of their first mention.
struct Mentions {
    next: u32,
}

impl Mentions {
    fn number(&mut self, word: &str) -> Option<u32> {
        if word == "+" {
            self.next += 1;
            return Some(self.next - 1);
        }
        word.parse().ok().filter(|&number| number < self.next)
    }

    fn optional(&mut self, word: &str) -> Option<Option<u32>> {
        match word {
            "" => Some(None),
            word => self.number(word).map(Some),
        }
    }
}

fn words(field: &'static str) -> impl Iterator<Item = &'static str> {
    field.split(' ').filter(|word| !word.is_empty())
}

fn operation(line: &'static str, mentions: &mut Mentions) -> Option<OperationData> {
    let mut fields = line.split('\t');
    let mut operation = OperationData {
        name: fields.next()?,
        method: fields.next()?,
        uri: fields.next()?,
        status: fields.next()?.parse().ok()?,
        input: mentions.optional(fields.next()?)?,
        output: mentions.optional(fields.next()?)?,
        errors: words(fields.next()?)
            .map(|word| mentions.number(word))
            .collect::<Option<_>>()?,
        ..OperationData::default()
    };
    for word in words(fields.next()?) {
        let (flag, rest) = word.split_at_checked(1)?;
        match flag {
            "=" => operation.input_name = Some(rest),
            "x" => operation.input_namespace = Some(namespace(rest)?),
            "w" => operation.result_wrapper = Some(rest),
            "h" => operation.host_prefix = Some(rest),
            "n" => operation.unsigned = true,
            "c" => operation.checksum = true,
            "d" => operation.deprecated = true,
            _ => return None,
        }
    }
    Some(operation)
}

fn shape(line: &'static str, mentions: &mut Mentions) -> Option<ShapeData> {
    let mut fields = line.split('\t');
    let mut shape = ShapeData {
        name: fields.next()?,
        kind: kind(fields.next()?)?,
        body: Body::Scalar,
        wire_name: None,
        namespace: None,
        payload: None,
        timestamp: None,
        error_code: None,
        status: None,
        min: None,
        max: None,
        exception: false,
        union: false,
        document: false,
        event_stream: false,
        flattened: false,
        streaming: false,
        sparse: false,
    };
    for word in words(fields.next()?) {
        attribute(&mut shape, word)?;
    }
    shape.body = match shape.kind {
        Kind::Structure => {
            let member = |field: &'static str| {
                let (name, reference) = field.split_once(' ')?;
                self::reference(name, reference, mentions)
            };
            Body::Structure(fields.map(member).collect::<Option<_>>()?)
        }
        Kind::List => Body::List(reference("", fields.next()?, mentions)?),
        Kind::Map => {
            let key = reference("", fields.next()?, mentions)?;
            Body::Map(key, reference("", fields.next()?, mentions)?)
        }
        Kind::String => Body::Text {
            pattern: fields.next()?,
            values: fields.collect(),
        },
        _ => Body::Scalar,
    };
    Some(shape)
}

fn kind(code: &str) -> Option<Kind> {
    Some(match code {
        "S" => Kind::Structure,
        "L" => Kind::List,
        "M" => Kind::Map,
        "s" => Kind::String,
        "b" => Kind::Boolean,
        "i" => Kind::Integer,
        "l" => Kind::Long,
        "f" => Kind::Float,
        "d" => Kind::Double,
        "t" => Kind::Timestamp,
        "B" => Kind::Blob,
        _ => return None,
    })
}

fn attribute(shape: &mut ShapeData, word: &'static str) -> Option<()> {
    let (flag, rest) = word.split_at_checked(1)?;
    match flag {
        "X" => shape.exception = true,
        "U" => shape.union = true,
        "D" => shape.document = true,
        "V" => shape.event_stream = true,
        "f" => shape.flattened = true,
        "s" => shape.streaming = true,
        "n" => shape.sparse = true,
        "P" => shape.payload = Some(rest),
        "=" => shape.wire_name = Some(rest),
        "x" => shape.namespace = Some(namespace(rest)?),
        "T" => shape.timestamp = Some(timestamp(rest)?),
        "C" => shape.error_code = Some(rest),
        "E" => shape.status = Some(rest.parse().ok()?),
        "<" => shape.min = Some(rest.parse().ok()?),
        ">" => shape.max = Some(rest.parse().ok()?),
        _ => return None,
    }
    Some(())
}

fn reference(
    name: &'static str,
    field: &'static str,
    mentions: &mut Mentions,
) -> Option<MemberData> {
    let mut parts = words(field);
    let mut member = MemberData {
        name,
        shape: mentions.number(parts.next()?)?,
        ..MemberData::default()
    };
    for word in parts {
        let (flag, rest) = word.split_at_checked(1)?;
        match flag {
            "!" => member.required = true,
            "@" => member.location = location(rest)?,
            "=" => member.wire_name = Some(rest),
            "?" => member.query_name = Some(rest),
            "T" => member.timestamp = Some(timestamp(rest)?),
            "x" => member.namespace = Some(namespace(rest)?),
            "f" => member.flattened = true,
            "t" => member.idempotency_token = true,
            "j" => member.json_value = true,
            "a" => member.xml_attribute = true,
            "s" => member.streaming = true,
            "h" => member.host_label = true,
            _ => return None,
        }
    }
    Some(member)
}

fn location(code: &str) -> Option<Location> {
    Some(match code {
        "u" => Location::Uri,
        "q" => Location::Query,
        "h" => Location::Header,
        "H" => Location::Headers,
        "s" => Location::Status,
        _ => return None,
    })
}

fn timestamp(code: &str) -> Option<TimestampFormat> {
    Some(match code {
        "i" => TimestampFormat::Iso8601,
        "u" => TimestampFormat::Unix,
        "r" => TimestampFormat::Rfc822,
        _ => return None,
    })
}

fn namespace(field: &'static str) -> Option<Namespace> {
    field.split_once(',')
}
