//! PutPermission and RemovePermission: the policy of a bus. It is kept; nobody is refused by it.

use serde_json::{Value, json};

use super::Inner;
use super::state::{Bus, bus_name, not_found};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(super) fn put_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let mut bus = self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        if let Some(policy) = call.input.filled("Policy") {
            let parsed = serde_json::from_str::<Value>(policy);
            if !parsed.is_ok_and(|parsed| parsed.is_object()) {
                return Err(AwsError::validation("Policy is not valid JSON."));
            }
            bus.policy = Some(policy.to_owned());
        } else {
            let principal = call.input.text("Principal").unwrap_or("*");
            let who = match principal {
                "*" => json!("*"),
                account => {
                    let partition = call.scope.partition();
                    json!({ "AWS": format!("arn:{partition}:iam::{account}:root") })
                }
            };
            let id = call.input.text("StatementId").unwrap_or_default();
            let mut statement = json!({
                "Sid": id,
                "Effect": "Allow",
                "Principal": who,
                "Action": call.input.text("Action").unwrap_or("events:PutEvents"),
                "Resource": bus.arn(),
            });
            if let Some(condition) = call.input.member("Condition") {
                let (kind, key) = (condition.text("Type"), condition.text("Key"));
                statement["Condition"] = json!({ kind.unwrap_or_default(): { key.unwrap_or_default(): condition.text("Value") } });
            }
            let mut statements = statements(&bus);
            statements.retain(|one| one.text("Sid") != Some(id));
            statements.push(statement);
            set(&mut bus, statements);
        }
        self.buses.put(&bus.scope.key(&bus.name), bus);
        Ok(json!({}))
    }

    pub(super) fn remove_permission(&self, call: &Call) -> Result<Value, AwsError> {
        let mut bus = self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        let mut left = statements(&bus);
        if call.input.flag("RemoveAllPermissions") {
            left.clear();
        } else {
            let id = call.input.text("StatementId");
            let before = left.len();
            left.retain(|one| one.text("Sid") != id);
            if left.len() == before {
                return Err(not_found("Statement with the provided id does not exist."));
            }
        }
        set(&mut bus, left);
        self.buses.put(&bus.scope.key(&bus.name), bus);
        Ok(json!({}))
    }
}

fn statements(bus: &Bus) -> Vec<Value> {
    let policy = bus.policy.as_deref().unwrap_or_default();
    let policy = serde_json::from_str::<Value>(policy).unwrap_or_default();
    policy.items("Statement").to_vec()
}

fn set(bus: &mut Bus, statements: Vec<Value>) {
    bus.policy = (!statements.is_empty())
        .then(|| json!({ "Version": "2012-10-17", "Statement": statements }).to_string());
}
