//! Form parameters of the query protocol and of EC2's dialect: `Tags.member.1.Key=a`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Mismatch, Within, scalar, sqs_names};
use crate::model::{Kind, Member, Shape, TimestampFormat};

/// Which of the two dialects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    Query,
    Ec2,
}

/// Parameters by the dots in their names. Numbers sort as numbers.
#[derive(Debug, Default)]
pub(crate) struct Tree {
    value: Option<String>,
    children: BTreeMap<Step, Tree>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Number(u32),
    Name(String),
}

impl Step {
    fn parse(text: &str) -> Self {
        match text.parse() {
            Ok(number) => Self::Number(number),
            Err(_) => Self::Name(text.to_owned()),
        }
    }
}

impl Tree {
    pub(crate) fn new(pairs: Vec<(String, String)>) -> Self {
        let mut root = Self::default();
        for (name, value) in pairs {
            let mut node = &mut root;
            for step in name.split('.') {
                node = node.children.entry(Step::parse(step)).or_default();
            }
            node.value = Some(value);
        }
        root
    }

    fn child(&self, name: &str) -> Option<&Self> {
        // Wire names may have dots of their own: `Filter.1`.
        name.split('.')
            .try_fold(self, |node, step| node.children.get(&Step::parse(step)))
    }

    /// Children with numbers, in their order.
    fn numbered(&self) -> impl Iterator<Item = &Self> {
        let numbered = |(step, tree)| matches!(step, &Step::Number(_)).then_some(tree);
        self.children.iter().filter_map(numbered)
    }
}

impl Dialect {
    /// The members that parameters give.
    pub(crate) fn decode(self, shape: Shape, tree: &Tree) -> Result<Map<String, Value>, Mismatch> {
        let mut out = Map::new();
        for member in shape.members() {
            let Some(node) = self.find(shape, member, tree) else {
                continue;
            };
            let value = self.decode_member(member, node).within(member.name())?;
            out.insert(member.name().to_owned(), value);
        }
        Ok(out)
    }

    fn find(self, shape: Shape, member: Member, tree: &Tree) -> Option<&Tree> {
        let name = self.name(member);
        if self == Self::Query && flattened(member) {
            // The element's own name stands in place of the list's.
            let element = member.shape().element().and_then(|e| e.data.wire_name);
            let old = sqs_names::member(shape, member);
            let names = [element, old, Some(&*name)].into_iter().flatten();
            return names.filter_map(|name| tree.child(name)).next();
        }
        tree.child(&name)
    }

    fn decode_member(self, member: Member, tree: &Tree) -> Result<Value, Mismatch> {
        let shape = member.shape();
        match shape.kind() {
            Kind::Structure => Ok(Value::Object(self.decode(shape, tree)?)),
            Kind::List => {
                let Some(element) = shape.element() else {
                    return Ok(Value::Null);
                };
                let name = element.data.wire_name.unwrap_or("member");
                let inner = match self == Self::Ec2 || flattened(member) {
                    true => None,
                    false => tree.child(name),
                };
                let mut items = Vec::new();
                for (index, node) in inner.unwrap_or(tree).numbered().enumerate() {
                    items.push(self.decode_member(element, node).within(index)?);
                }
                Ok(Value::Array(items))
            }
            Kind::Map => {
                let (Some(key), Some(value)) = (shape.key(), shape.value()) else {
                    return Ok(Value::Null);
                };
                let (key_name, value_name) = map_names(member, key, value);
                let inner = match flattened(member) {
                    true => None,
                    false => tree.child("entry"),
                };
                let mut map = Map::new();
                for node in inner.unwrap_or(tree).numbered() {
                    let name = node.child(key_name).and_then(|n| n.value.clone());
                    if let (Some(name), Some(item)) = (name, node.child(value_name)) {
                        let decoded = self.decode_member(value, item).within(&name)?;
                        map.insert(name, decoded);
                    }
                }
                Ok(Value::Object(map))
            }
            _ => scalar::from_text(member, tree.value.as_deref().unwrap_or_default()),
        }
    }

    /// Appends the parameters of a structure.
    pub(crate) fn encode(
        self,
        shape: Shape,
        value: &Map<String, Value>,
        prefix: &str,
        out: &mut Vec<(String, String)>,
    ) -> Result<(), Mismatch> {
        for (name, value) in value.iter().filter(|(_, value)| !value.is_null()) {
            let Some(member) = shape.member(name) else {
                return Err(Mismatch::new("no such member")).within(name);
            };
            let mut wire = self.name(member);
            if self == Self::Query && flattened(member) {
                let element = member.shape().element().and_then(|e| e.data.wire_name);
                wire = element.map_or(wire, str::to_owned);
            }
            self.encode_member(member, value, &join(prefix, &wire), out)
                .within(name)?;
        }
        Ok(())
    }

    fn encode_member(
        self,
        member: Member,
        value: &Value,
        prefix: &str,
        out: &mut Vec<(String, String)>,
    ) -> Result<(), Mismatch> {
        let shape = member.shape();
        match (shape.kind(), value) {
            (Kind::Structure, Value::Object(map)) => self.encode(shape, map, prefix, out),
            (Kind::List, Value::Array(items)) => {
                let Some(element) = shape.element() else {
                    return Ok(());
                };
                if items.is_empty() && self == Self::Query {
                    out.push((prefix.to_owned(), String::new()));
                }
                let name = element.data.wire_name.unwrap_or("member");
                let prefix = match self == Self::Ec2 || flattened(member) {
                    true => prefix.to_owned(),
                    false => join(prefix, name),
                };
                for (index, item) in items.iter().enumerate() {
                    let prefix = format!("{prefix}.{}", index + 1);
                    self.encode_member(element, item, &prefix, out)
                        .within(index)?;
                }
                Ok(())
            }
            (Kind::Map, Value::Object(map)) => {
                let (Some(key), Some(element)) = (shape.key(), shape.value()) else {
                    return Ok(());
                };
                let (key_name, value_name) = map_names(member, key, element);
                let prefix = match flattened(member) {
                    true => prefix.to_owned(),
                    false => join(prefix, "entry"),
                };
                for (index, (name, item)) in map.iter().enumerate() {
                    let prefix = format!("{prefix}.{}", index + 1);
                    out.push((join(&prefix, key_name), name.clone()));
                    self.encode_member(element, item, &join(&prefix, value_name), out)
                        .within(name)?;
                }
                Ok(())
            }
            (Kind::Structure | Kind::Map, _) => Err(scalar::unexpected("an object", value)),
            (Kind::List, _) => Err(scalar::unexpected("a list", value)),
            _ => {
                let text = scalar::to_text(member, value, TimestampFormat::Iso8601)?;
                out.push((prefix.to_owned(), text));
                Ok(())
            }
        }
    }

    /// A member's name in parameters.
    fn name(self, member: Member) -> String {
        match (self, member.data.query_name, member.data.wire_name) {
            (Self::Query, ..) => member.serial_name().to_owned(),
            (Self::Ec2, Some(query), _) => query.to_owned(),
            (Self::Ec2, None, Some(wire)) => capitalised(wire),
            (Self::Ec2, None, None) => member.name().to_owned(),
        }
    }
}

/// SQS's table has lost how its old protocol wrote lists; they all were flat.
fn flattened(member: Member) -> bool {
    member.is_flattened()
}

fn map_names(map: Member, key: Member, value: Member) -> (&'static str, &'static str) {
    if let Some(names) = sqs_names::entry(map) {
        return names;
    }
    (
        key.data.wire_name.unwrap_or("key"),
        value.data.wire_name.unwrap_or("value"),
    )
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn join(prefix: &str, name: &str) -> String {
    match prefix {
        "" => name.to_owned(),
        _ => format!("{prefix}.{name}"),
    }
}
