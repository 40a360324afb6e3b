//! `UpdateMapRun`: concurrency and tolerated failures of a map run in progress.

use std::sync::Arc;

use asl::Signal;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

pub(super) fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("mapRunArn")?, &["mapRun"])?;
    let count = |member: &str| -> Result<Option<u64>, AwsError> {
        let number = input.number(member, 0, i64::MAX)?;
        Ok(number.and_then(|number| u64::try_from(number).ok()))
    };
    let max_concurrency = count("maxConcurrency")?;
    let tolerated_failure_count = count("toleratedFailureCount")?;
    let percentage = input.0.get("toleratedFailurePercentage");
    let tolerated_failure_percentage = percentage.and_then(Value::as_f64);
    let row = states.map_runs.get(arn.text)?;
    let running = states.runner.get(&row.execution_arn);
    let found = running.and_then(|running| {
        let known = running.lock().map_runs.clone();
        let mut known = known.into_iter();
        let (map_run, _) = known.find(|(_, known)| **known == *arn.text)?;
        Some((running, map_run))
    });
    let Some((running, map_run)) = found.filter(|_| row.is_running()) else {
        // AWS's words are not known.
        return Err(AwsError::validation(
            "Map Run is not in progress and cannot be updated",
        ));
    };
    states.map_runs.updated(
        arn.text,
        max_concurrency,
        tolerated_failure_count,
        tolerated_failure_percentage,
    );
    states.tell(
        &running,
        Signal::MapRunUpdated {
            map_run,
            max_concurrency,
            tolerated_failure_count,
            tolerated_failure_percentage,
        },
    );
    Ok(json!({}))
}
