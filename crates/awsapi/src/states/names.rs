//! Spelling: of services, actions and members.

use std::collections::HashMap;
use std::sync::OnceLock;

use super::Integration;
use crate::model::{Member, Operation, Service, Shape, entries, service};

/// The operation that a task names: `resolve("sfn", "startExecution", Integration::Sdk)`.
///
/// Nothing if there is no such service or action. An action is spelled as in the API, with its
/// first letter small.
pub fn resolve(service_name: &str, action: &str, integration: Integration) -> Option<Operation> {
    let found = match integration {
        Integration::Sdk => service(sdk_services().get(service_name)?)?,
        Integration::Optimised => service(optimised(service_name))?,
    };
    let mut same = found.operations().filter(|operation| {
        let name = operation.name();
        let (first, rest) = name.split_at_checked(1).unwrap_or((name, ""));
        action
            .split_at_checked(1)
            .is_some_and(|(a, b)| a == first.to_ascii_lowercase() && b == rest)
    });
    same.next()
}

fn optimised(name: &str) -> &str {
    match name {
        "states" => "stepfunctions",
        "elasticmapreduce" => "emr",
        name => name,
    }
}

/// Model names by Step Functions' names of services.
fn sdk_services() -> &'static HashMap<String, &'static str> {
    static SERVICES: OnceLock<HashMap<String, &'static str>> = OnceLock::new();
    SERVICES.get_or_init(|| {
        let pair = |entry: &'static crate::model::Entry| {
            (title(entry.service_id).to_ascii_lowercase(), entry.name)
        };
        entries().iter().map(pair).collect()
    })
}

/// A service's name in errors: `DynamoDb`, `Sfn`.
pub fn service_title(service: &Service) -> String {
    title(service.service_id())
}

fn title(service_id: &str) -> String {
    let name = pascal(service_id);
    let name = name.strip_prefix("Amazon").unwrap_or(&name);
    let name = name.strip_prefix("Aws").unwrap_or(name);
    let name = name.strip_suffix("Service").unwrap_or(name);
    name.to_owned()
}

/// Splits into words as Java's SDK does, and capitalises each.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for word in words(name) {
        let mut chars = word.chars();
        if let Some(first) = chars.next() {
            out.extend(first.to_uppercase());
            out.extend(chars.flat_map(char::to_lowercase));
        }
    }
    out
}

/// Words end before a version (`SESv2` is two words), before a capital that follows a small letter
/// or begins a word of its own (`IoTSiteWise` is four), and after a number.
fn words(name: &str) -> Vec<String> {
    let chars = versions_apart(name);
    let at = |index: Option<usize>| index.and_then(|i| chars.get(i)).copied().unwrap_or(' ');
    let mut words = vec![String::new()];
    for (index, &c) in chars.iter().enumerate() {
        if !c.is_ascii_alphanumeric() {
            words.push(String::new());
            continue;
        }
        let (before, next) = (at(index.checked_sub(1)), at(Some(index + 1)));
        let capital = c.is_ascii_uppercase();
        let after_small = before.is_ascii_lowercase() && next.is_ascii_alphanumeric();
        let after_acronym = before.is_ascii_uppercase() && next.is_ascii_lowercase();
        let after_number = c.is_ascii_alphabetic() && before.is_ascii_digit();
        if capital && (after_small || after_acronym) || after_number {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.push(c);
        }
    }
    words
}

/// Puts a space before a `v2` after two capitals, and before a `V2` after two small letters.
fn versions_apart(name: &str) -> Vec<char> {
    let chars: Vec<char> = name.chars().collect();
    let mut out = Vec::with_capacity(chars.len() + 1);
    for (index, &c) in chars.iter().enumerate() {
        let before = index.checked_sub(2).and_then(|from| chars.get(from..index));
        let number = chars.get(index + 1).is_some_and(char::is_ascii_digit);
        let apart = before.is_some_and(|two| match c {
            'v' => !two.iter().any(char::is_ascii_lowercase),
            'V' => !two.iter().any(char::is_ascii_uppercase),
            _ => false,
        });
        if number && apart {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// A member's name in parameters and results: `DbInstances`, `Nul` (SDK); `DBInstances`, `NULL`
/// (optimised); `StateMachineArn` in both.
pub fn member_name(member: Member, integration: Integration) -> String {
    let name = member.name();
    if integration == Integration::Optimised {
        return capitalised(name);
    }
    match name {
        // A word of Java's own.
        "NULL" => "Nul".to_owned(),
        _ => capitalised(&uncapitalised(name)),
    }
}

/// The member that a name in parameters means.
///
/// SDK integrations take nothing but their own spelling; the optimised ones also the API's, as
/// AWS's documentation shows for `batch:submitJob`.
pub(super) fn find(shape: Shape, name: &str, integration: Integration) -> Option<Member> {
    let found = shape
        .members()
        .find(|member| member_name(*member, integration) == name);
    found.or_else(|| match integration {
        Integration::Sdk => None,
        Integration::Optimised => {
            let sdk = |member: &Member| member_name(*member, Integration::Sdk) == name;
            shape.member(name).or_else(|| shape.members().find(sdk))
        }
    })
}

fn capitalised(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// Lowers the run of capitals at the beginning, but not one that begins a word.
fn uncapitalised(name: &str) -> String {
    let chars: Vec<char> = name.chars().collect();
    let mut end = 1;
    while chars.get(end).is_some_and(char::is_ascii_uppercase)
        && !chars.get(end + 1).is_some_and(char::is_ascii_lowercase)
    {
        end += 1;
    }
    let lower = chars.iter().take(end).flat_map(|c| c.to_lowercase());
    lower.chain(chars.iter().skip(end).copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_named_as_in_java() {
        let names = [
            ("dynamodb", "DynamoDb"),
            ("stepfunctions", "Sfn"),
            ("logs", "CloudWatchLogs"),
            ("elbv2", "ElasticLoadBalancingV2"),
            ("sesv2", "SesV2"),
            ("wafv2", "Wafv2"),
            ("fsx", "FSx"),
            ("iot", "Iot"),
            ("iotsitewise", "IoTSiteWise"),
            ("route53resolver", "Route53Resolver"),
            ("config", "Config"),
            ("s3control", "S3Control"),
            ("events", "EventBridge"),
            ("mturk", "MTurk"),
            ("apigatewayv2", "ApiGatewayV2"),
        ];
        for (name, wanted) in names {
            let found = service(name).unwrap();
            assert_eq!(service_title(found), wanted);
            let key = wanted.to_ascii_lowercase();
            assert_eq!(sdk_services().get(&key), Some(&name));
        }
    }

    #[test]
    fn members_are_named_as_in_java() {
        let names = [
            ("dynamodb", "AttributeValue", "NULL", "Nul"),
            ("dynamodb", "AttributeValue", "BOOL", "Bool"),
            ("dynamodb", "AttributeValue", "SS", "Ss"),
            (
                "rds",
                "DBInstance",
                "DBInstanceIdentifier",
                "DbInstanceIdentifier",
            ),
            ("s3", "GetObjectOutput", "ETag", "ETag"),
            ("s3", "GetObjectOutput", "SSEKMSKeyId", "SsekmsKeyId"),
            (
                "stepfunctions",
                "StartExecutionInput",
                "stateMachineArn",
                "StateMachineArn",
            ),
        ];
        for (name, shape, member, wanted) in names {
            let shape = service(name).unwrap().structure(shape).unwrap();
            let member = shape.member(member).unwrap();
            assert_eq!(member_name(member, Integration::Sdk), wanted);
        }
    }

    #[test]
    fn actions() {
        let sdk = |service, action| resolve(service, action, Integration::Sdk);
        assert!(sdk("dynamodb", "putItem").is_some());
        assert!(sdk("dynamodb", "PutItem").is_none());
        assert!(sdk("rds", "describeDBInstances").is_some());
        assert!(sdk("stepfunctions", "startExecution").is_none());
        assert!(resolve("states", "startExecution", Integration::Optimised).is_some());
    }
}
