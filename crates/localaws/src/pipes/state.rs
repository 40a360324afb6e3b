//! What a pipe is.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::params::Params;
use crate::tags::Tags;
use crate::{AwsError, Scope};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Pipe {
    pub(super) scope: Scope,
    pub(super) name: String,
    /// `RUNNING` or `STOPPED`; it is so at once.
    pub(super) state: String,
    pub(super) created: Timestamp,
    pub(super) modified: Timestamp,
    /// What was given, by the names of the API: source, target, parameters …
    pub(super) members: Map<String, Value>,
    pub(super) tags: Tags,
}

impl Pipe {
    pub(super) fn arn(&self) -> String {
        self.scope.arn("pipes", &format!("pipe/{}", self.name))
    }

    pub(super) fn key(&self) -> String {
        self.scope.key(&self.name)
    }

    pub(super) fn text(&self, name: &str) -> &str {
        self.members.text(name).unwrap_or_default()
    }

    /// Parameters of the source or of the target, below a name of their own.
    pub(super) fn parameters(&self, side: &str, name: &str) -> Option<&Map<String, Value>> {
        self.members.map(side)?.map(name)
    }

    /// What every answer says; `current` is the state that the call leads through.
    pub(super) fn brief(&self, current: &str) -> Value {
        json!({
            "Arn": self.arn(),
            "Name": self.name,
            "DesiredState": self.state,
            "CurrentState": current,
            "CreationTime": self.created,
            "LastModifiedTime": self.modified,
        })
    }
}

pub(super) fn not_found(name: &str) -> AwsError {
    AwsError::new("NotFoundException", format!("Pipe {name} does not exist.")).with_status(404)
}
