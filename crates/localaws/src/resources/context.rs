//! Whose resource a handler works on, and the names that follow from it.

use serde_json::{Map, Value, json};

use crate::{Ids, Scope};

use super::{Schema, Shape};

/// What a handler must know beside the properties.
#[derive(Debug, Clone)]
pub struct Context {
    /// Account and region.
    pub scope: Scope,
    /// For example `AWS::SQS::Queue`.
    pub type_name: String,
    /// Name in the template; empty where there is none (Cloud Control).
    pub logical_id: String,
    /// The stack's name, where there is a stack.
    pub stack_name: Option<String>,
    /// The stack's ARN, where there is a stack.
    pub stack_id: Option<String>,
    /// The stack's tags, which its resources take over where the template does not set them.
    pub tags: Vec<(String, String)>,
}

impl Context {
    /// The context of a resource without a stack.
    pub fn new(scope: Scope, type_name: impl Into<String>) -> Self {
        Self {
            scope,
            type_name: type_name.into(),
            logical_id: String::new(),
            stack_name: None,
            stack_id: None,
            tags: Vec::new(),
        }
    }

    /// `<stack>-<logical>-<RANDOM>` as CloudFormation makes it, shortened to `max` characters:
    /// the random part stays whole, the two names share what is left.
    pub(super) fn generated_name(&self, ids: &Ids, max: usize) -> String {
        let random = ids.upper(12);
        let room = max.saturating_sub(random.len() + 1);
        let names = [
            self.stack_name.as_deref().unwrap_or_default(),
            &self.logical_id,
        ];
        let given: Vec<&str> = names.into_iter().filter(|name| !name.is_empty()).collect();
        let mut name = given.join("-");
        if name.len() > room && given.len() == 2 {
            let (stack, logical) = (given.first().copied(), given.last().copied());
            let (stack, logical) = (stack.unwrap_or_default(), logical.unwrap_or_default());
            let half = room.saturating_sub(1) / 2;
            let logical_room = half.max(room.saturating_sub(1 + stack.len()));
            let logical = cut(logical, logical_room);
            name = format!(
                "{}-{logical}",
                cut(stack, room.saturating_sub(1 + logical.len()))
            );
        }
        match cut(&name, room) {
            "" => random,
            name => format!("{name}-{random}"),
        }
    }
}

fn cut(text: &str, length: usize) -> &str {
    text.get(..length).unwrap_or(text)
}

/// What the keys of CloudFormation's own tags begin with, and those of all other services' own.
const SYSTEM: &str = "aws:";

/// Adds the tags by which CloudFormation marks what it makes, on types that take them.
pub(super) fn with_system_tags(schema: &Schema, cx: &Context, properties: Value) -> Value {
    let (Some(name), Some(id), true) = (&cx.stack_name, &cx.stack_id, schema.takes_system_tags())
    else {
        return properties;
    };
    let marks = [
        ("logical-id", &cx.logical_id),
        ("stack-id", id),
        ("stack-name", name),
    ];
    let tags = marks.map(|(mark, value)| (format!("{SYSTEM}cloudformation:{mark}"), value.clone()));
    with_stack_tags(schema, &tags, properties)
}

/// Takes such tags out: they are no part of what templates describe.
pub(super) fn without_system_tags(schema: &Schema, mut properties: Value) -> Value {
    let tags = schema
        .tag_property()
        .and_then(|property| properties.get_mut(property));
    match tags {
        Some(Value::Array(list)) => list.retain(|tag| {
            let key = tag.get("Key").and_then(Value::as_str);
            !key.is_some_and(|key| key.starts_with(SYSTEM))
        }),
        Some(Value::Object(map)) => map.retain(|key, _| !key.starts_with(SYSTEM)),
        _ => {}
    }
    properties
}

/// Adds the stack's tags that the properties do not set themselves.
pub(super) fn with_stack_tags(
    schema: &Schema,
    tags: &[(String, String)],
    mut properties: Value,
) -> Value {
    let Some(property) = schema.tag_property() else {
        return properties;
    };
    let (Some(shape), Value::Object(members)) = (schema.property(property), &mut properties) else {
        return properties;
    };
    if tags.is_empty() {
        return properties;
    }
    match schema.resolve(shape) {
        Shape::List(item) => {
            let Shape::Structure(item) = schema.resolve(item) else {
                return properties;
            };
            // Some types have members of their own here (`PropagateAtLaunch`) that must be given.
            if !item.members.contains_key("Key")
                || item
                    .required
                    .iter()
                    .any(|name| name != "Key" && name != "Value")
            {
                return properties;
            }
            let list = members.entry(property).or_insert_with(|| json!([]));
            if let Value::Array(list) = list {
                for (key, value) in tags {
                    if !list
                        .iter()
                        .any(|tag| tag.get("Key").and_then(Value::as_str) == Some(key))
                    {
                        list.push(json!({ "Key": key, "Value": value }));
                    }
                }
            }
        }
        Shape::Map(_) | Shape::Object | Shape::Document => {
            let map = members
                .entry(property)
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(map) = map {
                for (key, value) in tags {
                    map.entry(key).or_insert_with(|| json!(value));
                }
            }
        }
        _ => {}
    }
    properties
}
