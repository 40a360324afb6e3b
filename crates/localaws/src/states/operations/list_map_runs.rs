//! `ListMapRuns`: of an execution, newest first.

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;
use crate::states::page::Page;

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("executionArn")?, &["execution"])?;
    let page = Page::of(input, &format!("map runs of {}", arn.text), 1024)?;
    states.executions.get(arn.text)?;
    let (part, next) = page.cut(states.map_runs.of_execution(arn.text));
    let map_runs: Value = part.iter().map(|map_run| map_run.summary()).collect();
    let mut out = json!({ "mapRuns": map_runs });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
