//! Rules with a schedule: one job waits for whichever comes next.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use recurrence::Recurrence;
use serde_json::json;

use super::Inner;
use super::put_events::envelope;
use super::state::Rule;
use crate::AwsError;

/// When a rule fires next; `None` for one without a schedule, or disabled, or over.
pub(super) fn next(rule: &Rule, after: Timestamp) -> Result<Option<Timestamp>, AwsError> {
    let Some(expression) = &rule.schedule else {
        return Ok(None);
    };
    let recurrence = Recurrence::parse(expression);
    let recurrence = recurrence.filter(|recurrence| {
        !matches!(recurrence, Recurrence::At(_)) && Recurrence::is_grammatical(expression)
    });
    let recurrence = recurrence
        .ok_or_else(|| AwsError::validation("Parameter ScheduleExpression is not valid."))?;
    if !rule.is_enabled() {
        return Ok(None);
    }
    Ok(recurrence.next(after, rule.anchor, &TimeZone::UTC))
}

impl Inner {
    /// Fires rules for ever.
    pub(super) async fn keep_schedules(&self) {
        loop {
            let mut first: Option<Timestamp> = None;
            self.rules.walk("", "", |_, rule| {
                first = first.into_iter().chain(rule.next).min();
                true
            });
            let clock = self.aws.clock();
            tokio::select! {
                () = self.schedules_changed.notified() => {}
                () = clock.sleep_until_background(first.unwrap_or(Timestamp::MAX)), if first.is_some() => {
                    self.fire();
                }
            }
        }
    }

    fn fire(&self) {
        let now = self.aws.clock().now();
        for (key, rule) in self.rules.scan("") {
            let Some(due) = rule.next.filter(|due| *due <= now) else {
                continue;
            };
            // What came due while the program did not run is made up for once.
            let following = next(&rule, now.max(due)).ok().flatten();
            self.rules.update(&key, |rule| rule.next = following);
            let event = envelope(
                &rule.scope,
                &self.aws.ids().uuid(),
                ("aws.events", "Scheduled Event"),
                due,
                vec![rule.arn()],
                json!({}),
            );
            self.trigger(&rule, &event, 0);
        }
    }
}
