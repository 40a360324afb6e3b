//! `CreateLogGroup`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{Group, invalid};
use super::tags::tag_map;

impl Logs {
    pub(super) fn create_log_group(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("logGroupName").unwrap_or_default();
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/#".contains(c);
        if name.is_empty() || name.len() > 512 || !name.chars().all(allowed) {
            return Err(invalid(format!(
                "1 validation error detected: Value '{name}' at 'logGroupName' failed to satisfy \
                 constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+"
            )));
        }
        let class = call.input.filled("logGroupClass").unwrap_or("STANDARD");
        if !["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"].contains(&class) {
            return Err(invalid(format!("Invalid log group class: {class}")));
        }
        let group = Group {
            name: name.to_owned(),
            created: self.now(),
            retention: None,
            class: class.to_owned(),
            kms_key: call.input.filled("kmsKeyId").map(str::to_owned),
            tags: tag_map(&call.input, "tags"),
        };
        if !self.groups.insert(&call.scope.key(name), group) {
            return Err(AwsError::new(
                "ResourceAlreadyExistsException",
                "The specified log group already exists",
            ));
        }
        Ok(json!({}))
    }
}
