//! `GetActivityTask`: waits up to a minute for a task.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::arn::Arn;
use crate::states::input::Input;

const POLL: Duration = Duration::from_secs(60);

pub(super) async fn run(states: &Arc<States>, input: Input<'_>) -> Result<Value, AwsError> {
    let arn = Arn::parse(input.required("activityArn")?, &["activity"])?;
    let worker = input.limited("workerName", 80)?;
    states.activities.get(arn.text)?;
    let end = states.aws.clock().now().saturating_add(POLL);
    let over = async {
        let end = end.unwrap_or(jiff::Timestamp::MAX);
        let passed = states.aws.clock().sleep_until_background(end);
        if states.aws.clock().is_fast() {
            // The worker waits in real time, and its waiting must not make virtual time pass.
            tokio::select! {
                () = passed => {}
                () = tokio::time::sleep(POLL) => {}
            }
        } else {
            passed.await;
        }
    };
    tokio::pin!(over);
    loop {
        let arrived = states.activities.arrived(arn.text);
        while let Some(task) = states.activities.pop(arn.text) {
            if states.start_activity(&task, worker) {
                return Ok(json!({ "taskToken": task.token, "input": task.input }));
            }
        }
        tokio::select! {
            () = arrived.notified() => {}
            () = &mut over => return Ok(json!({})),
        }
    }
}
