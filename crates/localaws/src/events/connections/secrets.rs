//! What is secret of a connection's parameters, and what is wrong with them.

use serde_json::{Value, json};

use crate::AwsError;
use crate::params::Params;

/// The member that each type of authorisation takes.
const MEMBERS: [(&str, &str); 3] = [
    ("BASIC", "BasicAuthParameters"),
    ("OAUTH_CLIENT_CREDENTIALS", "OAuthParameters"),
    ("API_KEY", "ApiKeyAuthParameters"),
];

/// Refuses parameters that do not fit the type of authorisation.
pub(super) fn check(kind: &str, parameters: &Value) -> Result<(), AwsError> {
    for (of, member) in MEMBERS {
        let given = parameters.member(member).is_some();
        if of == kind && !given {
            return Err(AwsError::validation(format!(
                "Parameter {member} is required for authorization type {kind}."
            )));
        }
        if of != kind && given {
            return Err(AwsError::validation(format!(
                "Parameter {member} is not valid for authorization type {kind}."
            )));
        }
    }
    let connectivity = parameters.member("ConnectivityParameters");
    if connectivity.is_some() {
        return Err(AwsError::not_implemented(
            "events",
            "connections to private APIs",
        ));
    }
    Ok(())
}

/// The parameters without what is secret.
pub(super) fn without(parameters: &Value) -> Value {
    let mut shown = parameters.clone();
    for pointer in [
        "/BasicAuthParameters/Password",
        "/ApiKeyAuthParameters/ApiKeyValue",
        "/OAuthParameters/ClientParameters/ClientSecret",
    ] {
        let parent = pointer.rsplit_once('/').map_or("", |(parent, _)| parent);
        let name = pointer.rsplit('/').next().unwrap_or_default();
        if let Some(members) = shown.pointer_mut(parent).and_then(Value::as_object_mut) {
            members.shift_remove(name);
        }
    }
    for place in [
        "/InvocationHttpParameters",
        "/OAuthParameters/OAuthHttpParameters",
    ] {
        let Some(http) = shown.pointer_mut(place) else {
            continue;
        };
        for list in [
            "HeaderParameters",
            "QueryStringParameters",
            "BodyParameters",
        ] {
            let items = http.get_mut(list).and_then(Value::as_array_mut);
            for item in items.into_iter().flatten() {
                if item.flag("IsValueSecret")
                    && let Some(members) = item.as_object_mut()
                {
                    members.shift_remove("Value");
                }
            }
        }
    }
    shown
}

/// Parameters with those of an update in their place. Another type of authorisation begins anew,
/// but for what every type has.
pub(super) fn merged(before: &Value, update: &Value, same_kind: bool) -> Value {
    let mut merged = match (same_kind, before.member("InvocationHttpParameters")) {
        (true, _) => before.clone(),
        (false, Some(http)) => json!({ "InvocationHttpParameters": http }),
        (false, None) => json!({}),
    };
    merge(&mut merged, update);
    merged
}

fn merge(into: &mut Value, update: &Value) {
    match (into, update) {
        (Value::Object(into), Value::Object(update)) => {
            for (name, value) in update {
                merge(into.entry(name).or_insert(Value::Null), value);
            }
        }
        (into, update) => *into = update.clone(),
    }
}
