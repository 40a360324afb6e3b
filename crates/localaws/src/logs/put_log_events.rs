//! `PutLogEvents`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{Event, invalid, no_stream, stream_key};

/// Events older than this are refused: 14 days, in milliseconds.
const TOO_OLD: i64 = 14 * 86_400_000;
/// Events further in the future than this are refused: 2 hours, in milliseconds.
const TOO_NEW: i64 = 2 * 3_600_000;
/// Most bytes of a call, each event counting 26 bytes more than its text.
const MOST_BYTES: usize = 1_048_576;

impl Logs {
    pub(super) fn put_log_events(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let stream = call.input.text("logStreamName").unwrap_or_default();
        let key = stream_key(&call.scope, &group.name, stream);
        let events: Vec<(i64, &str)> = call
            .input
            .items("logEvents")
            .iter()
            .map(|event| {
                let time = event.number("timestamp").unwrap_or_default();
                (time, event.text("message").unwrap_or_default())
            })
            .collect();
        if events.is_empty() || events.len() > 10_000 {
            return Err(invalid(
                "1 validation error detected: Value at 'logEvents' failed to satisfy constraint: \
                 Member must have length between 1 and 10000",
            ));
        }
        if events.iter().any(|(_, message)| message.is_empty()) {
            return Err(invalid(
                "Log event message must have length greater than or equal to 1",
            ));
        }
        if !events.is_sorted_by_key(|(time, _)| *time) {
            return Err(invalid(
                "Log events in a single PutLogEvents request must be in chronological order.",
            ));
        }
        let bytes: usize = events.iter().map(|(_, message)| message.len() + 26).sum();
        if bytes > MOST_BYTES {
            return Err(invalid(format!(
                "Upload too large: {bytes} bytes exceeds limit of {MOST_BYTES}"
            )));
        }
        let now = self.now();
        let expired = self.horizon(&group);
        let refused = |time: i64| time < now - TOO_OLD || time < expired || time > now + TOO_NEW;
        let first_id = self
            .streams
            .update(&key, |stream| {
                let first_id = stream.puts;
                stream.puts += events.len() as u64;
                for (time, _) in events.iter().filter(|(time, _)| !refused(*time)) {
                    stream.first_event =
                        Some(stream.first_event.map_or(*time, |first| first.min(*time)));
                    stream.last_event =
                        Some(stream.last_event.map_or(*time, |last| last.max(*time)));
                    stream.last_ingestion = Some(now);
                }
                first_id
            })
            .ok_or_else(no_stream)?;
        let accepted = events.iter().filter(|(time, _)| !refused(*time));
        self.measure(
            &call.scope,
            &group.name,
            &accepted.copied().collect::<Vec<_>>(),
        );
        for (id, (time, message)) in (first_id..).zip(&events) {
            if refused(*time) {
                continue;
            }
            let event = Event {
                stream: stream.to_owned(),
                time: *time,
                ingested: now,
                message: (*message).to_owned(),
            };
            self.events.put(&format!("{key}:{time:020}{id:036}"), event);
        }
        let mut output =
            json!({ "nextSequenceToken": format!("{:056}", first_id + events.len() as u64) });
        let too_old = events
            .iter()
            .filter(|(time, _)| *time < now - TOO_OLD)
            .count();
        let gone = events.iter().filter(|(time, _)| *time < expired).count();
        let fine = events
            .iter()
            .filter(|(time, _)| *time <= now + TOO_NEW)
            .count();
        let mut rejected = json!({});
        if too_old > 0 {
            rejected["tooOldLogEventEndIndex"] = too_old.into();
        }
        if gone > 0 {
            rejected["expiredLogEventEndIndex"] = gone.into();
        }
        if fine < events.len() {
            rejected["tooNewLogEventStartIndex"] = fine.into();
        }
        if rejected != json!({}) {
            output["rejectedLogEventsInfo"] = rejected;
        }
        Ok(output)
    }
}
