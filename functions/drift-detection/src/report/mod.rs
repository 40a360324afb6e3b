//! `report`: merges the findings of a run into a report (HTML, Markdown, JSON) and a short summary.
//!
//! Every stack of the plan is in the report: one without a finding is reported as failed, with what is known about why.

mod children;
mod diff;
mod html;
mod markdown;
mod summary;
mod tree;

use futures_util::{StreamExt, TryStreamExt, stream};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::plan::{PlanNotes, PlannedStack, Skipped};
use crate::ports::Files;
use crate::{Coverage, Error, Finding, Outcome, Run, log};
use children::Failures;

pub use children::MapResults;
pub use summary::{Notification, Summary};

/// Findings read at the same time.
const READS: usize = 16;

/// What the workflow asks.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    /// The execution.
    pub run: Run,
    /// Where the map says how its children ended; absent if there was nothing to check.
    pub map_results: Option<MapResults>,
    /// Why the map as a whole failed; absent if it did not.
    pub map_failure: Option<String>,
}

/// What the workflow ends with, and what it tells people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Response {
    /// The result of the run. Its size does not depend on the number of stacks.
    pub summary: Summary,
    /// The message for the topic.
    pub notification: Notification,
}

/// The whole report, as it is kept in JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Version of this format.
    pub version: u32,
    /// The execution.
    pub run: Run,
    /// The execution's input.
    pub input: Value,
    /// The counts.
    pub summary: Summary,
    /// What went wrong beside the checks, such as an event that was not published.
    pub warnings: Vec<String>,
    /// The stacks: drifted ones first, then failed ones.
    pub stacks: Vec<Finding>,
    /// The stacks that were left out.
    pub skipped: Vec<Skipped>,
}

/// Handles a request.
pub async fn handle(request: Request, port: &impl Files) -> Result<Response, Error> {
    let run = request.run;
    let notes: PlanNotes = parse(&file(port, &run, "plan.json").await?, "plan.json")?;
    let planned = planned(&file(port, &run, "plan.jsonl").await?)?;
    let failures = match &request.map_results {
        Some(results) => children::failures(port, results).await?,
        None => Failures::default(),
    };
    let (stacks, mut warnings) = findings(port, &run, planned, &failures).await?;
    warnings.extend(
        request
            .map_failure
            .map(|failure| format!("not every check could be made: {failure}")),
    );
    let summary = Summary::of(&run, &stacks, notes.skipped.len(), warnings.len());
    let report = Report {
        version: 1,
        run,
        input: notes.input,
        summary,
        warnings,
        stacks,
        skipped: notes.skipped,
    };
    write(port, &report).await?;
    let summary = report.summary.clone();
    log::info(
        "reported",
        json!({ "run": report.run.name, "drifted": summary.drifted, "failed": summary.failed }),
    );
    Ok(Response {
        notification: Notification::of(&report),
        summary,
    })
}

async fn file(port: &impl Files, run: &Run, name: &str) -> Result<Vec<u8>, Error> {
    let body = port.get(&run.bucket, &run.key(name)).await?;
    body.ok_or_else(|| Error::BrokenRun(format!("there is no {}", run.uri(&run.key(name)))))
}

fn parse<T: serde::de::DeserializeOwned>(body: &[u8], name: &str) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|e| Error::BrokenRun(format!("{name}: {e}")))
}

fn planned(lines: &[u8]) -> Result<Vec<PlannedStack>, Error> {
    let lines = lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines.map(|line| parse(line, "plan.jsonl")).collect()
}

async fn findings(
    port: &impl Files,
    run: &Run,
    planned: Vec<PlannedStack>,
    failures: &Failures,
) -> Result<(Vec<Finding>, Vec<String>), Error> {
    let reads = stream::iter(planned).map(|stack| async move {
        let key = run.finding_key(&stack.stack_name);
        let body = port.get(&run.bucket, &key).await?;
        let finding = body.map(|body| parse::<Finding>(&body, &key)).transpose()?;
        Ok::<_, Error>((stack, finding))
    });
    let read: Vec<_> = reads.buffered(READS).try_collect().await?;
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    for (stack, finding) in read {
        let failure = failures.of(&stack.stack_name);
        match finding {
            Some(finding) => {
                warnings.extend(failure.map(|failure| format!("{}: {failure}", stack.stack_name)));
                findings.push(finding);
            }
            None => findings.push(unknown(stack, failure)),
        }
    }
    findings.sort_by(|a, b| (a.outcome, &a.stack_name).cmp(&(b.outcome, &b.stack_name)));
    Ok((findings, warnings))
}

fn unknown(stack: PlannedStack, failure: Option<&str>) -> Finding {
    let PlannedStack {
        stack_name,
        stack_id,
        parent_id,
    } = stack;
    let problem = Some(failure.unwrap_or("the check left no finding").to_owned());
    let (coverage, differences, uncovered) = (Coverage::default(), Vec::new(), Vec::new());
    Finding {
        stack_name,
        stack_id,
        parent_id,
        outcome: Outcome::Failed,
        problem,
        coverage,
        differences,
        uncovered,
    }
}

async fn write(port: &impl Files, report: &Report) -> Result<(), Error> {
    let run = &report.run;
    let json = serde_json::to_vec_pretty(report).map_err(|e| Error::BrokenRun(e.to_string()))?;
    for (name, content_type, body) in [
        ("report.json", "application/json", json),
        (
            "report.md",
            "text/markdown; charset=utf-8",
            markdown::render(report).into_bytes(),
        ),
        (
            "report.html",
            "text/html; charset=utf-8",
            html::render(report).into_bytes(),
        ),
    ] {
        port.put(&run.bucket, &run.key(name), content_type, body)
            .await?;
    }
    Ok(())
}

/// Words of an outcome, for people.
fn words(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Drifted => "drifted",
        Outcome::Failed => "could not be checked",
        Outcome::NotCovered => "not covered",
        Outcome::InSync => "in sync",
    }
}

/// How much was compared, in a sentence without a full stop.
fn coverage_line(coverage: &Coverage) -> String {
    let mut line = format!(
        "{} of {} resources compared",
        coverage.checked(),
        coverage.resources
    );
    for (count, what) in [
        (
            coverage.unsupported,
            "of a type that CloudFormation cannot compare",
        ),
        (coverage.not_checked, "not checked"),
        (coverage.failed, "failed"),
        (coverage.nested, "nested (a stack of its own)"),
    ] {
        if count > 0 {
            line.push_str(&format!(", {count} {what}"));
        }
    }
    line
}

#[cfg(test)]
mod tests;
