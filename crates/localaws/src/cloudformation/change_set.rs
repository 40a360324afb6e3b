//! What is kept of a change set.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::changes::ResourceChange;
use super::stack::{Deployment, OnFailure};

/// A change set. It is complete as soon as it can be seen: nothing here takes long enough to show
/// `CREATE_IN_PROGRESS`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChangeSet {
    pub(crate) name: String,
    /// The ARN.
    pub(crate) id: String,
    pub(crate) stack_id: String,
    pub(crate) stack_name: String,
    pub(crate) description: Option<String>,
    pub(crate) created: Timestamp,
    /// Whether executing it creates the stack.
    pub(crate) creates: bool,
    /// Why there is nothing to execute.
    pub(crate) failed: Option<String>,
    pub(crate) execution: Execution,
    pub(crate) deployment: Deployment,
    pub(crate) changes: Vec<ResourceChange>,
    pub(crate) on_failure: Option<OnFailure>,
    pub(crate) token: Option<String>,
}

/// Whether a change set can be or was executed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Execution {
    Unavailable,
    Available,
    InProgress,
    Complete,
    Failed,
    Obsolete,
}

impl Execution {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Unavailable => "UNAVAILABLE",
            Self::Available => "AVAILABLE",
            Self::InProgress => "EXECUTE_IN_PROGRESS",
            Self::Complete => "EXECUTE_COMPLETE",
            Self::Failed => "EXECUTE_FAILED",
            Self::Obsolete => "OBSOLETE",
        }
    }
}

impl ChangeSet {
    pub(crate) fn status(&self) -> &'static str {
        match self.failed {
            Some(_) => "FAILED",
            None => "CREATE_COMPLETE",
        }
    }
}
