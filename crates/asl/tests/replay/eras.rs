//! What AWS changed since a recording was made.
//!
//! The interpreter does as AWS does today. Where the recordings show that AWS did otherwise before
//! a certain time, a run is rewritten here to what it would have been then, so that everything else
//! in an old recording is still compared to the letter. A change belongs here only if recordings
//! from before and after it bear it out.

use serde_json::Value;

/// Executions can be redriven, and the context object counts it, since 2023-11-15.
const REDRIVE: &str = "2023-11-15";
/// A distributed Map state is entered with the text of its predecessor in recordings up to
/// 2024-02-08, and with compact text from 2024-07-20 on.
const COMPACT_INPUT: &str = "2024-07-01";
/// A distributed Map state's exit follows `MapRunSucceeded` in recordings up to 2024-08-19, and
/// `MapRunStarted` from 2024-11-15 on.
const MAP_RUN_EXIT: &str = "2024-11-01";

/// The day of a recording, as `2024-08-19`; `None` where it is not told.
pub(crate) fn day(vector: &Value) -> Option<String> {
    let date = vector["source"]["recorded_date"].as_str()?;
    let mut parts = date.split([',', ' ']).next()?.split('-');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{year}-{month}-{day}"))
}

/// Rewrites the events of a run to what they would have been when the vector was recorded.
pub(super) fn as_then(vector: &Value, events: &mut [Value]) {
    let Some(day) = day(vector) else { return };
    let day = day.as_str();
    if day < REDRIVE {
        events.iter_mut().for_each(without_redrive_count);
    }
    let kind = |event: Option<&Value>| {
        event
            .and_then(|event| event["type"].as_str())
            .unwrap_or_default()
            .to_owned()
    };
    for index in 0..events.len() {
        let previous = events[index]["previousEventId"].as_u64().unwrap_or(0) as usize;
        if day < MAP_RUN_EXIT
            && kind(events.get(index)) == "MapStateExited"
            && kind(previous.checked_sub(1).and_then(|at| events.get(at))) == "MapRunStarted"
        {
            let succeeded = events.iter().find(|event| {
                event["type"] == "MapRunSucceeded" && event["previousEventId"] == previous
            });
            if let Some(id) = succeeded.map(|event| event["id"].clone()) {
                events[index]["previousEventId"] = id;
            }
        }
        if day < COMPACT_INPUT
            && kind(events.get(index)) == "MapStateEntered"
            && kind(events.get(index + 2)) == "MapRunStarted"
        {
            let before = &events[previous.saturating_sub(1)];
            let text = [
                "/executionStartedEventDetails/input",
                "/stateExitedEventDetails/output",
            ]
            .iter()
            .find_map(|place| before.pointer(place))
            .cloned();
            let entered = events[index].pointer_mut("/stateEnteredEventDetails/input");
            if let (Some(text), Some(entered)) = (text, entered)
                && parsed(&text) == parsed(entered)
            {
                *entered = text;
            }
        }
    }
}

/// [`as_then`] for an output.
pub(super) fn value_as_then(vector: &Value, value: &mut Value) {
    if day(vector).is_some_and(|day| day.as_str() < REDRIVE) {
        without_redrive_count(value);
    }
}

fn parsed(text: &Value) -> Option<Value> {
    serde_json::from_str(text.as_str()?).ok()
}

fn without_redrive_count(value: &mut Value) {
    match value {
        Value::Object(map) => {
            map.shift_remove("RedriveCount");
            map.values_mut().for_each(without_redrive_count);
        }
        Value::Array(items) => items.iter_mut().for_each(without_redrive_count),
        _ => {}
    }
}
