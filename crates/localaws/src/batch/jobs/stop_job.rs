//! `CancelJob` and `TerminateJob`. Cancelling leaves alone what has begun to start.

use serde_json::{Value, json};

use super::Status;
use crate::batch::Inner;
use crate::batch::error::{client, last};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::batch) fn stop_job(
        &self,
        call: &Call,
        terminate: bool,
    ) -> Result<Value, AwsError> {
        let id = last(call.input.text("jobId").unwrap_or_default());
        let reason = call.input.filled("reason");
        let reason = reason.ok_or_else(|| client("Reason must not be empty."))?;
        // A job that is not there is no mistake, as on AWS.
        let Some(job) = self.jobs.get(&call.scope.key(id)) else {
            return Ok(json!({}));
        };
        for key in self.family(&job) {
            self.change(&key, |job| {
                let begun = matches!(job.status, Status::Starting | Status::Running);
                if job.status.is_over() || begun && !terminate {
                    return;
                }
                job.stop.get_or_insert_with(|| reason.to_owned());
                match terminate {
                    true => job.terminated = true,
                    false => job.cancelled = true,
                }
            });
        }
        Ok(json!({}))
    }
}
