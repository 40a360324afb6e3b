//! `DescribeJobs`. Ids that nobody has are left out of the answer.

use serde_json::{Value, json};

use crate::batch::Inner;
use crate::batch::error::{client, last};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::batch) fn describe_jobs(&self, call: &Call) -> Result<Value, AwsError> {
        let ids = call.input.texts("jobs");
        if ids.len() > 100 {
            return Err(client("At most 100 jobs can be described at once."));
        }
        let jobs = ids
            .iter()
            .filter_map(|id| self.jobs.get(&call.scope.key(last(id))));
        let jobs: Vec<Value> = jobs.map(|job| self.shown(&job)).collect();
        Ok(json!({ "jobs": jobs }))
    }
}
