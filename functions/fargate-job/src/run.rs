//! A run of the job, and the files it keeps in the bucket.
//!
//! ```text
//! runs/<execution name>/environment.env   environment variables that are too long for ECS
//! runs/<execution name>/items.jsonl       the items of an array run, a line each: what the map reads
//! runs/<execution name>/map/…             how its children ended, written by Step Functions
//! ```

use aws_sdk_s3::primitives::{DateTime, DateTimeFormat};
use serde::{Deserialize, Serialize};

use crate::Error;

/// The execution that a function works for, as the workflow's context object names it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// Name of the execution; unique per state machine.
    pub name: String,
    /// ARN of the execution.
    pub arn: String,
    /// When it started, ISO 8601 with milliseconds.
    pub started_at: String,
}

impl Run {
    /// Key of a file of this run.
    pub fn key(&self, file: &str) -> String {
        key(&self.name, file)
    }

    /// Sort key of its rows in the table: in the order of the starts.
    pub fn sort_key(&self) -> String {
        format!("{}#{}", self.started_at, self.name)
    }

    /// Region of the run, read from its ARN.
    pub fn region(&self) -> &str {
        self.arn.split(':').nth(3).unwrap_or_default()
    }
}

/// Key of a file of the run with this name.
pub(crate) fn key(name: &str, file: &str) -> String {
    format!("runs/{name}/{file}")
}

/// Name of the execution with this ARN.
pub(crate) fn name_of(arn: &str) -> &str {
    arn.rsplit(':').next().unwrap_or(arn)
}

/// Milliseconds since 1970 of an ISO 8601 time that the workflow passes on.
pub(crate) fn millis(timestamp: &str) -> Result<i64, Error> {
    let time = DateTime::from_str(timestamp, DateTimeFormat::DateTime);
    time.ok()
        .and_then(|time| time.to_millis().ok())
        .ok_or_else(|| Error::BrokenRun(format!("`{timestamp}` is not a time")))
}

/// The ISO 8601 time of milliseconds since 1970, always with milliseconds, so that times sort as texts.
pub(crate) fn timestamp(millis: i64) -> String {
    let whole = DateTime::from_secs(millis.div_euclid(1000)).fmt(DateTimeFormat::DateTime);
    let whole = whole.unwrap_or_default();
    let seconds = whole.trim_end_matches('Z');
    format!("{seconds}.{:03}Z", millis.rem_euclid(1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_sort_as_texts() {
        for text in ["2026-11-22T10:00:00.000Z", "2026-11-22T10:00:00.120Z"] {
            assert_eq!(timestamp(millis(text).unwrap()), text);
        }
        assert!(millis("yesterday").is_err());
    }
}
