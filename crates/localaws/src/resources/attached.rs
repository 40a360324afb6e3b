//! What other resources of a stack attach to a resource is no drift of it.
//!
//! A role shows the policies that an `AWS::IAM::Policy` of the same stack puts into it, a topic the
//! subscriptions. CloudFormation looks at the stack's template for such attachments before it
//! reports drift; those from other stacks it reports, as on AWS.

use serde_json::Value;

use super::values::{text, texts};

/// Another resource of the stack.
#[derive(Debug, Clone, Copy)]
pub struct Sibling<'a> {
    /// Its type.
    pub type_name: &'a str,
    /// What `Ref` gives.
    pub physical_id: &'a str,
    /// Its declared properties.
    pub properties: &'a Value,
}

/// Principals: type, list in policies, type of its inline policy, name in that.
const PRINCIPALS: [(&str, &str, &str, &str); 3] = [
    (
        "AWS::IAM::Role",
        "Roles",
        "AWS::IAM::RolePolicy",
        "RoleName",
    ),
    (
        "AWS::IAM::User",
        "Users",
        "AWS::IAM::UserPolicy",
        "UserName",
    ),
    (
        "AWS::IAM::Group",
        "Groups",
        "AWS::IAM::GroupPolicy",
        "GroupName",
    ),
];

/// Live properties without what the siblings attach.
#[must_use]
pub fn without_attached(
    type_name: &str,
    physical_id: &str,
    mut live: Value,
    siblings: &[Sibling<'_>],
) -> Value {
    for sibling in siblings {
        let given = sibling.properties;
        for (principal, list, inline, name) in PRINCIPALS {
            let named = || texts(given, list).iter().any(|one| one == physical_id);
            if type_name == principal {
                let policy = match sibling.type_name {
                    "AWS::IAM::Policy" => named(),
                    other => other == inline && text(given, name) == physical_id,
                };
                if policy {
                    let attached = text(given, "PolicyName");
                    remove(&mut live, "Policies", |one| {
                        text(one, "PolicyName") == attached
                    });
                }
                if sibling.type_name == "AWS::IAM::ManagedPolicy" && named() {
                    remove(&mut live, "ManagedPolicyArns", |one| {
                        one == sibling.physical_id
                    });
                }
            }
            if type_name == "AWS::IAM::ManagedPolicy"
                && sibling.type_name == principal
                && texts(given, "ManagedPolicyArns")
                    .iter()
                    .any(|arn| arn == physical_id)
            {
                remove(&mut live, list, |one| one == sibling.physical_id);
            }
        }
        if type_name == "AWS::SNS::Topic"
            && sibling.type_name == "AWS::SNS::Subscription"
            && text(given, "TopicArn") == physical_id
        {
            remove(&mut live, "Subscription", |one| {
                ["Endpoint", "Protocol"]
                    .iter()
                    .all(|name| text(one, name) == text(given, name))
            });
        }
    }
    live
}

fn remove(live: &mut Value, list: &str, attached: impl Fn(&Value) -> bool) {
    if let Some(Value::Array(items)) = live.get_mut(list) {
        items.retain(|one| !attached(one));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn policies_and_subscriptions_of_the_stack_are_left_out() {
        let policy = json!({"PolicyName": "p", "Roles": ["r"]});
        let managed = json!({"Roles": ["r"]});
        let other = json!({"PolicyName": "q", "Roles": ["other"]});
        let subscription = json!({"TopicArn": "arn:t", "Protocol": "sqs", "Endpoint": "arn:q"});
        let sibling = |type_name, physical_id, properties| Sibling {
            type_name,
            physical_id,
            properties,
        };
        let siblings = [
            sibling("AWS::IAM::Policy", "x", &policy),
            sibling("AWS::IAM::ManagedPolicy", "arn:m", &managed),
            sibling("AWS::IAM::Policy", "y", &other),
            sibling("AWS::SNS::Subscription", "arn:s", &subscription),
        ];
        let role = json!({
            "Policies": [{"PolicyName": "p"}, {"PolicyName": "q"}],
            "ManagedPolicyArns": ["arn:m", "arn:n"],
        });
        assert_eq!(
            without_attached("AWS::IAM::Role", "r", role, &siblings),
            json!({"Policies": [{"PolicyName": "q"}], "ManagedPolicyArns": ["arn:n"]})
        );
        let topic = json!({"Subscription": [
            {"Protocol": "sqs", "Endpoint": "arn:q"}, {"Protocol": "sqs", "Endpoint": "arn:r"},
        ]});
        assert_eq!(
            without_attached("AWS::SNS::Topic", "arn:t", topic, &siblings),
            json!({"Subscription": [{"Protocol": "sqs", "Endpoint": "arn:r"}]})
        );
    }
}
