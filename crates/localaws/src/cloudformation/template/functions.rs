//! The intrinsic functions: which there are, the form of their arguments, what they refer to.

use std::collections::BTreeSet;

use serde_json::Value;

/// Functions that resources and outputs may use.
const VALUES: [&str; 17] = [
    "Fn::Base64",
    "Fn::GetAtt",
    "Fn::GetAZs",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Split",
    "Fn::FindInMap",
    "Fn::Select",
    "Ref",
    "Fn::Equals",
    "Fn::If",
    "Fn::Not",
    "Condition",
    "Fn::And",
    "Fn::Or",
    "Fn::Sub",
    "Fn::Cidr",
];

/// Functions of the transform `AWS::LanguageExtensions` that are built in.
const EXTENSIONS: [&str; 2] = ["Fn::Length", "Fn::ToJsonString"];

/// Something that a template refers to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// A parameter, a pseudo parameter or a resource.
    Name(String),
    /// An attribute of a resource.
    Attribute(String, String),
}

impl Reference {
    /// The name of what is referred to, without the attribute.
    pub(crate) fn name(&self) -> &str {
        match self {
            Self::Name(name) | Self::Attribute(name, _) => name,
        }
    }
}

/// A function and its argument, where the value is a call of one.
pub(super) fn call(value: &Value) -> Option<(&str, &Value)> {
    let Value::Object(map) = value else {
        return None;
    };
    let (name, argument) = map.iter().next()?;
    let is_call = map.len() == 1 && (name == "Ref" || name.starts_with("Fn::"));
    is_call.then_some((name, argument))
}

/// The fault of what a macro would have to process.
pub(super) fn macro_call(what: &str) -> String {
    format!("{what} is not supported by this endpoint: process the template before deploying it")
}

/// What is wrong with a call, as far as it shows without resolving anything.
pub(super) fn fault(name: &str, argument: &Value) -> Option<String> {
    let list = |n: std::ops::RangeInclusive<usize>| {
        argument
            .as_array()
            .is_some_and(|all| n.contains(&all.len()))
    };
    let (fine, text) = match name {
        "Ref" => (
            argument.is_string(),
            "Template error: every Ref object must have a single String value.",
        ),
        "Fn::GetAtt" => (
            attribute(argument).is_some(),
            "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
        ),
        "Fn::Sub" => (
            argument.is_string() || (list(2..=2) && sub_parts(argument).is_some()),
            "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
        ),
        "Fn::Join" => (
            list(2..=2) && argument.get(0).is_some_and(Value::is_string),
            "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
        ),
        "Fn::Split" => (
            list(2..=2) && argument.get(0).is_some_and(Value::is_string),
            "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
        ),
        "Fn::Select" => (
            list(2..=2),
            "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
        ),
        "Fn::FindInMap" => (
            list(3..=4),
            "Template error: every Fn::FindInMap object requires three parameters, the map name, map key and the attribute for return value",
        ),
        "Fn::If" => (
            list(3..=3) && argument.get(0).is_some_and(Value::is_string),
            "Template error: Fn::If requires a list argument with three elements: a condition name, a value if true and a value if false",
        ),
        "Fn::Cidr" => (
            list(2..=3),
            "Template error: every Fn::Cidr object requires two required parameters, (1) ipBlock and (2) count, and one optional parameter (3) cidrBits",
        ),
        "Fn::ImportValue" | "Fn::Base64" | "Fn::GetAZs" => (
            argument.is_string() || call(argument).is_some(),
            match name {
                "Fn::ImportValue" => {
                    "Template error: the attribute in Fn::ImportValue must be a string or a function that returns a string"
                }
                "Fn::Base64" => {
                    "Template error: every Fn::Base64 object must have a String-typed value."
                }
                _ => "Template error: every Fn::GetAZs object must have a String-typed value.",
            },
        ),
        "Fn::Transform" => return Some(macro_call(name)),
        known if VALUES.contains(&known) || EXTENSIONS.contains(&known) => (true, ""),
        unknown => {
            return Some(format!(
                "Template error: Encountered unsupported function: {unknown} Supported functions are: [{}]",
                VALUES.join(", ")
            ));
        }
    };
    (!fine).then(|| text.to_owned())
}

/// Resource and attribute of a `Fn::GetAtt`; the attribute may itself hold dots.
pub(super) fn attribute(argument: &Value) -> Option<(&str, &Value)> {
    let Value::Array(parts) = argument else {
        return None;
    };
    match parts.as_slice() {
        [Value::String(resource), attribute] if !resource.is_empty() => {
            let fine = match attribute {
                Value::String(name) => !name.is_empty(),
                other => call(other).is_some(),
            };
            fine.then_some((resource, attribute))
        }
        _ => None,
    }
}

/// A piece of the text of a `Fn::Sub`.
#[derive(Debug, PartialEq)]
pub(super) enum Piece<'t> {
    /// Kept as it is.
    Text(&'t str),
    /// `${!Name}`, which gives `${Name}`.
    Literal(&'t str),
    /// `${Name}` or `${Resource.Attribute}`.
    Variable(&'t str),
}

/// Cuts the text of a `Fn::Sub`; an error is the fault.
pub(super) fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        if !before.is_empty() {
            pieces.push(Piece::Text(before));
        }
        rest = behind;
        if let Some(literal) = name.strip_prefix('!') {
            pieces.push(Piece::Literal(literal));
            continue;
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
        if name.is_empty() || !name.chars().all(fine) {
            return Err("Template error: variable names in Fn::Sub syntax must contain only alphanumeric characters, underscores, periods, and colons".to_owned());
        }
        pieces.push(Piece::Variable(name));
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

/// Text and variables of a `Fn::Sub`.
pub(super) fn sub_parts(
    argument: &Value,
) -> Option<(&str, Option<&serde_json::Map<String, Value>>)> {
    match argument {
        Value::String(text) => Some((text, None)),
        Value::Array(parts) => match parts.as_slice() {
            [Value::String(text), Value::Object(variables)] => Some((text, Some(variables))),
            _ => None,
        },
        _ => None,
    }
}

/// Calls `visit` for every function in a value, arguments included.
pub(super) fn walk<'v>(value: &'v Value, visit: &mut impl FnMut(&'v str, &'v Value)) {
    if let Some((name, argument)) = call(value) {
        visit(name, argument);
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| walk(value, visit)),
        Value::Object(map) => map.values().for_each(|value| walk(value, visit)),
        _ => {}
    }
}

/// Everything that a value refers to, in the order of the text, each once.
pub(crate) fn references(value: &Value) -> Vec<Reference> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    walk(value, &mut |name, argument| {
        let references = match (name, argument) {
            ("Ref", Value::String(name)) => vec![Reference::Name(name.clone())],
            ("Fn::GetAtt", argument) => attribute(argument)
                .map(|(resource, name)| {
                    let name = name.as_str().unwrap_or_default();
                    Reference::Attribute(resource.to_owned(), name.to_owned())
                })
                .into_iter()
                .collect(),
            ("Fn::Sub", argument) => in_sub(argument),
            _ => Vec::new(),
        };
        for reference in references {
            if seen.insert(reference.clone()) {
                found.push(reference);
            }
        }
    });
    found
}

fn in_sub(argument: &Value) -> Vec<Reference> {
    let Some((text, variables)) = sub_parts(argument) else {
        return Vec::new();
    };
    let pieces = pieces(text).unwrap_or_default();
    let names = pieces.iter().filter_map(|piece| match piece {
        Piece::Variable(name) if !variables.is_some_and(|own| own.contains_key(*name)) => {
            Some(*name)
        }
        _ => None,
    });
    names
        .map(|name| match name.split_once('.') {
            Some((resource, attribute)) => {
                Reference::Attribute(resource.to_owned(), attribute.to_owned())
            }
            None => Reference::Name(name.to_owned()),
        })
        .collect()
}
