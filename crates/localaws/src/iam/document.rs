//! The form of policy documents.
//!
//! Rules: "Grammar of the IAM JSON policy language" in the IAM user guide.

use serde_json::{Map, Value};

use crate::AwsError;

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Who may assume a role.
    Trust,
    /// What somebody may do.
    Identity,
}

const MEMBERS: [&str; 9] = [
    "Action",
    "Condition",
    "Effect",
    "NotAction",
    "NotPrincipal",
    "NotResource",
    "Principal",
    "Resource",
    "Sid",
];

/// Checks a document.
pub(super) fn check(document: &str, purpose: Purpose) -> Result<(), AwsError> {
    let malformed = |message: &str| AwsError::new("MalformedPolicyDocument", message);
    let Ok(parsed) = serde_json::from_str::<Value>(document) else {
        return Err(malformed("This policy contains invalid Json"));
    };
    fault(&parsed, purpose).map_or(Ok(()), |why| Err(malformed(&why)))
}

fn fault(document: &Value, purpose: Purpose) -> Option<String> {
    let syntax = || Some("Syntax errors in policy.".to_owned());
    let Some(policy) = document.as_object() else {
        return syntax();
    };
    let known = ["Version", "Id", "Statement"];
    if policy.keys().any(|key| !known.contains(&key.as_str())) {
        return syntax();
    }
    match policy.get("Version").map(Value::as_str) {
        None | Some(Some("2012-10-17" | "2008-10-17")) => {}
        _ => return Some("Policy document must be version 2012-10-17 or greater.".to_owned()),
    }
    let statements = match policy.get("Statement") {
        Some(Value::Array(all)) if !all.is_empty() => all.iter().collect(),
        Some(one @ Value::Object(_)) => vec![one],
        _ => return syntax(),
    };
    for statement in statements {
        let Some(statement) = statement.as_object() else {
            return syntax();
        };
        if let Some(why) = statement_fault(statement, purpose) {
            return Some(why);
        }
    }
    None
}

fn statement_fault(statement: &Map<String, Value>, purpose: Purpose) -> Option<String> {
    let text = |text: &str| Some(text.to_owned());
    let has = |member: &str| statement.contains_key(member);
    let effect = statement.get("Effect").and_then(Value::as_str);
    if statement.keys().any(|key| !MEMBERS.contains(&key.as_str()))
        || !matches!(effect, Some("Allow" | "Deny"))
        || statement.get("Condition").is_some_and(|c| !c.is_object())
    {
        return text("Syntax errors in policy.");
    }
    let actions = strings(statement.get("Action").or(statement.get("NotAction")));
    let Some(actions) = actions.filter(|actions| !actions.is_empty()) else {
        return text("Policy statement must contain actions.");
    };
    if actions
        .iter()
        .any(|action| *action != "*" && !action.contains(':'))
    {
        return text("Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.");
    }
    match purpose {
        Purpose::Trust => {
            if has("Resource") || has("NotResource") {
                return text("Has prohibited field Resource");
            }
            if !has("Principal") && !has("NotPrincipal") {
                return text("Missing required field Principal");
            }
            let foreign = actions.iter().find(|action| !action.starts_with("sts:"));
            if foreign.is_some_and(|action| *action != "*") {
                return text("AssumeRole policy may only specify STS AssumeRole actions.");
            }
        }
        Purpose::Identity => {
            if has("Principal") || has("NotPrincipal") {
                return text("Policy document should not specify a principal.");
            }
            let resources = strings(statement.get("Resource").or(statement.get("NotResource")));
            let Some(resources) = resources.filter(|all| !all.is_empty()) else {
                return text("Policy statement must contain resources.");
            };
            let wrong =
                |one: &&&str| **one != "*" && !one.starts_with("arn:") && !one.starts_with("*:");
            if let Some(resource) = resources.iter().find(wrong) {
                return Some(format!(
                    "Resource {resource} must be in ARN format or \"*\"."
                ));
            }
        }
    }
    None
}

fn strings(value: Option<&Value>) -> Option<Vec<&str>> {
    match value? {
        Value::String(one) => Some(vec![one]),
        Value::Array(all) => all.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

/// A document as answers carry it: percent-encoded.
pub(super) fn encoded(document: &str) -> String {
    let mut text = String::with_capacity(document.len() * 2);
    for byte in document.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_checked() {
        let trust = r#"{"Statement":{"Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},"Action":"sts:AssumeRole"}}"#;
        let identity = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:Get*"],"Resource":"*"}]}"#;
        let with = |statement: &str| format!(r#"{{"Statement":[{statement}]}}"#);
        let table = [
            (Purpose::Trust, trust.to_owned(), true),
            (Purpose::Identity, identity.to_owned(), true),
            (Purpose::Trust, identity.to_owned(), false),
            (Purpose::Identity, trust.to_owned(), false),
            (Purpose::Identity, "{".to_owned(), false),
            (Purpose::Identity, "{}".to_owned(), false),
            (Purpose::Identity, identity.replace("2012", "2013"), false),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Allow","Action":"s3:Get"}"#),
                false,
            ),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Maybe","Action":"s3:Get","Resource":"*"}"#),
                false,
            ),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Allow","Action":"get","Resource":"*"}"#),
                false,
            ),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Allow","Action":"*","Resource":"bucket"}"#),
                false,
            ),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Deny","NotAction":"iam:*","NotResource":["arn:aws:s3:::b"]}"#),
                true,
            ),
            (
                Purpose::Identity,
                with(r#"{"Effect":"Allow","Action":"*","Resource":"*","Extra":1}"#),
                false,
            ),
        ];
        for (purpose, document, fine) in table {
            assert_eq!(check(&document, purpose).is_ok(), fine, "{document}");
        }
        assert_eq!(encoded(r#"{"a": "ä"}"#), "%7B%22a%22%3A%20%22%C3%A4%22%7D");
    }
}
