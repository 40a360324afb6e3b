//! Folds what CloudFormation says about a stack's resources into a finding. Pure.

use std::collections::BTreeMap;

use super::mask::Mask;
use super::{Detection, DetectionStatus};
use crate::plan::PlannedStack;
use crate::ports::{PropertyDrift, Resource, ResourceDrift};
use crate::{Coverage, Difference, DifferenceType, Finding, Outcome, Uncovered, Why};

const NESTED: &str = "AWS::CloudFormation::Stack";

/// Makes the finding of a stack. `problem` is what kept the check from being complete.
pub(super) fn fold(
    stack: PlannedStack,
    detection: &Detection,
    resources: Vec<Resource>,
    drifts: Vec<ResourceDrift>,
    mut problem: Option<String>,
) -> Finding {
    let complete = detection.status == DetectionStatus::Complete && problem.is_none();
    let mut coverage = Coverage::default();
    let (mut differences, mut uncovered) = (Vec::new(), Vec::new());
    for (logical_id, (resource_type, drift)) in join(resources, drifts) {
        coverage.resources += 1;
        let status = drift.as_ref().map(|drift| drift.status.as_str());
        let mut leave = |why| {
            let reason = drift.as_ref().and_then(|drift| drift.reason.clone());
            uncovered.push(Uncovered {
                logical_id: logical_id.clone(),
                resource_type: resource_type.clone(),
                why,
                reason,
            });
        };
        match status {
            Some("IN_SYNC") => coverage.in_sync += 1,
            Some("MODIFIED" | "DELETED") => {
                coverage.drifted += 1;
                differences.extend(
                    drift
                        .iter()
                        .flat_map(|drift| differences_of(&stack.stack_id, drift)),
                );
            }
            Some("UNKNOWN") => {
                coverage.failed += 1;
                leave(Why::Failed);
            }
            _ if resource_type == NESTED => coverage.nested += 1,
            // A resource of which CloudFormation says nothing at all is of a type that it cannot compare, unless the
            // detection ended before it came to it.
            Some("UNSUPPORTED") => {
                coverage.unsupported += 1;
                leave(Why::Unsupported);
            }
            None if complete => {
                coverage.unsupported += 1;
                leave(Why::Unsupported);
            }
            _ => {
                coverage.not_checked += 1;
                leave(Why::NotChecked);
            }
        }
    }
    if problem.is_none() && coverage.failed > 0 {
        let n = coverage.failed;
        let plural = if n == 1 { "" } else { "s" };
        problem = Some(format!(
            "CloudFormation could not compare {n} resource{plural}"
        ));
    }
    let outcome = if coverage.drifted > 0 {
        Outcome::Drifted
    } else if problem.is_some() {
        Outcome::Failed
    } else if coverage.checked() == 0 && coverage.resources > coverage.nested {
        Outcome::NotCovered
    } else {
        Outcome::InSync
    };
    let PlannedStack {
        stack_name,
        stack_id,
        parent_id,
    } = stack;
    Finding {
        stack_name,
        stack_id,
        parent_id,
        outcome,
        problem,
        coverage,
        differences,
        uncovered,
    }
}

/// Both lists by logical id: neither holds all resources for sure.
fn join(
    resources: Vec<Resource>,
    drifts: Vec<ResourceDrift>,
) -> BTreeMap<String, (String, Option<ResourceDrift>)> {
    let live = resources
        .into_iter()
        .filter(|resource| resource.status != "DELETE_COMPLETE");
    let mut all: BTreeMap<_, _> = live
        .map(|r| (r.logical_id, (r.resource_type, None)))
        .collect();
    for drift in drifts {
        all.insert(
            drift.logical_id.clone(),
            (drift.resource_type.clone(), Some(drift)),
        );
    }
    all
}

fn differences_of(stack_id: &str, drift: &ResourceDrift) -> Vec<Difference> {
    let blank = Difference {
        logical_id: drift.logical_id.clone(),
        physical_id: drift.physical_id.clone(),
        resource_type: drift.resource_type.clone(),
        path: None,
        difference: DifferenceType::Deleted,
        expected: None,
        actual: None,
        masked: false,
        ignored_by: None,
        changed_by: None,
    };
    if drift.status == "DELETED" {
        return vec![blank];
    }
    let mask = Mask::new(stack_id, drift);
    let difference = |property: &PropertyDrift| {
        let kind = match property.kind.as_str() {
            "ADD" => DifferenceType::Add,
            "REMOVE" => DifferenceType::Remove,
            _ => DifferenceType::NotEqual,
        };
        let (expected, expected_masked) = mask.apply(&property.path, &property.expected);
        let (actual, actual_masked) = mask.apply(&property.path, &property.actual);
        // CloudFormation words the side that has no value as `null`.
        let (add, remove) = (kind == DifferenceType::Add, kind == DifferenceType::Remove);
        Difference {
            path: Some(property.path.clone()),
            difference: kind,
            expected: (!add).then_some(expected),
            actual: (!remove).then_some(actual),
            masked: (expected_masked && !add) || (actual_masked && !remove),
            ..blank.clone()
        }
    };
    drift.differences.iter().map(difference).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stack() -> PlannedStack {
        PlannedStack {
            stack_name: "shop".into(),
            stack_id: "arn:shop".into(),
            parent_id: None,
        }
    }

    fn resource(logical_id: &str, resource_type: &str) -> Resource {
        let status = "CREATE_COMPLETE".into();
        Resource {
            logical_id: logical_id.into(),
            resource_type: resource_type.into(),
            status,
        }
    }

    fn drift(logical_id: &str, status: &str) -> ResourceDrift {
        let resource_type = "AWS::SQS::Queue".into();
        ResourceDrift {
            logical_id: logical_id.into(),
            resource_type,
            status: status.into(),
            ..ResourceDrift::default()
        }
    }

    fn outcome(
        status: DetectionStatus,
        resources: &[Resource],
        drifts: &[ResourceDrift],
    ) -> Finding {
        let detection = Detection {
            status,
            reason: None,
            started_at: None,
        };
        let problem = (status != DetectionStatus::Complete).then(|| "no time".to_owned());
        fold(
            stack(),
            &detection,
            resources.to_vec(),
            drifts.to_vec(),
            problem,
        )
    }

    #[test]
    fn a_stack_is_in_sync_only_if_something_was_compared() {
        use DetectionStatus::{Complete, Failed};
        let queue = resource("Q", "AWS::SQS::Queue");
        let nested = resource("N", NESTED);
        let odd = resource("O", "Custom::Odd");
        for (status, resources, drifts, expected) in [
            (Complete, vec![], vec![], Outcome::InSync),
            (
                Complete,
                vec![queue.clone()],
                vec![drift("Q", "IN_SYNC")],
                Outcome::InSync,
            ),
            (Complete, vec![nested], vec![], Outcome::InSync),
            (Complete, vec![odd.clone()], vec![], Outcome::NotCovered),
            (
                Complete,
                vec![odd.clone(), queue.clone()],
                vec![drift("Q", "IN_SYNC")],
                Outcome::InSync,
            ),
            (
                Complete,
                vec![queue.clone()],
                vec![drift("Q", "NOT_CHECKED")],
                Outcome::NotCovered,
            ),
            (
                Complete,
                vec![queue.clone()],
                vec![drift("Q", "UNKNOWN")],
                Outcome::Failed,
            ),
            (
                Complete,
                vec![queue.clone()],
                vec![drift("Q", "DELETED")],
                Outcome::Drifted,
            ),
            (
                Failed,
                vec![queue.clone()],
                vec![drift("Q", "IN_SYNC")],
                Outcome::Failed,
            ),
            (
                Failed,
                vec![queue.clone(), odd],
                vec![drift("Q", "DELETED")],
                Outcome::Drifted,
            ),
        ] {
            let finding = outcome(status, &resources, &drifts);
            assert_eq!(
                finding.outcome, expected,
                "{status:?} {resources:?} {drifts:?}"
            );
            assert_eq!(
                finding.problem.is_some(),
                status == Failed || expected == Outcome::Failed
            );
        }
    }

    #[test]
    fn silence_means_unsupported_only_after_a_complete_detection() {
        let odd = [resource("O", "Custom::Odd")];
        assert_eq!(
            outcome(DetectionStatus::Complete, &odd, &[]).uncovered[0].why,
            Why::Unsupported
        );
        assert_eq!(
            outcome(DetectionStatus::Failed, &odd, &[]).uncovered[0].why,
            Why::NotChecked
        );
    }

    #[test]
    fn coverage_adds_up() {
        let resources = [
            resource("A", "AWS::SQS::Queue"),
            resource("B", "AWS::SQS::Queue"),
            resource("C", "Custom::Odd"),
            resource("D", NESTED),
            resource("E", "AWS::SQS::Queue"),
            resource("F", "AWS::SQS::Queue"),
            Resource {
                status: "DELETE_COMPLETE".into(),
                ..resource("G", "AWS::SQS::Queue")
            },
        ];
        let drifts = [
            drift("A", "IN_SYNC"),
            drift("B", "DELETED"),
            drift("E", "UNKNOWN"),
            drift("F", "NOT_CHECKED"),
        ];
        let coverage = outcome(DetectionStatus::Complete, &resources, &drifts).coverage;
        let expected = Coverage {
            resources: 6,
            in_sync: 1,
            drifted: 1,
            nested: 1,
            unsupported: 1,
            not_checked: 1,
            failed: 1,
        };
        assert_eq!(coverage, expected);
    }

    #[test]
    fn differences_keep_their_side_and_hide_secrets() {
        let property = |path: &str, expected: &str, actual: &str, kind: &str| PropertyDrift {
            path: path.into(),
            expected: expected.into(),
            actual: actual.into(),
            kind: kind.into(),
        };
        let mut modified = drift("Q", "MODIFIED");
        modified.differences = vec![
            property("/DelaySeconds", "null", "5", "ADD"),
            property("/KmsKeyId", "alias/a", "null", "REMOVE"),
            property("/MasterPassword", "x", "y", "NOT_EQUAL"),
        ];
        let found = outcome(DetectionStatus::Complete, &[], &[modified]).differences;
        let sides: Vec<_> = found
            .iter()
            .map(|d| (d.expected.is_some(), d.actual.is_some(), d.masked))
            .collect();
        assert_eq!(
            sides,
            [
                (false, true, false),
                (true, false, false),
                (true, true, true)
            ]
        );
        assert_ne!(found[2].expected, found[2].actual);
        assert!(
            found
                .iter()
                .all(|d| d.ignored_by.is_none() && d.changed_by.is_none())
        );
    }
}
