//! Stack policies: which resources an update may touch.

use awsapi::AwsError;
use serde_json::Value;

use super::changes::ResourceChange;
use super::state::invalid;
use crate::pattern::glob;

/// Refuses changes that the policy denies. With a policy, what it does not allow is denied.
pub(crate) fn enforce(policy: Option<&str>, changes: &[ResourceChange]) -> Result<(), AwsError> {
    let Some(policy) = policy else { return Ok(()) };
    let policy = parse(policy)?;
    let denied: Vec<String> = changes
        .iter()
        .filter_map(|change| {
            let action = match (change.action.as_str(), change.replacement.as_deref()) {
                ("Modify", Some("False")) => "Update:Modify",
                ("Modify", _) => "Update:Replace",
                ("Remove", _) => "Update:Delete",
                _ => return None,
            };
            denied(&policy, action, change)
        })
        .collect();
    if denied.is_empty() {
        return Ok(());
    }
    Err(invalid(format!(
        "Action denied by stack policy: {}",
        denied.join("; ")
    )))
}

/// Reads a policy, refusing what is none.
pub(crate) fn parse(policy: &str) -> Result<Value, AwsError> {
    let parsed: Option<Value> = serde_json::from_str(policy).ok();
    let has_statements = |policy: &Value| {
        let statements = policy.get("Statement");
        statements.is_some_and(|all| all.is_array() || all.is_object())
    };
    parsed
        .filter(has_statements)
        .ok_or_else(|| invalid("Error validating stack policy: Invalid stack policy"))
}

fn denied(policy: &Value, action: &str, change: &ResourceChange) -> Option<String> {
    let statements = list(policy.get("Statement"));
    let resource = format!("LogicalResourceId/{}", change.logical);
    let mut allowed = false;
    for (number, statement) in statements.iter().enumerate() {
        if !applies(statement, action, &resource, &change.kind) {
            continue;
        }
        match statement.get("Effect").and_then(Value::as_str) {
            Some("Allow") => allowed = true,
            _ => {
                return Some(format!(
                    "Statement [#{}] does not allow [{action}] for resource [{resource}]",
                    number + 1
                ));
            }
        }
    }
    (!allowed).then(|| format!("no statement allows [{action}] for resource [{resource}]"))
}

fn applies(statement: &Value, action: &str, resource: &str, kind: &str) -> bool {
    let any = |name: &str, text: &str| {
        let patterns = list(statement.get(name));
        let mut patterns = patterns.iter().filter_map(|one| one.as_str());
        patterns.any(|pattern| glob(pattern, text))
    };
    let actions = if statement.get("NotAction").is_some() {
        !any("NotAction", action)
    } else {
        any("Action", action)
    };
    let resources = if statement.get("NotResource").is_some() {
        !any("NotResource", resource)
    } else {
        any("Resource", resource)
    };
    let kinds = match statement.get("Condition") {
        None => true,
        Some(condition) => ["StringEquals", "StringLike"].iter().any(|operator| {
            let kinds = condition
                .get(operator)
                .and_then(|one| one.get("ResourceType"));
            list(kinds)
                .iter()
                .filter_map(|one| one.as_str())
                .any(|pattern| glob(pattern, kind))
        }),
    };
    actions && resources && kinds
}

fn list(value: Option<&Value>) -> Vec<&Value> {
    match value {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(logical: &str, replacement: &str) -> ResourceChange {
        ResourceChange {
            action: "Modify".to_owned(),
            logical: logical.to_owned(),
            physical: None,
            kind: "AWS::SQS::Queue".to_owned(),
            replacement: Some(replacement.to_owned()),
            policy_action: None,
            scope: Vec::new(),
            details: Vec::new(),
            before: None,
            after: None,
        }
    }

    #[test]
    fn a_denial_wins_and_silence_denies() {
        let policy = r#"{"Statement": [
            {"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "LogicalResourceId/A*"},
            {"Effect": "Deny", "Action": ["Update:Replace"], "Principal": "*", "Resource": "*"}]}"#;
        let check = |name, replacement| enforce(Some(policy), &[change(name, replacement)]);
        assert!(check("Abc", "False").is_ok());
        assert!(
            check("Abc", "True")
                .unwrap_err()
                .message
                .contains("Statement [#2]")
        );
        assert!(check("Other", "False").is_err());
        assert!(enforce(None, &[change("Other", "True")]).is_ok());
    }
}
