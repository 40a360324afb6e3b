//! Reads resources and writes down how they differ.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, StreamExt};
use serde_json::{Map, Value};

use super::compare::{self, Rules};
use super::{DetectionState, ResourceDrift};
use crate::cloudformation::CloudFormation;
use crate::cloudformation::engine::context;
use crate::cloudformation::secret::{masked, secrets};
use crate::cloudformation::stack::{Stack, StackDrift, StackResource};
use crate::cloudformation::status::{ResourceDriftStatus, ResourceStatus};
use crate::resources::{Sibling, without_attached};

/// Detection is asynchronous on AWS and takes a moment, which pollers must see.
const TAKES: Duration = Duration::from_millis(2_200);
/// Resources that are read at the same time.
const READERS: usize = 8;

/// Whether drift of a resource can be detected.
pub(crate) fn is_checked(cfn: &CloudFormation, row: &StackResource) -> bool {
    let kind = row.live.kind.as_str();
    let own = kind.starts_with("AWS::CloudFormation::") || kind.starts_with("Custom::");
    let schema = cfn.resources.schema(kind);
    let exists = row.live.physical.is_some()
        && !matches!(
            row.status,
            ResourceStatus::DeleteComplete | ResourceStatus::DeleteSkipped
        );
    exists && !own && schema.is_some_and(crate::resources::Schema::supports_drift)
}

/// Runs a detection to its end.
pub(crate) async fn detect(cfn: &Arc<CloudFormation>, key: &str) {
    let Some(detection) = cfn.state.detections.get(key) else {
        return;
    };
    cfn.aws.clock().sleep(TAKES).await;
    let Some(stack) = cfn.state.stacks.get(&detection.stack_key) else {
        return;
    };
    let rows = cfn.state.resources_of(&detection.stack_key).into_iter();
    let rows: Vec<StackResource> = rows
        .filter(|row| is_checked(cfn, row))
        .filter(|row| detection.only.is_empty() || detection.only.contains(&row.logical))
        .collect();
    let stack = &stack;
    let results: Vec<_> = stream::iter(rows)
        .map(|row| async move {
            let found = detect_resource(cfn, stack, &row).await;
            (row.logical, found)
        })
        .buffer_unordered(READERS)
        .collect()
        .await;
    let mut failed: Vec<String> = results
        .into_iter()
        .filter_map(|(logical, found)| Some(format!("{logical}: {}", found.err()?)))
        .collect();
    failed.sort();
    let drifts = cfn.state.drifts.scan(&format!("{}/", detection.stack_key));
    let drifted = drifts
        .iter()
        .filter(|(_, drift)| drift.status != ResourceDriftStatus::InSync)
        .count();
    let now = cfn.aws.clock().now();
    cfn.state.stacks.update(&detection.stack_key, |stack| {
        stack.drift = Some(StackDrift {
            drifted: drifted > 0,
            checked: now,
        });
        stack.detecting = None;
    });
    cfn.state.detections.update(key, |detection| {
        detection.drifted = drifted;
        detection.is_drifted = Some(drifted > 0);
        detection.state = DetectionState::Complete;
        if !failed.is_empty() {
            detection.state = DetectionState::Failed;
            detection.reason = Some(format!(
                "Failed to detect drift on resources: [{}]",
                failed.join("; ")
            ));
        }
    });
}

/// Checks one resource and writes the result down.
pub(crate) async fn detect_resource(
    cfn: &CloudFormation,
    stack: &Stack,
    row: &StackResource,
) -> Result<ResourceDrift, String> {
    let live = &row.live;
    let cx = context(stack, &row.logical, live);
    let physical = live.physical.clone().unwrap_or_default();
    let actual = cfn
        .resources
        .read(&cx, &physical, &live.properties)
        .await
        .map_err(|failure| failure.message)?;
    let now = cfn.aws.clock().now();
    let hidden = secrets(&stack.current);
    let wanted = cfn.resources.wanted(&cx, &live.properties);
    let rules = Rules::of(&live.kind, &hidden);
    let expected = rules.comparable(&wanted);
    let identifiers = |from: &Value| -> Map<String, Value> {
        let names = cfn.resources.schema(&live.kind).into_iter();
        names
            .flat_map(|schema| schema.primary_identifier())
            .filter_map(|name| Some((name.clone(), from.get(name)?.clone())))
            .collect()
    };
    let mut drift = ResourceDrift {
        stack_id: stack.id.clone(),
        logical: row.logical.clone(),
        physical,
        kind: live.kind.clone(),
        status: ResourceDriftStatus::Deleted,
        expected: masked(&expected, &hidden),
        actual: None,
        differences: Vec::new(),
        checked: now,
    };
    if let Some(actual) = actual {
        let actual = without_attached_of(cfn, stack, row, actual);
        let differences = compare::differences(&rules, &expected, &actual);
        let ids = identifiers(&actual);
        let shown = compare::declared_part(&expected, &actual);
        drift.status = match differences.is_empty() {
            true => ResourceDriftStatus::InSync,
            false => ResourceDriftStatus::Modified,
        };
        drift.differences = differences;
        drift.expected = with(&drift.expected, &ids);
        drift.actual = Some(masked(&with(&shown, &ids), &hidden));
    }
    let key = format!("{}/{}", stack.key(), row.logical);
    cfn.state.resources.update(&key, |row| {
        row.drift = Some((drift.status, now));
    });
    cfn.state.drifts.put(&key, drift.clone());
    Ok(drift)
}

/// Live properties without what the stack's other resources attach.
fn without_attached_of(
    cfn: &CloudFormation,
    stack: &Stack,
    row: &StackResource,
    actual: Value,
) -> Value {
    let rows = cfn.state.resources_of(&stack.key());
    let siblings = rows.iter().filter(|other| other.logical != row.logical);
    let siblings: Vec<Sibling<'_>> = siblings
        .filter_map(|other| {
            Some(Sibling {
                type_name: &other.live.kind,
                physical_id: other.live.physical.as_deref()?,
                properties: &other.live.properties,
            })
        })
        .collect();
    let physical = row.live.physical.as_deref().unwrap_or_default();
    without_attached(&row.live.kind, physical, actual, &siblings)
}

/// Adds identifiers that are not declared.
fn with(properties: &Value, identifiers: &Map<String, Value>) -> Value {
    let mut all = properties.clone();
    if let Value::Object(members) = &mut all {
        for (name, value) in identifiers {
            members.entry(name).or_insert_with(|| value.clone());
        }
    }
    all
}
