//! Intrinsic functions: where they are, and what they refer to.

use document::{Kind, Node};

/// Language extensions bring functions that stand where others do; other transforms rewrite all.
const EXTENSIONS: &str = "AWS::LanguageExtensions";

/// Functions that CloudFormation knows.
pub(in crate::check) const KNOWN: [&str; 20] = [
    "Condition",
    "Fn::And",
    "Fn::Base64",
    "Fn::Cidr",
    "Fn::Equals",
    "Fn::FindInMap",
    "Fn::GetAZs",
    "Fn::GetAtt",
    "Fn::If",
    "Fn::ImportValue",
    "Fn::Join",
    "Fn::Length",
    "Fn::Not",
    "Fn::Or",
    "Fn::Select",
    "Fn::Split",
    "Fn::Sub",
    "Fn::ToJsonString",
    "Fn::Transform",
    "Ref",
];

/// Functions of rules, which stand only there.
pub(in crate::check) const OF_RULES: [&str; 6] = [
    "Fn::Contains",
    "Fn::EachMemberEquals",
    "Fn::EachMemberIn",
    "Fn::RefAll",
    "Fn::ValueOf",
    "Fn::ValueOfAll",
];

/// The name of a function and its argument, if a value is a call.
pub(in crate::check) fn call(node: &Node) -> Option<(&str, &Node)> {
    let [member] = node.members() else {
        return None;
    };
    let name = member.key.as_str();
    let is_call = name == "Ref" || name.starts_with("Fn::");
    is_call.then_some((name, &member.value))
}

/// Calls `visit` for every call in a value, arguments included.
pub(in crate::check) fn walk<'n>(
    node: &'n Node,
    visit: &mut impl FnMut(&'n str, &'n Node, &'n Node),
) {
    if let Some((name, argument)) = call(node) {
        visit(name, argument, node);
    }
    match &node.kind {
        Kind::Array(items) => items.iter().for_each(|item| walk(item, visit)),
        Kind::Object(members) => members.iter().for_each(|member| walk(&member.value, visit)),
        _ => {}
    }
}

/// Whether a template is rewritten before it is deployed.
pub(in crate::check) fn has_macros(root: &Node) -> bool {
    let transforms = root.get("Transform");
    let is_other = |node: &Node| node.as_str() != Some(EXTENSIONS);
    let rewritten = transforms.is_some_and(|node| match &node.kind {
        Kind::Array(items) => items.iter().any(is_other),
        _ => is_other(node),
    });
    rewritten
        || has_key(root, &|key| {
            key == "Fn::Transform" || key.starts_with("Fn::ForEach")
        })
}

fn has_key(node: &Node, wanted: &impl Fn(&str) -> bool) -> bool {
    match &node.kind {
        Kind::Array(items) => items.iter().any(|item| has_key(item, wanted)),
        Kind::Object(members) => members
            .iter()
            .any(|member| wanted(&member.key) || has_key(&member.value, wanted)),
        _ => false,
    }
}

/// Something that a value refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::check) enum Reference {
    /// A parameter, a pseudo parameter or a resource.
    Name(String),
    /// A resource and its attribute; no name where it is computed.
    Attribute(String, Option<String>),
}

/// What a call refers to. An error is the fault of its form.
pub(in crate::check) fn references(name: &str, argument: &Node) -> Result<Vec<Reference>, String> {
    match name {
        "Ref" => match argument.as_str() {
            Some(name) => Ok(vec![Reference::Name(name.to_owned())]),
            None => Err("Ref names one thing".to_owned()),
        },
        "Fn::GetAtt" => match argument.items() {
            [resource, attribute] if resource.as_str().is_some_and(|name| !name.is_empty()) => {
                let resource = resource.as_str().unwrap_or_default().to_owned();
                let attribute = attribute.as_str().map(str::to_owned);
                Ok(vec![Reference::Attribute(resource, attribute)])
            }
            _ => Err("Fn::GetAtt names a resource and its attribute".to_owned()),
        },
        "Fn::Sub" => in_sub(argument),
        _ => Ok(Vec::new()),
    }
}

fn in_sub(argument: &Node) -> Result<Vec<Reference>, String> {
    let (text, variables) = match argument.items() {
        [text, variables] => (text.as_str(), variables.members()),
        _ => (argument.as_str(), Default::default()),
    };
    let text = text.ok_or("Fn::Sub takes a text, and variables in an object beside it")?;
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once("${") {
        let Some((name, behind)) = after.split_once('}') else {
            break;
        };
        rest = behind;
        let is_literal = name.starts_with('!');
        if is_literal || variables.iter().any(|variable| variable.key == name) {
            continue;
        }
        let fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | ':');
        if name.is_empty() || !name.chars().all(fine) {
            return Err(format!(
                "`${{{name}}}` is no variable: write `${{!{name}}}` if it shall stay as it is"
            ));
        }
        found.push(match name.split_once('.') {
            Some((resource, attribute)) => {
                Reference::Attribute(resource.to_owned(), Some(attribute.to_owned()))
            }
            None => Reference::Name(name.to_owned()),
        });
    }
    Ok(found)
}

/// How many arguments a function takes, where it takes a list of them.
pub(in crate::check) fn arguments(name: &str) -> Option<std::ops::RangeInclusive<usize>> {
    Some(match name {
        "Fn::Join" | "Fn::Split" | "Fn::Select" | "Fn::Equals" => 2..=2,
        "Fn::If" => 3..=3,
        "Fn::FindInMap" => 3..=4,
        "Fn::Cidr" => 2..=3,
        "Fn::And" | "Fn::Or" => 2..=10,
        "Fn::Not" => 1..=1,
        _ => return None,
    })
}
