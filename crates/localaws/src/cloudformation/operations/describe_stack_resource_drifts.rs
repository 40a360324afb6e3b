//! `DescribeStackResourceDrifts`: what the last checks of a stack's resources found.

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::Call;
use crate::cloudformation::CloudFormation;
use crate::cloudformation::drift::ResourceDrift;
use crate::cloudformation::page::page;
use crate::cloudformation::request::{failed, required, texts};

pub(super) fn call(cfn: &CloudFormation, call: &Call) -> Result<Value, AwsError> {
    let name = required(&call.input, "StackName")?;
    let stack = cfn.state.living(&call.scope, name)?;
    let wanted = texts(&call.input, "StackResourceDriftStatusFilters");
    let known = [
        "IN_SYNC",
        "MODIFIED",
        "DELETED",
        "NOT_CHECKED",
        "UNKNOWN",
        "UNSUPPORTED",
    ];
    if let Some(other) = wanted.iter().find(|one| !known.contains(&one.as_str())) {
        return Err(failed(
            "StackResourceDriftStatusFilters",
            other,
            &format!("Member must satisfy enum value set: [{}]", known.join(", ")),
        ));
    }
    let size = call.input.get("MaxResults").and_then(Value::as_u64);
    let size = match size.unwrap_or(100) {
        size @ 1..=100 => usize::try_from(size).unwrap_or(100),
        other => {
            return Err(failed(
                "MaxResults",
                &other.to_string(),
                "Member must have value between 1 and 100",
            ));
        }
    };
    let drifts = cfn.state.drifts.scan(&format!("{}/", stack.key()));
    let drifts = drifts.iter().map(|(_, drift)| drift).filter(|drift| {
        wanted.is_empty() || wanted.iter().any(|status| status == drift.status.text())
    });
    page(
        &call.input,
        "StackResourceDrifts",
        drifts.map(shown).collect(),
        size,
    )
}

/// A drift as the API shows it; properties are JSON text.
pub(super) fn shown(drift: &ResourceDrift) -> Value {
    let differences = drift.differences.iter().map(|one| {
        json!({
            "PropertyPath": one.path,
            "ExpectedValue": one.expected,
            "ActualValue": one.actual,
            "DifferenceType": one.kind,
        })
    });
    let differences: Vec<Value> = differences.collect();
    let mut shown = json!({
        "StackId": drift.stack_id,
        "LogicalResourceId": drift.logical,
        "PhysicalResourceId": drift.physical,
        "ResourceType": drift.kind,
        "ExpectedProperties": drift.expected.to_string(),
        "PropertyDifferences": differences,
        "StackResourceDriftStatus": drift.status.text(),
        "Timestamp": drift.checked.to_string(),
    });
    if let (Some(actual), Value::Object(members)) = (&drift.actual, &mut shown) {
        members.insert("ActualProperties".to_owned(), json!(actual.to_string()));
    }
    shown
}
