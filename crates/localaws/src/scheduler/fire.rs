//! The job that waits for whichever schedule comes next.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::Value;

use super::Inner;
use super::invoke::Invocation;
use super::state::Schedule;
use crate::params::Params;

impl Inner {
    /// Fires schedules for ever.
    pub(super) async fn keep_schedules(self: Arc<Self>) {
        self.end_what_is_over();
        loop {
            let mut first: Option<Timestamp> = None;
            self.schedules.walk("", "", |_, schedule| {
                first = first.into_iter().chain(schedule.next).min();
                true
            });
            let clock = self.aws.clock();
            tokio::select! {
                () = self.changed.notified() => {}
                () = clock.sleep_until_background(first.unwrap_or(Timestamp::MAX)), if first.is_some() => {
                    self.fire();
                }
            }
        }
    }

    fn end_what_is_over(&self) {
        for (key, schedule) in self.schedules.scan("") {
            self.end(&key, &schedule);
        }
    }

    fn fire(&self) {
        let now = self.aws.clock().now();
        for (key, mut schedule) in self.schedules.scan("") {
            let Some(due) = schedule.next.filter(|due| *due <= now) else {
                continue;
            };
            // What came due while the program did not run is made up for once.
            schedule.next = schedule.following(now.max(due));
            self.schedules
                .update(&key, |kept| kept.next = schedule.next);
            self.invoke(&schedule, due);
            self.end(&key, &schedule);
        }
    }

    fn invoke(&self, schedule: &Schedule, due: Timestamp) {
        let window = schedule.members.get("FlexibleTimeWindow");
        let minutes = window.and_then(|window| window.number("MaximumWindowInMinutes"));
        let seconds = minutes.and_then(|minutes| u64::try_from(minutes * 60).ok());
        let jitter = seconds.map_or(0, |seconds| self.aws.ids().u64() % seconds);
        let target = schedule
            .members
            .get("Target")
            .cloned()
            .unwrap_or(Value::Null);
        let invocation = Invocation {
            aws: self.aws.clone(),
            scope: schedule.scope.clone(),
            arn: schedule.arn(),
            target,
            due,
        };
        let aws = self.aws.clone();
        self.aws.spawn(async move {
            if jitter > 0 {
                aws.clock().sleep(Duration::from_secs(jitter)).await;
            }
            invocation.run().await;
        });
    }

    /// Deletes a schedule that wants it after its last invocation.
    fn end(&self, key: &str, schedule: &Schedule) {
        let delete = schedule.members.text("ActionAfterCompletion") == Some("DELETE");
        if delete && schedule.is_over() {
            self.schedules.remove(key);
        }
    }
}
