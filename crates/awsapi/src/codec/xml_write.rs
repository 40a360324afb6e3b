//! XML bodies, written.

use serde_json::{Map, Value};

use super::{Mismatch, Within, scalar, sqs_names};
use crate::model::{Kind, Location, Member, Namespace, Shape, TimestampFormat};

/// Text that is being written.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    out: String,
}

impl Writer {
    /// Begins a document.
    pub(crate) fn document() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned(),
        }
    }

    pub(crate) fn finish(self) -> String {
        self.out
    }

    pub(crate) fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.out.push('<');
        self.out.push_str(name);
        for (key, value) in attributes {
            self.out.push(' ');
            self.out.push_str(key);
            self.out.push_str("=\"");
            self.escape(value);
            self.out.push('"');
        }
        self.out.push('>');
    }

    pub(crate) fn close(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    /// An element with nothing but text.
    pub(crate) fn leaf(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.escape(text);
        self.close(name);
    }

    /// Text inside the open element.
    pub(crate) fn text(&mut self, text: &str) {
        self.escape(text);
    }

    fn escape(&mut self, text: &str) {
        for c in text.chars() {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                // Readers would make a line feed of it.
                '\r' => self.out.push_str("&#xD;"),
                '\t' | '\n' => self.out.push(c),
                // XML 1.0 has no way to write these, not even as references (production 2): one
                // such value must not make the whole answer unreadable. What AWS does with them
                // is documented for S3 alone (`encoding-type`), so this is a guess.
                '\0'..=' ' if c != ' ' => self.out.push(char::REPLACEMENT_CHARACTER),
                '\u{fffe}' | '\u{ffff}' => self.out.push(char::REPLACEMENT_CHARACTER),
                c => self.out.push(c),
            }
        }
    }

    /// The members of a structure that a body carries, without an element around them.
    pub(crate) fn members(
        &mut self,
        shape: Shape,
        value: &Map<String, Value>,
    ) -> Result<(), Mismatch> {
        for (name, value) in value.iter().filter(|(_, value)| !value.is_null()) {
            let Some(member) = shape.member(name) else {
                return Err(Mismatch::new("no such member")).within(name);
            };
            if member.location() == Location::Body && !member.data.xml_attribute {
                let wire = element_name(shape, member);
                self.member(member, wire, value).within(name)?;
            }
        }
        Ok(())
    }

    /// A structure in an element of its own.
    pub(crate) fn structure(
        &mut self,
        name: &str,
        shape: Shape,
        namespace: Option<Namespace>,
        value: &Map<String, Value>,
    ) -> Result<(), Mismatch> {
        let declaration = namespace.map(|(prefix, uri)| match prefix {
            "" => ("xmlns".to_owned(), uri),
            prefix => (format!("xmlns:{prefix}"), uri),
        });
        let mut attributes: Vec<(&str, &str)> = Vec::new();
        attributes.extend(declaration.iter().map(|(key, uri)| (key.as_str(), *uri)));
        for member in shape.members().filter(|member| member.data.xml_attribute) {
            if let Some(Value::String(text)) = value.get(member.name()) {
                attributes.push((member.serial_name(), text));
            }
        }
        self.open(name, &attributes);
        self.members(shape, value)?;
        self.close(name);
        Ok(())
    }

    fn member(&mut self, member: Member, name: &str, value: &Value) -> Result<(), Mismatch> {
        let shape = member.shape();
        match (shape.kind(), value) {
            (Kind::Structure, Value::Object(map)) => {
                let namespace = member.data.namespace.or(shape.data.namespace);
                self.structure(name, shape, namespace, map)
            }
            (Kind::List, Value::Array(items)) => {
                let Some(element) = shape.element() else {
                    return Ok(());
                };
                let flat = member.is_flattened();
                let inner = match flat {
                    true => name,
                    false => element.data.wire_name.unwrap_or("member"),
                };
                self.wrapped(name, flat, |writer| {
                    for (index, item) in items.iter().enumerate() {
                        writer.member(element, inner, item).within(index)?;
                    }
                    Ok(())
                })
            }
            (Kind::Map, Value::Object(map)) => {
                let (Some(key), Some(element)) = (shape.key(), shape.value()) else {
                    return Ok(());
                };
                let old = sqs_names::entry(member);
                let names = (
                    key.data.wire_name.unwrap_or("key"),
                    element.data.wire_name.unwrap_or("value"),
                );
                let (key_name, value_name) = old.unwrap_or(names);
                let flat = member.is_flattened();
                let inner = if flat { name } else { "entry" };
                self.wrapped(name, flat, |writer| {
                    for (key, item) in map {
                        writer.open(inner, &[]);
                        writer.leaf(key_name, key);
                        writer.member(element, value_name, item).within(key)?;
                        writer.close(inner);
                    }
                    Ok(())
                })
            }
            (Kind::Structure | Kind::Map, _) => Err(scalar::unexpected("an object", value)),
            (Kind::List, _) => Err(scalar::unexpected("a list", value)),
            _ => {
                let text = scalar::to_text(member, value, TimestampFormat::Iso8601)?;
                self.leaf(name, &text);
                Ok(())
            }
        }
    }

    fn wrapped(
        &mut self,
        name: &str,
        flat: bool,
        items: impl FnOnce(&mut Self) -> Result<(), Mismatch>,
    ) -> Result<(), Mismatch> {
        if flat {
            return items(self);
        }
        self.open(name, &[]);
        items(self)?;
        self.close(name);
        Ok(())
    }
}

/// The element of a member; of a flattened list, the one that its elements ask for.
fn element_name(shape: Shape, member: Member) -> &'static str {
    if member.is_flattened() {
        let element = member.shape().element().and_then(|e| e.data.wire_name);
        if let Some(name) = element.or(sqs_names::member(shape, member)) {
            return name;
        }
    }
    member.serial_name()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_leaves_a_document_that_can_be_read() {
        for (text, read) in [
            ("a & b <c> \"d\"", "a & b <c> \"d\""),
            ("line\r\n\tnext\r", "line\r\n\tnext\r"),
            ("\u{1b}[31m \0\u{ffff} ü", "\u{fffd}[31m \u{fffd}\u{fffd} ü"),
        ] {
            let mut writer = Writer::document();
            writer.leaf("Value", text);
            let written = writer.finish();
            let document = roxmltree::Document::parse(&written).unwrap();
            assert_eq!(document.root_element().text(), Some(read), "{written}");
        }
    }
}
