//! "Step Functions Execution Status Change" events.

use asl::Kind;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::states::States;
use crate::states::execution::Execution;
use crate::states::runner::Running;

impl States {
    /// Sends the event of a standard execution; express ones have none.
    pub(super) fn announce_status(&self, running: &Running, row: &Execution) {
        if row.kind == Kind::Express {
            return;
        }
        let detail = detail(self, row);
        let entry = json!({
            "Source": "aws.states",
            "DetailType": "Step Functions Execution Status Change",
            "Resources": [row.arn],
            "Time": row.stopped.unwrap_or(row.began()).to_string(),
            "Detail": detail.to_string(),
        });
        let entries = json!({ "Entries": [entry] });
        self.deliveries
            .push(&running.scope(), "events", "PutEvents", entries);
    }
}

/// The members of `DescribeExecution`, with times in milliseconds, and null for what is not there.
fn detail(states: &States, row: &Execution) -> Value {
    let mut described = row.describe(true);
    states.redrive_status(row).describe(&mut described);
    let mut detail = json!({});
    for member in [
        "executionArn",
        "stateMachineArn",
        "stateMachineVersionArn",
        "stateMachineAliasArn",
        "name",
        "status",
        "startDate",
        "stopDate",
        "input",
        "inputDetails",
        "output",
        "outputDetails",
        "error",
        "cause",
        "redriveCount",
        "redriveDate",
        "redriveStatus",
        "redriveStatusReason",
    ] {
        detail[member] = described.get(member).cloned().unwrap_or_default();
    }
    detail["startDate"] = row.started.as_millisecond().into();
    detail["stopDate"] = row.stopped.map(Timestamp::as_millisecond).into();
    detail["redriveDate"] = row.redrives().last.map(Timestamp::as_millisecond).into();
    detail
}
