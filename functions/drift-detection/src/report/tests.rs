//! A run with every kind of result, rendered and compared with the files in `golden/`.
//!
//! `UPDATE_GOLDEN=1 cargo test -p drift-detection` rewrites them; the difference is then reviewed.

use serde_json::json;

use super::*;
use crate::ports::memory::Memory;

fn run() -> Run {
    Run {
        name: "r1".into(),
        arn: "arn:aws:states:eu-west-1:111122223333:execution:drift:r1".into(),
        started_at: "2026-11-22T10:00:00.000Z".into(),
        bucket: "reports".into(),
    }
}

/// shop (drifted) holds shop-vpc (in sync), which holds shop-vpc-dns (failed without a finding); blog is not covered;
/// <b> has a name that must be escaped.
fn finished_run() -> Memory {
    let port = Memory::default();
    let plan = [
        ("shop", None),
        ("shop-vpc", Some("shop")),
        ("shop-vpc-dns", Some("shop-vpc")),
        ("blog", None),
        ("<b>", None),
    ];
    let line = |(name, parent): (&str, Option<&str>)| {
        let parent = parent.map(|parent| format!("arn:{parent}"));
        let stack = PlannedStack {
            stack_name: name.into(),
            stack_id: format!("arn:{name}"),
            parent_id: parent,
        };
        format!("{}\n", serde_json::to_string(&stack).unwrap())
    };
    port.write("runs/r1/plan.jsonl", plan.map(line).concat());
    let skipped = json!([{"stackName": "old", "stackId": "arn:old", "reason": "it is being deleted (DELETE_FAILED)"}]);
    port.write(
        "runs/r1/plan.json",
        json!({"input": {"include": ["*"]}, "skipped": skipped}).to_string(),
    );
    let finding = |name: &str, outcome: &str, coverage: Value, more: Value| {
        let mut finding = json!({
            "stackName": name, "stackId": format!("arn:{name}"), "outcome": outcome, "differences": [], "uncovered": [],
            "coverage": {"resources": 0, "inSync": 0, "drifted": 0, "nested": 0, "unsupported": 0, "notChecked": 0, "failed": 0},
        });
        finding["coverage"]
            .as_object_mut()
            .unwrap()
            .extend(coverage.as_object().unwrap().clone());
        finding
            .as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        port.write(&format!("runs/r1/stacks/{name}.json"), finding.to_string());
    };
    let difference = |logical: &str, path: Value, kind: &str, expected: Value, actual: Value| {
        json!({
            "logicalId": logical, "physicalId": format!("{logical}-physical"), "resourceType": "AWS::SQS::Queue", "path": path,
            "difference": kind, "expected": expected, "actual": actual, "masked": false, "ignoredBy": null, "changedBy": null,
        })
    };
    let policy =
        |action: &str| json!({"Statement": [{"Effect": "Allow", "Action": action}]}).to_string();
    let differences = json!([
        difference(
            "Jobs",
            json!("/VisibilityTimeout"),
            "NOT_EQUAL",
            json!("30"),
            json!("60")
        ),
        difference(
            "Jobs",
            json!("/DelaySeconds"),
            "ADD",
            Value::Null,
            json!("5")
        ),
        difference(
            "Jobs",
            json!("/KmsKeyId"),
            "REMOVE",
            json!("<key> & `co`"),
            Value::Null
        ),
        difference(
            "Jobs",
            json!("/Policy"),
            "NOT_EQUAL",
            json!(policy("sqs:SendMessage")),
            json!(policy("sqs:*"))
        ),
        difference("Mail", Value::Null, "DELETED", Value::Null, Value::Null),
    ]);
    let unsupported =
        json!([{"logicalId": "Odd", "resourceType": "Custom::Odd", "why": "unsupported"}]);
    finding(
        "shop",
        "drifted",
        json!({"resources": 4, "inSync": 0, "drifted": 2, "nested": 1, "unsupported": 1}),
        json!({"differences": differences, "uncovered": unsupported}),
    );
    finding(
        "shop-vpc",
        "inSync",
        json!({"resources": 2, "inSync": 2}),
        json!({"parentId": "arn:shop"}),
    );
    let denied = json!([{"logicalId": "A", "resourceType": "AWS::A::B", "why": "unsupported"}]);
    finding(
        "blog",
        "notCovered",
        json!({"resources": 1, "unsupported": 1}),
        json!({"uncovered": denied}),
    );
    finding(
        "<b>",
        "failed",
        json!({"resources": 1, "notChecked": 1}),
        json!({
            "problem": "drift detection failed: <script>alert(1)</script>",
            "parentId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/<outer>/1",
        }),
    );
    let manifest = json!({"DestinationBucket": "reports", "MapRunArn": "arn:map", "ResultFiles": {
        "SUCCEEDED": [{"Key": "runs/r1/map/x/SUCCEEDED_0.json", "Size": 1}],
        "FAILED": [{"Key": "runs/r1/map/x/FAILED_0.json", "Size": 1}], "PENDING": []}});
    port.write("runs/r1/map/x/manifest.json", manifest.to_string());
    let child = |name: &str, error: &str| {
        let input = json!({"stack": {"stackName": name}}).to_string();
        json!({"ExecutionArn": "arn:child", "Input": input, "Status": "FAILED", "Error": error, "Cause": "it broke"})
    };
    let children = json!([
        child("shop-vpc-dns", "Lambda.Unknown"),
        child("shop", "EventBridge.FailedEntry")
    ]);
    port.write("runs/r1/map/x/FAILED_0.json", children.to_string());
    port
}

async fn report(port: &Memory) -> Response {
    let results = MapResults {
        bucket: "reports".into(),
        key: "runs/r1/map/x/manifest.json".into(),
    };
    handle(
        Request {
            run: run(),
            map_results: Some(results),
            map_failure: None,
        },
        port,
    )
    .await
    .unwrap()
}

#[tokio::test]
async fn every_planned_stack_is_counted_once() {
    let Response {
        summary,
        notification,
    } = report(&finished_run()).await;
    assert_eq!((summary.stacks, summary.drifted, summary.failed), (5, 1, 2));
    assert_eq!(
        (summary.not_covered, summary.in_sync, summary.skipped),
        (1, 1, 1)
    );
    assert_eq!((summary.differences, summary.warnings), (5, 1));
    assert_eq!(
        (summary.coverage.resources, summary.coverage.checked()),
        (8, 4)
    );
    assert_eq!(summary.drifted_stacks, ["shop"]);
    assert_eq!(summary.failed_stacks, ["<b>", "shop-vpc-dns"]);
    assert_eq!(summary.report_uri, "s3://reports/runs/r1/report.html");
    assert_eq!(
        notification.subject,
        "Drift in eu-west-1: 1 stack drifted, 2 could not be checked"
    );
}

#[tokio::test]
async fn the_renderings_are_as_reviewed() {
    let port = finished_run();
    let response = report(&port).await;
    for name in ["report.html", "report.md"] {
        golden(name, &port.text(&format!("runs/r1/{name}")).unwrap());
    }
    golden("message.txt", &response.notification.message);
    let json: Value = port.json("runs/r1/report.json");
    assert_eq!(json["stacks"][0]["differences"][0]["actual"], "60");
    assert_eq!(
        json["warnings"][0],
        "shop: its execution ended as FAILED with EventBridge.FailedEntry: it broke"
    );
}

#[tokio::test]
async fn a_run_without_stacks_has_a_report_too() {
    let port = Memory::default();
    port.write("runs/r1/plan.jsonl", "");
    port.write(
        "runs/r1/plan.json",
        json!({"input": {}, "skipped": []}).to_string(),
    );
    let response = handle(
        Request {
            run: run(),
            map_results: None,
            map_failure: None,
        },
        &port,
    )
    .await
    .unwrap();
    assert_eq!(response.summary.stacks, 0);
    assert!(
        port.text("runs/r1/report.html")
            .unwrap()
            .contains("No stack was to be checked.")
    );
}

#[tokio::test]
async fn a_failed_map_still_has_a_report() {
    let port = finished_run();
    let map_failure = Some("States.ItemReaderFailed: no access".to_owned());
    let response = handle(
        Request {
            run: run(),
            map_results: None,
            map_failure,
        },
        &port,
    )
    .await
    .unwrap();
    assert_eq!((response.summary.failed, response.summary.warnings), (2, 1));
}

#[tokio::test]
async fn a_run_without_a_plan_is_broken() {
    let error = handle(
        Request {
            run: run(),
            map_results: None,
            map_failure: None,
        },
        &Memory::default(),
    )
    .await
    .unwrap_err();
    assert_eq!(error.name(), "Drift.BrokenRun");
}

#[tokio::test]
async fn a_thousand_drifted_stacks_stay_a_small_summary() {
    let port = Memory::default();
    let name = |n: usize| format!("{}-{n}", "x".repeat(120));
    let line = |n| {
        format!(
            "{}\n",
            json!({"stackName": name(n), "stackId": format!("arn:{n}")})
        )
    };
    port.write(
        "runs/r1/plan.jsonl",
        (0..1000).map(line).collect::<String>(),
    );
    port.write(
        "runs/r1/plan.json",
        json!({"input": {}, "skipped": []}).to_string(),
    );
    let response = handle(
        Request {
            run: run(),
            map_results: None,
            map_failure: None,
        },
        &port,
    )
    .await
    .unwrap();
    assert_eq!(
        (
            response.summary.failed,
            response.summary.failed_stacks.len()
        ),
        (1000, 50)
    );
    assert!(
        response.notification.subject.len() < 100
            && response.notification.message.contains("and 950 more")
    );
    assert!(serde_json::to_string(&response).unwrap().len() < 32 * 1024);
}

fn golden(name: &str, rendered: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/report/golden")
        .join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, rendered).unwrap();
    }
    assert_eq!(
        rendered,
        std::fs::read_to_string(&path).unwrap(),
        "{} differs",
        path.display()
    );
}
