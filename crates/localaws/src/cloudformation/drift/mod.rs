//! Drift: a stack's resources as they are, compared with what its template declares.
//!
//! Only declared properties are compared ([`compare`]), and only resources whose type can be
//! read; others do not appear in the answers, as on AWS. Nested stacks are not descended into.

mod compare;
mod detect;
mod document;
mod equality;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::CloudFormation;
use super::status::ResourceDriftStatus;

pub(crate) use compare::Difference;
pub(crate) use detect::{detect, detect_resource, is_checked};

/// A drift detection of a stack.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Detection {
    pub(crate) id: String,
    pub(crate) stack_id: String,
    pub(crate) stack_key: String,
    pub(crate) state: DetectionState,
    pub(crate) reason: Option<String>,
    pub(crate) drifted: usize,
    /// Of the stack as a whole, once it is known.
    pub(crate) is_drifted: Option<bool>,
    pub(crate) began: Timestamp,
    /// Only these resources, where the caller named some.
    pub(crate) only: Vec<String>,
}

/// How far a detection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DetectionState {
    #[serde(rename = "DETECTION_IN_PROGRESS")]
    InProgress,
    #[serde(rename = "DETECTION_COMPLETE")]
    Complete,
    #[serde(rename = "DETECTION_FAILED")]
    Failed,
}

impl DetectionState {
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::InProgress => "DETECTION_IN_PROGRESS",
            Self::Complete => "DETECTION_COMPLETE",
            Self::Failed => "DETECTION_FAILED",
        }
    }
}

/// What the last check of a resource found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ResourceDrift {
    pub(crate) stack_id: String,
    pub(crate) logical: String,
    pub(crate) physical: String,
    pub(crate) kind: String,
    pub(crate) status: ResourceDriftStatus,
    pub(crate) expected: Value,
    /// Absent when the resource is gone.
    pub(crate) actual: Option<Value>,
    pub(crate) differences: Vec<Difference>,
    pub(crate) checked: Timestamp,
}

/// Takes up detections that were interrupted.
pub(crate) fn resume(cfn: &Arc<CloudFormation>) {
    for (key, detection) in cfn.state.detections.scan("") {
        if detection.state == DetectionState::InProgress {
            let cfn = Arc::clone(cfn);
            let aws = cfn.aws.clone();
            aws.spawn(async move { detect(&cfn, &key).await });
        }
    }
}
