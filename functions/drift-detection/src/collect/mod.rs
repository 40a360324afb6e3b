//! `collect`: reads what CloudFormation found in one stack and keeps it as a finding.
//!
//! Also called for a stack whose detection failed or never started: that is a finding, too.

mod fold;
mod mask;

use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::plan::PlannedStack;
use crate::ports::{Drifts, Files, ResourceDrift, all};
use crate::run::seconds;
use crate::{Coverage, Error, Outcome, Run, log};

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
pub struct Request {
    /// The execution of the whole run.
    pub run: Run,
    /// The stack.
    pub stack: PlannedStack,
    /// How its drift detection ended.
    pub detection: Detection,
}

/// How the drift detection of a stack ended.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Detection {
    /// The end.
    pub status: DetectionStatus,
    /// Why it is not complete.
    pub reason: Option<String>,
    /// When it was started, ISO 8601.
    pub started_at: Option<String>,
}

/// The ends of a drift detection: two of CloudFormation's and two of the workflow's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DetectionStatus {
    /// All resources that can be compared were.
    #[serde(rename = "DETECTION_COMPLETE")]
    Complete,
    /// At least one resource could not be compared.
    #[serde(rename = "DETECTION_FAILED")]
    Failed,
    /// CloudFormation refused to start it.
    NotStarted,
    /// It took longer than the run allows.
    TimedOut,
}

/// A summary whose size does not depend on the stack.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Response {
    /// Name of the stack.
    pub stack_name: String,
    /// ARN of the stack.
    pub stack_id: String,
    /// How the check ended.
    pub outcome: Outcome,
    /// Why the check is not complete, cut to 500 characters; absent if it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// Number of differences.
    pub differences: usize,
    /// How many resources were checked.
    pub coverage: Coverage,
    /// Where the finding is.
    pub finding_uri: String,
}

/// Handles a request.
pub async fn handle(request: Request, port: &(impl Drifts + Files)) -> Result<Response, Error> {
    let Request {
        run,
        stack,
        detection,
    } = request;
    let mut problem = problem(&detection);
    let (resources, no_resources) =
        refused(all(|token| port.resources(&stack.stack_id, token)).await)?;
    let (drifts, no_drifts) = refused(drifts(port, &stack.stack_id, &detection).await)?;
    for refusal in no_resources.into_iter().chain(no_drifts) {
        problem =
            Some(problem.map_or_else(|| refusal.clone(), |first| format!("{first}; {refusal}")));
    }
    let finding = fold::fold(stack, &detection, resources, drifts, problem);
    let key = run.finding_key(&finding.stack_name);
    let body = serde_json::to_vec_pretty(&finding).map_err(|e| Error::BrokenRun(e.to_string()))?;
    port.put(&run.bucket, &key, "application/json", body)
        .await?;
    let differences = finding.differences.len();
    log::info(
        "collected",
        json!({
            "run": run.name, "stack": finding.stack_name, "outcome": finding.outcome,
            "differences": differences, "coverage": finding.coverage,
        }),
    );
    Ok(Response {
        problem: finding.problem.map(|text| cut(&text, 500)),
        stack_name: finding.stack_name,
        stack_id: finding.stack_id,
        outcome: finding.outcome,
        differences,
        coverage: finding.coverage,
        finding_uri: run.uri(&key),
    })
}

fn problem(detection: &Detection) -> Option<String> {
    let reason = detection.reason.clone().filter(|reason| !reason.is_empty());
    let reason = reason
        .as_deref()
        .unwrap_or("CloudFormation gives no reason");
    match detection.status {
        DetectionStatus::Complete => None,
        DetectionStatus::Failed => Some(format!("drift detection failed: {reason}")),
        DetectionStatus::NotStarted => {
            Some(format!("drift detection could not be started: {reason}"))
        }
        DetectionStatus::TimedOut => Some(format!("drift detection was given up: {reason}")),
    }
}

/// What AWS refuses for good, such as to speak about a stack that was deleted meanwhile, belongs into the finding. What
/// may succeed later is left to the workflow.
fn refused<T>(answer: Result<Vec<T>, Error>) -> Result<(Vec<T>, Option<String>), Error> {
    match answer {
        Ok(items) => Ok((items, None)),
        Err(error @ (Error::Refused { .. } | Error::AccessDenied { .. })) => {
            Ok((Vec::new(), Some(error.to_string())))
        }
        Err(error) => Err(error),
    }
}

async fn drifts(
    port: &impl Drifts,
    stack_id: &str,
    detection: &Detection,
) -> Result<Vec<ResourceDrift>, Error> {
    // CloudFormation answers with what it knows from earlier detections, too: that would pass for news.
    let since = match (detection.status, &detection.started_at) {
        (DetectionStatus::Complete, _) => None,
        (DetectionStatus::NotStarted, _) | (_, None) => return Ok(Vec::new()),
        (_, Some(started_at)) => Some(seconds(started_at)?),
    };
    let mut drifts = all(|token| port.drifts(stack_id, token)).await?;
    drifts.retain(|drift| since.is_none() || drift.checked_at >= since);
    Ok(drifts)
}

fn cut(text: &str, max: usize) -> String {
    match text.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::Finding;
    use crate::ports::memory::Memory;
    use crate::ports::{PropertyDrift, Resource};

    const KEY: &str = "runs/r1/stacks/shop.json";

    fn request(detection: Value) -> Request {
        let request = json!({
            "run": {
                "name": "r1", "arn": "arn:aws:states:eu-west-1:111122223333:execution:drift:r1",
                "startedAt": "2026-11-22T10:00:00.123Z", "bucket": "reports",
            },
            "stack": {"stackName": "shop", "stackId": "arn:shop"},
            "detection": detection,
        });
        serde_json::from_value(request).unwrap()
    }

    fn account() -> Memory {
        let names = ["A", "B", "C", "D", "E"];
        let resource = |name: &&str| Resource {
            logical_id: (*name).into(),
            resource_type: "AWS::SQS::Queue".into(),
            status: "CREATE_COMPLETE".into(),
        };
        let drift = |name: &&str| ResourceDrift {
            logical_id: (*name).into(),
            resource_type: "AWS::SQS::Queue".into(),
            status: "IN_SYNC".into(),
            checked_at: Some(1_800_000_000),
            ..ResourceDrift::default()
        };
        let mut drifts: Vec<_> = names[..3].iter().map(drift).collect();
        drifts[2].status = "MODIFIED".into();
        drifts[2].differences = vec![PropertyDrift {
            path: "/VisibilityTimeout".into(),
            expected: "30".into(),
            actual: "60".into(),
            kind: "NOT_EQUAL".into(),
        }];
        Memory {
            resources: names.iter().map(resource).collect(),
            drifts,
            ..Memory::default()
        }
    }

    #[tokio::test]
    async fn all_pages_end_up_in_the_finding() {
        let port = account();
        let response = handle(request(json!({"status": "DETECTION_COMPLETE"})), &port)
            .await
            .unwrap();
        assert_eq!(
            (response.outcome, response.differences),
            (Outcome::Drifted, 1)
        );
        assert_eq!(response.finding_uri, format!("s3://reports/{KEY}"));
        let finding: Finding = port.json(KEY);
        assert_eq!(
            (
                finding.coverage.resources,
                finding.coverage.in_sync,
                finding.coverage.unsupported
            ),
            (5, 2, 2)
        );
        assert_eq!(finding.differences[0].actual.as_deref(), Some("60"));
        let raw: Value = port.json(KEY);
        assert_eq!(raw["differences"][0]["difference"], "NOT_EQUAL");
        assert_eq!(raw["differences"][0]["ignoredBy"], Value::Null);
    }

    #[tokio::test]
    async fn results_of_an_earlier_detection_do_not_count() {
        for (detection, compared) in [
            (
                json!({"status": "NOT_STARTED", "reason": "busy", "startedAt": "2020-01-01T00:00:00Z"}),
                0,
            ),
            (
                json!({"status": "DETECTION_FAILED", "startedAt": "2020-01-01T00:00:00Z"}),
                3,
            ),
            (
                json!({"status": "TIMED_OUT", "startedAt": "2030-01-01T00:00:00Z"}),
                0,
            ),
        ] {
            let port = account();
            let response = handle(request(detection.clone()), &port).await.unwrap();
            assert_eq!(response.coverage.checked(), compared, "{detection}");
            assert!(response.problem.is_some());
        }
    }

    #[tokio::test]
    async fn a_stack_that_is_gone_is_a_finding_and_throttling_is_an_error() {
        let mut port = account();
        port.refuses = Some("ValidationError");
        let response = handle(request(json!({"status": "DETECTION_COMPLETE"})), &port)
            .await
            .unwrap();
        assert_eq!(response.outcome, Outcome::Failed);
        assert!(response.problem.unwrap().contains("ValidationError"));
        port.refuses = Some("Throttling");
        let error = handle(request(json!({"status": "DETECTION_COMPLETE"})), &port)
            .await
            .unwrap_err();
        assert_eq!(error.name(), "Drift.Throttled");
    }

    #[tokio::test]
    async fn the_summary_stays_small() {
        let reason = "x".repeat(100_000);
        let response = handle(
            request(json!({"status": "NOT_STARTED", "reason": reason})),
            &account(),
        )
        .await
        .unwrap();
        assert!(serde_json::to_string(&response).unwrap().len() < 2000);
    }
}
