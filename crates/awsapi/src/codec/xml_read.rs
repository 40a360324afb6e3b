//! XML bodies, read. Namespaces and unknown elements are passed over, as AWS's clients do.

use roxmltree::Node;
use serde_json::{Map, Value};

use super::{Mismatch, Within, scalar, sqs_names};
use crate::model::{Kind, Location, Member, Shape};

/// Reads a document and hands over its root.
pub(crate) fn with_root<T>(
    body: &[u8],
    read: impl FnOnce(Node<'_, '_>) -> Result<T, Mismatch>,
) -> Result<T, Mismatch> {
    let text = std::str::from_utf8(body).map_err(|error| Mismatch::new(error.to_string()))?;
    let document =
        roxmltree::Document::parse(text).map_err(|error| Mismatch::new(error.to_string()))?;
    read(document.root_element())
}

/// The members of a structure among an element's children.
pub(crate) fn members(shape: Shape, node: Node<'_, '_>) -> Result<Map<String, Value>, Mismatch> {
    let mut out = Map::new();
    for member in shape.members() {
        if member.location() != Location::Body {
            continue;
        }
        if let Some(value) = find(shape, member, node).within(member.name())? {
            out.insert(member.name().to_owned(), value);
        }
    }
    Ok(out)
}

fn find(shape: Shape, member: Member, node: Node<'_, '_>) -> Result<Option<Value>, Mismatch> {
    let name = member.serial_name();
    if member.data.xml_attribute {
        let local = name.split_once(':').map_or(name, |(_, local)| local);
        let found = node.attributes().find(|a| a.name() == local);
        return Ok(found.map(|attribute| Value::from(attribute.value())));
    }
    if !member.is_flattened() {
        return match child(node, name) {
            Some(found) => self::value(member, found).map(Some),
            None => Ok(None),
        };
    }
    let element = member.shape().element().and_then(|e| e.data.wire_name);
    let names = [element, sqs_names::member(shape, member), Some(name)];
    for name in names.into_iter().flatten() {
        let found: Vec<_> = children(node)
            .filter(|c| c.tag_name().name() == name)
            .collect();
        if !found.is_empty() {
            return flat(member, &found).map(Some);
        }
    }
    Ok(None)
}

fn flat(member: Member, nodes: &[Node<'_, '_>]) -> Result<Value, Mismatch> {
    let shape = member.shape();
    match (shape.element(), shape.kind()) {
        (Some(element), _) => list(element, nodes.iter().copied()),
        (None, Kind::Map) => map(member, nodes.iter().copied()),
        _ => Ok(Value::Null),
    }
}

/// A member's value from its element.
pub(crate) fn value(member: Member, node: Node<'_, '_>) -> Result<Value, Mismatch> {
    let shape = member.shape();
    match shape.kind() {
        Kind::Structure => Ok(Value::Object(members(shape, node)?)),
        Kind::List => match shape.element() {
            Some(element) => list(element, children(node)),
            None => Ok(Value::Null),
        },
        Kind::Map => map(member, children(node)),
        _ => scalar::from_text(member, &text(node)),
    }
}

fn list<'a, 'i: 'a>(
    element: Member,
    nodes: impl Iterator<Item = Node<'a, 'i>>,
) -> Result<Value, Mismatch> {
    let item = |(index, node)| value(element, node).within(index);
    let items: Result<Vec<_>, _> = nodes.enumerate().map(item).collect();
    Ok(Value::Array(items?))
}

fn map<'a, 'i: 'a>(
    member: Member,
    entries: impl Iterator<Item = Node<'a, 'i>>,
) -> Result<Value, Mismatch> {
    let shape = member.shape();
    let (Some(key), Some(element)) = (shape.key(), shape.value()) else {
        return Ok(Value::Null);
    };
    let names = (
        key.data.wire_name.unwrap_or("key"),
        element.data.wire_name.unwrap_or("value"),
    );
    let (key_name, value_name) = sqs_names::entry(member).unwrap_or(names);
    let mut out = Map::new();
    for entry in entries {
        if let (Some(key), Some(item)) = (child(entry, key_name), child(entry, value_name)) {
            let key = text(key);
            let decoded = value(element, item).within(&key)?;
            out.insert(key, decoded);
        }
    }
    Ok(Value::Object(out))
}

/// All text of an element.
pub(crate) fn text(node: Node<'_, '_>) -> String {
    let parts = node.children().filter(Node::is_text);
    parts.filter_map(|part| part.text()).collect()
}

/// The first child element of this name.
pub(crate) fn child<'a, 'i>(node: Node<'a, 'i>, name: &str) -> Option<Node<'a, 'i>> {
    // Both sides may carry a prefix that the parser has split off: `xsi:type`.
    children(node).find(|child| child.tag_name().name() == name)
}

fn children<'a, 'i>(node: Node<'a, 'i>) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(Node::is_element)
}
