//! PutEvents.

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Inner;
use super::state::DEFAULT;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

/// All entries together, in bytes.
const MOST_BYTES: usize = 1024 * 1024;

impl Inner {
    pub(super) fn put_events(&self, call: &Call) -> Result<Value, AwsError> {
        let entries = call.input.items("Entries");
        if entries.is_empty() || entries.len() > 10 {
            return Err(AwsError::validation(
                "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and 10",
            ));
        }
        let size: usize = entries.iter().map(size).sum();
        if size > MOST_BYTES {
            return Err(AwsError::validation(
                "Total size of the entries in the request is over the limit.",
            ));
        }
        // Events that come from another bus say how many there were before.
        let hops = call.caller.strip_prefix("service:events/");
        let hops = hops.and_then(|hops| hops.parse().ok()).unwrap_or(0);
        let mut answers = Vec::new();
        let mut failed = 0;
        for entry in entries {
            match self.event(call, entry) {
                Ok((bus, event)) => {
                    answers.push(json!({ "EventId": event["id"] }));
                    self.publish(&call.scope, &bus, event, hops);
                }
                Err((code, message)) => {
                    failed += 1;
                    answers.push(json!({ "ErrorCode": code, "ErrorMessage": message }));
                }
            }
        }
        Ok(json!({ "FailedEntryCount": failed, "Entries": answers }))
    }

    fn event(&self, call: &Call, entry: &Value) -> Result<(String, Value), (&str, String)> {
        for name in ["Source", "DetailType", "Detail"] {
            if entry.filled(name).is_none() {
                let message = format!(
                    "Parameter {name} is not valid. Reason: {name} is a required argument."
                );
                return Err(("InvalidArgument", message));
            }
        }
        let source = entry.text("Source").unwrap_or_default();
        if source.starts_with("aws.") && !call.caller.starts_with("service:") {
            let message = "Not authorized for the source.".to_owned();
            return Err(("NotAuthorizedForSourceException", message));
        }
        let detail = serde_json::from_str::<Value>(entry.text("Detail").unwrap_or_default());
        let Some(detail) = detail.ok().filter(Value::is_object) else {
            return Err(("MalformedDetail", "Detail is malformed.".to_owned()));
        };
        let now = self.aws.clock().now();
        let time = entry
            .text("Time")
            .and_then(|time| time.parse::<Timestamp>().ok());
        let event = envelope(
            &call.scope,
            &self.aws.ids().uuid(),
            (source, entry.text("DetailType").unwrap_or_default()),
            time.unwrap_or(now),
            entry.texts("Resources"),
            detail,
        );
        let bus = entry.filled("EventBusName").unwrap_or(DEFAULT);
        let bus = bus.rsplit('/').next().unwrap_or(bus);
        Ok((bus.to_owned(), event))
    }
}

/// An event as rules and targets see it.
pub(super) fn envelope(
    scope: &Scope,
    id: &str,
    (source, detail_type): (&str, &str),
    time: Timestamp,
    resources: Vec<String>,
    detail: Value,
) -> Value {
    json!({
        "version": "0",
        "id": id,
        "detail-type": detail_type,
        "source": source,
        "account": scope.account,
        "time": format!("{time:.0}"),
        "region": scope.region,
        "resources": resources,
        "detail": detail,
    })
}

/// As "Calculating PutEvents event entry size" in the user guide.
fn size(entry: &Value) -> usize {
    let text = |name: &str| entry.text(name).map_or(0, str::len);
    let time = if entry.member("Time").is_some() {
        14
    } else {
        0
    };
    let resources: usize = entry.texts("Resources").iter().map(String::len).sum();
    time + text("Source") + text("DetailType") + text("Detail") + resources
}
