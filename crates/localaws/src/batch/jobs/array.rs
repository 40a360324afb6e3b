//! Array jobs: as many jobs as the array has places, and the one that stands for all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Job, Status};
use crate::Scope;
use crate::batch::Inner;

impl Inner {
    /// Makes the children of an array job that are not there yet, and starts their lives.
    pub(super) fn begin_children(self: &Arc<Self>, parent: &Job) {
        for index in 0..parent.size.unwrap_or(0) {
            let child = Job {
                id: format!("{}:{index}", parent.id),
                size: None,
                index: Some(index),
                status: Status::Submitted,
                ..parent.clone()
            };
            if self.jobs.insert(&child.key(), child.clone()) {
                self.announce(&child);
                self.begin_life(child.key());
            }
        }
    }

    /// Keys of a job and, if it is an array job, of its children.
    pub(super) fn family(&self, job: &Job) -> Vec<String> {
        let children = self.jobs.scan(&job.scope.key(&format!("{}:", job.id)));
        let mut keys = vec![job.key()];
        if job.size.is_some() {
            keys.extend(children.into_iter().map(|(key, _)| key));
        }
        keys
    }

    /// How many children have which status.
    pub(super) fn counts(&self, scope: &Scope, parent: &str) -> BTreeMap<&'static str, u64> {
        let mut counts = BTreeMap::new();
        for status in [
            Status::Submitted,
            Status::Pending,
            Status::Runnable,
            Status::Starting,
            Status::Running,
            Status::Succeeded,
            Status::Failed,
        ] {
            counts.insert(status.word(), 0);
        }
        let prefix = scope.key(&format!("{parent}:"));
        self.jobs.walk(&prefix, "", |_, child| {
            *counts.entry(child.status.word()).or_default() += 1;
            true
        });
        counts
    }

    /// Ends an array job when the last of its children ended.
    pub(super) fn count_children(&self, scope: &Scope, parent: &str) {
        let counts = self.counts(scope, parent);
        let count = |status: Status| counts.get(status.word()).copied().unwrap_or(0);
        let (good, bad) = (count(Status::Succeeded), count(Status::Failed));
        let now = self.aws.clock().now();
        let key = scope.key(parent);
        let size = self.jobs.with(&key, |job| job.size).flatten();
        if size != Some(good + bad) {
            return;
        }
        self.change(&key, |job| {
            job.stopped = Some(now);
            job.status = if bad == 0 {
                Status::Succeeded
            } else {
                job.reason = Some("Array Child Job failed".to_owned());
                Status::Failed
            };
        });
    }
}
