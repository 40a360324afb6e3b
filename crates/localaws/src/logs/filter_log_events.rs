//! `FilterLogEvents`.

use serde_json::{Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call};

use super::Logs;
use super::model::{Event, invalid};
use super::pattern::Pattern;

impl Logs {
    pub(super) fn filter_log_events(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let names = call.input.texts("logStreamNames");
        let prefix = call.input.filled("logStreamNamePrefix");
        if !names.is_empty() && prefix.is_some() {
            return Err(invalid(
                "LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.",
            ));
        }
        let prefix = prefix.unwrap_or_default();
        let since = call.input.number("startTime").unwrap_or(i64::MIN);
        let since = since.max(self.horizon(&group));
        let until = call.input.number("endTime").unwrap_or(i64::MAX);
        let limit = call
            .input
            .number("limit")
            .unwrap_or(10_000)
            .clamp(1, 10_000) as usize;
        let pattern = Pattern::parse(call.input.text("filterPattern").unwrap_or_default())?;

        let mut found: Vec<(String, Event)> = Vec::new();
        for (key, event) in self
            .events
            .scan(&format!("{}:", call.scope.key(&group.name)))
        {
            let stream_matches = match names.is_empty() {
                true => event.stream.starts_with(prefix),
                false => names.contains(&event.stream),
            };
            if stream_matches
                && (since..=until).contains(&event.time)
                && pattern.matches(&event.message)
            {
                // Ids are unique within a stream only, and begin with the time.
                let id = key.rsplit(':').next().unwrap_or_default();
                found.push((format!("{id}/{}", event.stream), event));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let token = call.input.filled("nextToken");
        let (given, next) = page(found, |(id, _)| id.clone(), token, limit)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
        let shown = given.iter().map(|(id, event)| {
            json!({
                "logStreamName": event.stream,
                "timestamp": event.time,
                "message": event.message,
                "ingestionTime": event.ingested,
                "eventId": id.split('/').next(),
            })
        });
        let mut output = json!({ "events": shown.collect::<Vec<_>>(), "searchedLogStreams": [] });
        if let Some(next) = next {
            output["nextToken"] = next.into();
        }
        Ok(output)
    }
}
