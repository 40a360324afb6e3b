//! Parts of identifiers that other properties tell: the destination of a route, the account.

use serde_json::{Map, Value};

use super::super::{Context, Schema};

/// The part of the primary identifier as far as it follows from declared properties or from where
/// the resource is. An identifier of one part is the resource's own and told by nothing.
pub(super) fn told(
    cx: &Context,
    schema: &Schema,
    part: &str,
    properties: &Map<String, Value>,
) -> Option<String> {
    if schema.primary_identifier().len() < 2 {
        return None;
    }
    let declared = |name: &str| properties.get(name).and_then(Value::as_str);
    match (schema.name(), part) {
        ("AWS::EC2::Route", "CidrBlock") => {
            let names = [
                "DestinationCidrBlock",
                "DestinationIpv6CidrBlock",
                "DestinationPrefixListId",
            ];
            return names.into_iter().find_map(declared).map(str::to_owned);
        }
        ("AWS::EC2::VPCGatewayAttachment", "AttachmentType") => {
            let kind = match declared("VpnGatewayId") {
                Some(_) => "VGW",
                None => "IGW",
            };
            return Some(kind.to_owned());
        }
        _ => {}
    }
    if part.ends_with("AccountId") || part == "CatalogId" {
        return Some(cx.scope.account.clone());
    }
    if part == "Region" {
        return Some(cx.scope.region.clone());
    }
    named(part, declared).or_else(|| inside(part, properties))
}

/// `DomainId` is what `DomainIdentifier` names, `ApplicationArn` what `Application` does.
fn named<'p>(part: &str, declared: impl Fn(&str) -> Option<&'p str>) -> Option<String> {
    let stem = ["Identifier", "Id", "Arn"]
        .into_iter()
        .find_map(|end| part.strip_suffix(end))
        .filter(|stem| !stem.is_empty())?;
    let others = ["Identifier", "", "Id", "Arn"].map(|end| format!("{stem}{end}"));
    let value = others.iter().find_map(|name| declared(name))?;
    match (part.ends_with("Arn"), value.starts_with("arn:")) {
        (true, true) | (false, false) => Some(value.to_owned()),
        (false, true) => value.rsplit('/').next().map(str::to_owned),
        (true, false) => None,
    }
}

/// `Name` is the name inside of `TableInput`, `RuleName` the one inside of `Rule`.
fn inside(part: &str, properties: &Map<String, Value>) -> Option<String> {
    properties.iter().find_map(|(name, value)| {
        let found = value.get(part).or_else(|| match part.strip_suffix("Name") {
            Some(stem) if stem == name => value.get("Name"),
            _ => None,
        });
        found?.as_str().map(str::to_owned)
    })
}
