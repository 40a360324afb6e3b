//! `GetExecutionHistory`: in either order, a page at a time.

use bytes::Bytes;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::page::Page;
use crate::states::{States, errors};

/// The answer as a value, for callers inside.
pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let (pieces, next) = page(states, input)?;
    let lines = pieces.iter().flat_map(lines);
    let events: Vec<Value> = lines.map(read).collect();
    let mut out = json!({ "events": events });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}

/// The answer as it is sent: histories are stored that way.
pub(super) fn written(states: &States, input: Input<'_>) -> Result<Bytes, AwsError> {
    const OPEN: &[u8] = b"{\"events\":[";
    let (pieces, next) = page(states, input)?;
    let size: usize = pieces.iter().map(Bytes::len).sum();
    let mut out = Vec::with_capacity(size + 512);
    out.extend_from_slice(OPEN);
    for piece in &pieces {
        out.extend_from_slice(piece);
    }
    // The last line end is none between events.
    out.truncate(out.trim_ascii_end().len());
    for byte in out.iter_mut().filter(|byte| **byte == b'\n') {
        *byte = b',';
    }
    out.push(b']');
    if let Some(next) = next {
        out.extend_from_slice(format!(",\"nextToken\":{}", Value::from(next)).as_bytes());
    }
    out.push(b'}');
    Ok(Bytes::from(out))
}

/// The page's events, a line each, in pieces.
fn page(states: &States, input: Input<'_>) -> Result<(Vec<Bytes>, Option<String>), AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let reverse = input.flag("reverseOrder");
    let page = Page::of(input, &format!("history of {} {reverse}", arn.text), 1024)?;
    let with_data = input.0.get("includeExecutionData").and_then(Value::as_bool) != Some(false);
    if !states.executions.rows().contains(arn.text) {
        return Err(errors::no_such_execution(arn.text));
    }
    let (total, mut pieces) = states.history(
        arn.text,
        |total| {
            let from = page.from().min(total);
            let to = (from + page.size()).min(total);
            if reverse {
                total - to..total - from
            } else {
                from..to
            }
        },
        with_data,
    );
    if reverse {
        let events = pieces.iter().flat_map(lines);
        let mut events: Vec<Bytes> = events.collect();
        events.reverse();
        pieces = events;
    }
    Ok((pieces, page.next(total)))
}

fn lines(piece: &Bytes) -> impl Iterator<Item = Bytes> + '_ {
    let lines = piece.split_inclusive(|byte| *byte == b'\n');
    lines.map(|line| piece.slice_ref(line))
}

/// An event as services exchange it, with its time as text.
fn read(event: Bytes) -> Value {
    let mut event: Value = serde_json::from_slice(&event).unwrap_or_default();
    let seconds = event.get("timestamp").and_then(Value::as_f64);
    let time =
        seconds.map(|seconds| Timestamp::from_millisecond((seconds * 1000.0).round() as i64));
    if let Some(Ok(time)) = time {
        event["timestamp"] = format!("{time:.3}").into();
    }
    event
}
