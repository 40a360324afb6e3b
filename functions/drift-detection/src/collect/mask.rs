//! Hides what looks secret in the values of a drifted resource.
//!
//! A hidden value becomes `(secret 1f3a9c0e)`: a fingerprint that stays the same as long as the value does, so that a
//! change of a secret is still seen. It is salted with stack and resource, so equal secrets do not look equal, and
//! short, so that it confirms no guess. Values that CloudFormation itself hides (`NoEcho`) come as asterisks already.
//!
//! Judged by names and well-known shapes; a secret under an innocent name stays visible.

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::ports::ResourceDrift;

/// Parts of names that mean a secret, in lower case without punctuation.
const SECRET: [&str; 13] = [
    "password",
    "passwd",
    "passphrase",
    "pwd",
    "secret",
    "apikey",
    "accesskey",
    "privatekey",
    "credential",
    "authorization",
    "connectionstring",
    "webhookurl",
    "signingkey",
];
/// Ends of names that speak about a secret without being one.
const ABOUT: [&str; 16] = [
    "arn",
    "id",
    "name",
    "policy",
    "length",
    "enabled",
    "required",
    "days",
    "age",
    "version",
    "versions",
    "type",
    "rotation",
    "expiration",
    "validity",
    "stage",
];
/// Properties that are secret as a whole, even if their text looks like a document.
const WHOLE: [&str; 2] = ["secretstring", "secretbinary"];
/// In lists of pairs, the members that name the pair.
const NAMES: [&str; 5] = ["Name", "Key", "name", "key", "ParameterKey"];
/// In lists of pairs, the members that hold the value.
const VALUES: [&str; 3] = ["Value", "value", "ParameterValue"];

/// Hides secrets of one resource.
pub(super) struct Mask {
    salt: String,
    documents: Vec<Value>,
}

impl Mask {
    pub(super) fn new(stack_id: &str, drift: &ResourceDrift) -> Self {
        let documents = [&drift.expected, &drift.actual].into_iter().flatten();
        Self {
            salt: format!("{stack_id}\0{}\0", drift.logical_id),
            documents: documents
                .filter_map(|text| serde_json::from_str(text).ok())
                .collect(),
        }
    }

    /// The value of a property as it may be shown, and whether something is hidden in it.
    pub(super) fn apply(&self, path: &str, value: &str) -> (String, bool) {
        let name = path
            .rsplit('/')
            .find(|part| !part.is_empty() && part.parse::<usize>().is_err())
            .unwrap_or_default();
        let whole = WHOLE.contains(&plain(name).as_str())
            || self.pair_is_secret(path)
            || (is_secret_name(name) && self.is_text(path));
        if whole {
            return (self.fingerprint(value), true);
        }
        match document(value) {
            Some(document) => match self.hidden_in(name, document) {
                Some(document) => (document.to_string(), true),
                None => (value.to_owned(), false),
            },
            None if is_secret_name(name) || is_secret_text(value) => {
                (self.fingerprint(value), true)
            }
            None => (value.to_owned(), false),
        }
    }

    /// The document with its secrets hidden; none if it has none, because then its layout stays.
    fn hidden_in(&self, name: &str, mut document: Value) -> Option<Value> {
        self.walk(name, &mut document).then_some(document)
    }

    fn walk(&self, name: &str, value: &mut Value) -> bool {
        match value {
            Value::Object(object) => {
                let pair = NAMES
                    .iter()
                    .find_map(|key| object.get(*key)?.as_str())
                    .is_some_and(is_secret_name);
                let mut hidden = false;
                for (key, member) in object.iter_mut() {
                    if (pair && VALUES.contains(&key.as_str()))
                        || WHOLE.contains(&plain(key).as_str())
                    {
                        *member = Value::String(self.fingerprint(&text(member)));
                        hidden = true;
                    } else {
                        hidden |= self.walk(key, member);
                    }
                }
                hidden
            }
            Value::Array(items) => items
                .iter_mut()
                .fold(false, |hidden, item| self.walk(name, item) | hidden),
            Value::Null | Value::Bool(_) => false,
            Value::String(_) | Value::Number(_) => {
                let shown = text(value);
                let hidden = if is_secret_name(name) || is_secret_text(&shown) {
                    Some(self.fingerprint(&shown))
                } else {
                    // Many properties are documents in a text.
                    let inner = value.as_str().and_then(document);
                    inner
                        .and_then(|inner| self.hidden_in(name, inner))
                        .map(|inner| inner.to_string())
                };
                let hide = hidden.is_some();
                if let Some(hidden) = hidden {
                    *value = Value::String(hidden);
                }
                hide
            }
        }
    }

    /// Whether the path leads to a text, be it that the text holds a document.
    fn is_text(&self, path: &str) -> bool {
        let mut values = self.documents.iter().filter_map(|one| one.pointer(path));
        values.any(Value::is_string)
    }

    /// Whether the path leads to the value of a pair with a secret name, such as a variable of a container.
    fn pair_is_secret(&self, path: &str) -> bool {
        let Some((parent, last)) = path.rsplit_once('/') else {
            return false;
        };
        VALUES.contains(&last)
            && self
                .documents
                .iter()
                .filter_map(|document| document.pointer(parent))
                .any(|pair| {
                    NAMES
                        .iter()
                        .find_map(|key| pair.get(*key)?.as_str())
                        .is_some_and(is_secret_name)
                })
    }

    fn fingerprint(&self, value: &str) -> String {
        let hash = Sha256::new()
            .chain_update(&self.salt)
            .chain_update(value)
            .finalize();
        let short: String = hash
            .iter()
            .take(4)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("(secret {short})")
    }
}

/// The object or list that a text holds.
fn document(text: &str) -> Option<Value> {
    let document = serde_json::from_str::<Value>(text).ok()?;
    (document.is_object() || document.is_array()).then_some(document)
}

fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

fn is_secret_name(name: &str) -> bool {
    let name = plain(name);
    let secret = name.ends_with("token") || SECRET.iter().any(|part| name.contains(part));
    secret && !ABOUT.iter().any(|end| name.ends_with(end))
}

fn is_secret_text(text: &str) -> bool {
    let access_key = |start| text.len() == 20 && text.starts_with(start);
    let login_in_url = || {
        let (_, rest) = text.split_once("://")?;
        let (login, _) = rest.split(['/', '?', ' ']).next()?.rsplit_once('@')?;
        login.contains(':').then_some(())
    };
    text.contains("PRIVATE KEY-----")
        || access_key("AKIA")
        || access_key("ASIA")
        || ["ghp_", "github_pat_", "xoxb-", "xoxp-"]
            .iter()
            .any(|start| text.starts_with(start))
        || login_in_url().is_some()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn mask() -> Mask {
        let container = json!({"ContainerDefinitions": [{"Environment": [
            {"Name": "DB_PASSWORD", "Value": "hunter2"}, {"Name": "MODE", "Value": "fast"}]}]});
        let drift = ResourceDrift {
            expected: Some(container.to_string()),
            ..ResourceDrift::default()
        };
        Mask::new("arn:stack", &drift)
    }

    #[test]
    fn scalars_are_judged_by_name_and_shape() {
        for (path, value, secret) in [
            ("/MasterUserPassword", "hunter2", true),
            ("/Environment/Variables/API_KEY", "abc", true),
            ("/Environment/Variables/GITHUB_TOKEN", "abc", true),
            ("/Environment/Variables/STAGE", "prod", false),
            ("/Passwords/0", "hunter2", true),
            ("/SecretArn", "arn:aws:secretsmanager:…", false),
            ("/Policies/PasswordPolicy/MinimumLength", "8", false),
            ("/RefreshTokenValidity", "30", false),
            ("/VisibilityTimeout", "30", false),
            ("/Url", "postgres://app:hunter2@db/x", true),
            ("/Url", "https://example.com/@user:1", false),
            ("/Value", "AKIAIOSFODNN7EXAMPLE", true),
            ("/UserData", "-----BEGIN RSA PRIVATE KEY-----\n…", true),
            (
                "/ContainerDefinitions/0/Environment/0/Value",
                "hunter3",
                true,
            ),
            ("/ContainerDefinitions/0/Environment/1/Value", "slow", false),
        ] {
            let (shown, hidden) = mask().apply(path, value);
            assert_eq!(hidden, secret, "{path}");
            assert_eq!(shown == value, !secret, "{path} shows {shown}");
        }
    }

    #[test]
    fn documents_keep_everything_else() {
        let value = json!({"Host": "db", "Password": "hunter2", "Tags": [{"Key": "api-key", "Value": "v"}]});
        let (shown, hidden) = mask().apply("/Settings", &value.to_string());
        assert!(hidden);
        let shown: Value = serde_json::from_str(&shown).unwrap();
        assert_eq!(shown["Host"], "db");
        assert!(shown["Password"].as_str().unwrap().starts_with("(secret "));
        assert!(
            shown["Tags"][0]["Value"]
                .as_str()
                .unwrap()
                .starts_with("(secret ")
        );
        let (shown, hidden) = mask().apply("/SecretString", r#"{"user":"app"}"#);
        assert!(hidden && shown.starts_with("(secret "));
    }

    #[test]
    fn documents_in_texts_are_looked_into() {
        let inner = json!({"user": "app", "password": "hunter2"}).to_string();
        let (shown, hidden) = mask().apply("/Settings", &json!({"Config": inner}).to_string());
        assert!(
            hidden && shown.contains("app") && !shown.contains("hunter2"),
            "{shown}"
        );
        let plain = json!({"Config": r#"{ "user": "app" }"#}).to_string();
        assert_eq!(mask().apply("/Settings", &plain), (plain, false));

        let properties =
            json!({"Variables": {"DB_SECRET": r#"{"x":"y"}"#}, "Secrets": [{"Name": "a"}]});
        let drift = ResourceDrift {
            actual: Some(properties.to_string()),
            ..ResourceDrift::default()
        };
        let mask = Mask::new("arn:stack", &drift);
        assert!(mask.apply("/Variables/DB_SECRET", r#"{"x":"y"}"#).1);
        assert!(!mask.apply("/Secrets", r#"[{"Name":"a"}]"#).1);
    }

    #[test]
    fn fingerprints_are_stable_and_salted() {
        let shown = |stack: &str, value| {
            Mask::new(stack, &ResourceDrift::default())
                .apply("/Password", value)
                .0
        };
        assert_eq!(shown("a", "x"), shown("a", "x"));
        assert_ne!(shown("a", "x"), shown("a", "y"));
        assert_ne!(shown("a", "x"), shown("b", "x"));
    }
}
