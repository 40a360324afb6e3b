//! The type of a value, in the short form of the table.

use std::collections::BTreeMap;

use serde::de::{Deserialize, Deserializer, Error};
use serde_json::{Map, Value};

/// The type of a property.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// `"s"`
    Text,
    /// `{"e": ["A", "B"]}`: one of these texts.
    Choice(Vec<String>),
    /// `"i"`
    Integer,
    /// `"n"`
    Number,
    /// `"b"`
    Boolean,
    /// `"o"`: an object of any members.
    Object,
    /// `"j"`: a document, as an object or as text.
    Document,
    /// `"a"`
    Any,
    /// `{"l": item}`
    List(Box<Shape>),
    /// `{"m": value}`: an object whose names are free.
    Map(Box<Shape>),
    /// `{"p": {name: type}, "q": [required], "x": 1 for unknown members}`
    Structure(Structure),
    /// `{"u": [types]}`: one of these.
    Union(Vec<Shape>),
    /// `"#Name"`
    Definition(String),
}

/// An object of known members.
#[derive(Debug, Clone, PartialEq)]
pub struct Structure {
    /// Type by name.
    pub members: BTreeMap<String, Shape>,
    /// Names that must be there.
    pub required: Vec<String>,
    /// Whether other names may be there too.
    pub open: bool,
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        parse(&value).ok_or_else(|| D::Error::custom(format!("not a type: {value}")))
    }
}

fn parse(value: &Value) -> Option<Shape> {
    match value {
        Value::String(text) => Some(match text.as_str() {
            "s" => Shape::Text,
            "i" => Shape::Integer,
            "n" => Shape::Number,
            "b" => Shape::Boolean,
            "o" => Shape::Object,
            "j" => Shape::Document,
            "a" => Shape::Any,
            name => Shape::Definition(name.strip_prefix('#')?.to_owned()),
        }),
        Value::Object(form) => parse_form(form),
        _ => None,
    }
}

fn parse_form(form: &Map<String, Value>) -> Option<Shape> {
    if let Some(item) = form.get("l") {
        return Some(Shape::List(Box::new(parse(item)?)));
    }
    if let Some(value) = form.get("m") {
        return Some(Shape::Map(Box::new(parse(value)?)));
    }
    if let Some(choices) = form.get("e") {
        return Some(Shape::Choice(texts(choices)));
    }
    if let Some(shapes) = form.get("u") {
        let shapes = shapes.as_array()?.iter().map(parse);
        return Some(Shape::Union(shapes.collect::<Option<_>>()?));
    }
    let members = form.get("p")?.as_object()?;
    let members = members
        .iter()
        .map(|(name, member)| Some((name.clone(), parse(member)?)));
    Some(Shape::Structure(Structure {
        members: members.collect::<Option<_>>()?,
        required: form.get("q").map(texts).unwrap_or_default(),
        open: form.contains_key("x"),
    }))
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}
