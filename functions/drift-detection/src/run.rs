//! A run of the workflow and the files it keeps in the report bucket.
//!
//! ```text
//! runs/<execution name>/plan.json            settings, and the stacks left out with the reason
//! runs/<execution name>/plan.jsonl           the stacks to check, a line each: what the map reads
//! runs/<execution name>/stacks/<stack>.json  what was found in a stack
//! runs/<execution name>/map/…                how the children of the map ended, written by Step Functions
//! runs/<execution name>/report.{html,md,json}
//! ```

use aws_sdk_cloudformation::primitives::{DateTime, DateTimeFormat};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The execution that a function works for, as the workflow's context object names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Name of the execution; unique per state machine.
    pub name: String,
    /// ARN of the execution.
    pub arn: String,
    /// When it started, ISO 8601.
    pub started_at: String,
    /// Where reports are kept.
    pub bucket: String,
}

impl Run {
    /// Key of a file of this run.
    pub fn key(&self, file: &str) -> String {
        format!("runs/{}/{file}", self.name)
    }

    /// Key of what was found in a stack. Names of live stacks are unique in an account and region.
    pub fn finding_key(&self, stack_name: &str) -> String {
        self.key(&format!("stacks/{stack_name}.json"))
    }

    /// `s3://` location of a key.
    pub fn uri(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// Region and account, read from the ARN of the execution.
    pub fn place(&self) -> (&str, &str) {
        let mut parts = self.arn.split(':').skip(3);
        (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        )
    }
}

/// Seconds since 1970 of an ISO 8601 time that the workflow passes on.
pub(crate) fn seconds(timestamp: &str) -> Result<i64, Error> {
    let time = DateTime::from_str(timestamp, DateTimeFormat::DateTime);
    time.map(|time| time.secs())
        .map_err(|e| Error::BrokenRun(format!("`{timestamp}` is not a time: {e}")))
}
