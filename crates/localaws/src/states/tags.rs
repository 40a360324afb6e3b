//! Tags of state machines and activities.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::AwsError;

/// Tags in the order in which they were first set.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(super) struct Tags(Map<String, Value>);

impl Tags {
    /// Reads a list of `{"key", "value"}`.
    pub(super) fn read(list: &[Value]) -> Result<Self, AwsError> {
        let mut tags = Self::default();
        tags.add(list)?;
        Ok(tags)
    }

    /// Sets tags, all or none.
    pub(super) fn add(&mut self, list: &[Value]) -> Result<(), AwsError> {
        let mut tags = self.0.clone();
        for tag in list {
            let part = |name: &str| tag.get(name).and_then(Value::as_str).unwrap_or_default();
            let (key, value) = (part("key"), part("value"));
            if key.is_empty() || key.chars().count() > 128 || value.chars().count() > 256 {
                return Err(AwsError::validation(format!("Invalid tag: '{key}'")));
            }
            tags.insert(key.to_owned(), value.into());
        }
        if tags.len() > 50 {
            return Err(AwsError::new(
                "TooManyTags",
                "Too many tags: at most 50 are allowed",
            ));
        }
        self.0 = tags;
        Ok(())
    }

    pub(super) fn remove(&mut self, keys: &[Value]) {
        for key in keys.iter().filter_map(Value::as_str) {
            self.0.shift_remove(key);
        }
    }

    pub(super) fn to_api(&self) -> Value {
        let tags = self.0.iter();
        tags.map(|(key, value)| json!({ "key": key, "value": value }))
            .collect()
    }
}
