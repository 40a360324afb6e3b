//! `DescribeLogStreams`.

use serde_json::{Map, Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Logs;
use super::describe_log_groups::limit;
use super::model::{Stream, group_arn, invalid, stream_key};

impl Logs {
    pub(super) fn describe_log_streams(&self, call: &Call) -> Result<Value, AwsError> {
        let group = self.named_group(call)?;
        let prefix = call.input.filled("logStreamNamePrefix");
        let by_time = call.input.text("orderBy") == Some("LastEventTime");
        if by_time && prefix.is_some() {
            return Err(invalid(
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            ));
        }
        let within = stream_key(&call.scope, &group.name, prefix.unwrap_or_default());
        let mut streams: Vec<(String, Stream)> = Vec::new();
        for (_, stream) in self.streams.scan(&within) {
            let rank = match by_time {
                true => format!("{:020}{}", stream.last_event.unwrap_or(0), stream.name),
                false => stream.name.clone(),
            };
            streams.push((rank, stream));
        }
        streams.sort_by(|a, b| a.0.cmp(&b.0));
        let token = call.input.filled("nextToken");
        let limit = limit(&call.input)?;
        let (streams, next) = if call.input.flag("descending") {
            // The pager goes upwards, so ranks are turned round for it.
            let turned: Vec<_> = streams.into_iter().rev().enumerate().collect();
            let found = page(turned, |(n, _)| format!("{n:08}"), token, limit);
            let Some((given, next)) = found else {
                return Err(invalid("The specified nextToken is invalid."));
            };
            let given: Vec<_> = given.into_iter().map(|(_, stream)| stream).collect();
            (given, next)
        } else {
            page(streams, |(rank, _)| rank.clone(), token, limit)
                .ok_or_else(|| invalid("The specified nextToken is invalid."))?
        };
        let described = streams
            .iter()
            .map(|(_, stream)| described(&call.scope, &group.name, stream));
        let mut output = Map::new();
        output.insert("logStreams".to_owned(), described.collect());
        if let Some(next) = next {
            output.insert("nextToken".to_owned(), next.into());
        }
        Ok(output.into())
    }
}

fn described(scope: &Scope, group: &str, stream: &Stream) -> Value {
    let arn = format!("{}:log-stream:{}", group_arn(scope, group), stream.name);
    let mut described = json!({
        "logStreamName": stream.name,
        "creationTime": stream.created,
    });
    if let (Some(first), Some(last)) = (stream.first_event, stream.last_event) {
        described["firstEventTimestamp"] = first.into();
        described["lastEventTimestamp"] = last.into();
    }
    if let Some(ingested) = stream.last_ingestion {
        described["lastIngestionTime"] = ingested.into();
        described["uploadSequenceToken"] = format!("{:056}", stream.puts).into();
    }
    described["arn"] = arn.into();
    // AWS no longer counts the bytes of single streams.
    described["storedBytes"] = 0.into();
    described
}
