//! `GetLogEvents`.

use serde_json::{Value, json};

use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{Event, invalid, no_stream, stream_key};

impl Logs {
    /// Pages forwards and backwards. A token names the event it starts from; at either end the
    /// token that was given comes back, by which clients see the end.
    pub(super) fn get_log_events(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let stream = call.input.text("logStreamName").unwrap_or_default();
        let key = stream_key(&call.scope, &group.name, stream);
        if !self.streams.contains(&key) {
            return Err(no_stream());
        }
        let since = call.input.number("startTime").unwrap_or(i64::MIN);
        let since = since.max(self.horizon(&group));
        let until = call.input.number("endTime").unwrap_or(i64::MAX);
        let limit = call
            .input
            .number("limit")
            .unwrap_or(10_000)
            .clamp(1, 10_000) as usize;
        let within = format!("{key}:");
        let mut events: Vec<(String, Event)> = self.events.scan(&within);
        events.retain(|(_, event)| event.time >= since && event.time < until);
        let id = |key: &str| key.strip_prefix(&within).unwrap_or_default().to_owned();

        let token = call.input.filled("nextToken");
        let given: Vec<&(String, Event)> = match token.map(|token| token.split_once('/')) {
            Some(Some(("f", after))) => {
                let rest = events.iter().filter(|(key, _)| *id(key) > *after);
                rest.take(limit).collect()
            }
            Some(Some(("b", before))) => {
                let rest: Vec<_> = events
                    .iter()
                    .filter(|(key, _)| *id(key) < *before)
                    .collect();
                rest[rest.len().saturating_sub(limit)..].to_vec()
            }
            Some(_) => return Err(invalid("The specified nextToken is invalid.")),
            None if call.input.flag("startFromHead") => events.iter().take(limit).collect(),
            None => events
                .iter()
                .skip(events.len().saturating_sub(limit))
                .collect(),
        };
        let place = token
            .and_then(|token| token.split_once('/'))
            .map(|(_, id)| id);
        let (first, last) = match (given.first(), given.last(), place) {
            (Some((first, _)), Some((last, _)), _) => (id(first), id(last)),
            (_, _, Some(place)) => (place.to_owned(), place.to_owned()),
            _ => ("0".repeat(56), "0".repeat(56)),
        };
        let shown = given.iter().map(|(_, event)| {
            json!({
                "timestamp": event.time,
                "message": event.message,
                "ingestionTime": event.ingested,
            })
        });
        Ok(json!({
            "events": shown.collect::<Vec<_>>(),
            "nextForwardToken": format!("f/{last}"),
            "nextBackwardToken": format!("b/{first}"),
        }))
    }
}
