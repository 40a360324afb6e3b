//! `GetExecutionHistory`: in either order, a page at a time.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::page::Page;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let reverse = input.flag("reverseOrder");
    let page = Page::of(input, &format!("history of {} {reverse}", arn.text), 1024)?;
    let with_data = input.0.get("includeExecutionData").and_then(Value::as_bool) != Some(false);
    states.executions.get(arn.text)?;
    let (total, events) = states.history(
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
    let events = if reverse {
        events.into_iter().rev().collect()
    } else {
        events
    };
    let mut out = json!({ "events": events });
    if let Some(next) = page.next(total) {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
