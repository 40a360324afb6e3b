//! Resource policies: `AddPermission`, `RemovePermission`, `GetPolicy`. They are kept and shown;
//! nobody is refused for lack of one.

use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Lambda;
use super::model::{LATEST, conflict, constraint, not_found};
use super::names::Named;

impl Lambda {
    pub(super) fn add_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        self.version(&call.scope, &named)?;
        let input = &call.input;
        let action = input.text("Action").unwrap_or_default();
        if !action.starts_with("lambda:") && action != "*" {
            let rule = "satisfy regular expression pattern: (lambda:[*]|lambda:[a-zA-Z]+|[*])";
            return Err(constraint(action, "action", rule));
        }
        let id = input.text("StatementId").unwrap_or_default();
        let principal = match input.text("Principal").unwrap_or_default() {
            "*" => json!("*"),
            service if service.contains(".amazonaws.com") => json!({ "Service": service }),
            account if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) => {
                let root = format!("arn:{}:iam::{account}:root", call.scope.partition());
                json!({ "AWS": root })
            }
            arn if arn.starts_with("arn:") => json!({ "AWS": arn }),
            service => json!({ "Service": service }),
        };
        let mut condition = Map::new();
        for (member, operator, key) in [
            ("SourceAccount", "StringEquals", "AWS:SourceAccount"),
            ("PrincipalOrgID", "StringEquals", "aws:PrincipalOrgID"),
            (
                "FunctionUrlAuthType",
                "StringEquals",
                "lambda:FunctionUrlAuthType",
            ),
            (
                "EventSourceToken",
                "StringEquals",
                "lambda:EventSourceToken",
            ),
            ("SourceArn", "ArnLike", "AWS:SourceArn"),
        ] {
            if let Some(value) = input.filled(member) {
                let of = condition.entry(operator).or_insert_with(|| json!({}));
                of[key] = value.into();
            }
        }
        if let Some(by_url) = input.member("InvokedViaFunctionUrl") {
            condition.insert(
                "Bool".to_owned(),
                json!({ "lambda:InvokedViaFunctionUrl": by_url.to_string() }),
            );
        }
        let mut statement = json!({
            "Sid": id,
            "Effect": "Allow",
            "Principal": principal,
            "Action": action,
            "Resource": named.arn(&call.scope),
        });
        if !condition.is_empty() {
            statement["Condition"] = condition.into();
        }
        let text = statement.to_string();
        self.change(&call.scope, &named, |function| {
            let policy = function.policies.entry(policy_of(&named)).or_default();
            if policy.iter().any(|one| one["Sid"] == id) {
                return Err(conflict(format!(
                    "The statement id ({id}) provided already exists. Please provide a new \
                     statement id, or remove the existing statement."
                )));
            }
            policy.push(statement);
            function.latest.revision_id = self.aws.ids().uuid();
            Ok(())
        })?;
        Ok(json!({ "Statement": text }))
    }

    pub(super) fn remove_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let id = call.input.text("StatementId").unwrap_or_default();
        self.change(&call.scope, &named, |function| {
            let missing = || not_found(format!("Statement {id} is not found in resource policy."));
            let of = policy_of(&named);
            let policy = function.policies.get_mut(&of).ok_or_else(no_policy)?;
            let before = policy.len();
            policy.retain(|one| one["Sid"] != id);
            if policy.len() == before {
                return Err(missing());
            }
            if policy.is_empty() {
                function.policies.remove(&of);
            }
            function.latest.revision_id = self.aws.ids().uuid();
            Ok(())
        })?;
        Ok(json!({}))
    }

    pub(super) fn get_policy(&self, call: &Call) -> Result<Value, AwsError> {
        let named = self.named(call)?;
        let (function, version) = self.version(&call.scope, &named)?;
        let policy = function.policies.get(&policy_of(&named));
        let statements = policy.ok_or_else(no_policy)?;
        let document = json!({
            "Version": "2012-10-17", "Id": "default", "Statement": statements,
        });
        Ok(json!({ "Policy": document.to_string(), "RevisionId": version.revision_id }))
    }
}

fn policy_of(named: &Named) -> String {
    match named.qualifier.as_deref() {
        None | Some(LATEST) => String::new(),
        Some(qualifier) => qualifier.to_owned(),
    }
}

fn no_policy() -> AwsError {
    not_found("The resource you requested does not exist.")
}
