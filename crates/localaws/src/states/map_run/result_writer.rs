//! `ResultWriter`: results of a map run as files in S3 with a manifest, or in the state's output.

use std::sync::Arc;

use asl::{ChildResult, Outcome};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::states::States;
use crate::states::execution::Execution;
use crate::states::runner::Running;

use super::{MapRun, s3};

/// Writes the results and returns what the Map state yields, or says why it cannot: error name
/// and cause.
pub(super) async fn write(
    states: &States,
    running: &Running,
    map_run: &MapRun,
    writer: &Value,
    children: &[ChildResult],
) -> Result<Value, (String, String)> {
    let failed = |cause: String| ("States.ResultWriterFailed".to_owned(), cause);
    let setting = |name: &str| writer.pointer(&format!("/WriterConfig/{name}"));
    let transformation = setting("Transformation").and_then(Value::as_str);
    let lines = setting("OutputType").and_then(Value::as_str) == Some("JSONL");
    let results = Results::of(states, map_run, children, transformation.unwrap_or("NONE"));
    let arguments = writer.get("Arguments").or_else(|| writer.get("Parameters"));
    let argument = |name: &str| arguments?.get(name)?.as_str();
    let Some(bucket) = argument("Bucket") else {
        return Ok(results.all());
    };
    let id = map_run.arn.rsplit(':').next().unwrap_or_default();
    let folder = match argument("Prefix").map(|prefix| prefix.trim_end_matches('/')) {
        Some(prefix) if !prefix.is_empty() => format!("{prefix}/{id}"),
        _ => id.to_owned(),
    };
    let mut files = json!({ "FAILED": [], "PENDING": [], "SUCCEEDED": [] });
    for (status, entries) in [
        ("SUCCEEDED", &results.succeeded),
        ("FAILED", &results.failed),
    ] {
        if entries.is_empty() {
            continue;
        }
        let (text, ending) = if lines {
            let lines: Vec<String> = entries.iter().map(Value::to_string).collect();
            (lines.join("\n") + "\n", "jsonl")
        } else {
            (json!(entries).to_string(), "json")
        };
        let key = format!("{folder}/{status}_0.{ending}");
        files[status] = json!([{ "Key": key, "Size": text.len() }]);
        let put = s3::put(states, running, bucket, &key, Bytes::from(text)).await;
        put.map_err(|error| failed(error.message))?;
    }
    let manifest = json!({
        "DestinationBucket": bucket,
        "MapRunArn": map_run.arn,
        "ResultFiles": files,
    });
    let key = format!("{folder}/manifest.json");
    let put = s3::put(
        states,
        running,
        bucket,
        &key,
        Bytes::from(manifest.to_string()),
    )
    .await;
    put.map_err(|error| failed(error.message))?;
    Ok(json!({
        "MapRunArn": map_run.arn,
        "ResultWriterDetails": { "Bucket": bucket, "Key": key },
    }))
}

/// Results by how the children ended.
#[derive(Default)]
struct Results {
    succeeded: Vec<Value>,
    failed: Vec<Value>,
}

impl Results {
    fn of(
        states: &States,
        map_run: &MapRun,
        children: &[ChildResult],
        transformation: &str,
    ) -> Self {
        let arns = states.executions.newest(&map_run.arn);
        let mut rows: Vec<Arc<Execution>> = Vec::with_capacity(arns.len());
        rows.extend(
            arns.iter()
                .filter_map(|arn| states.executions.rows().get(arn)),
        );
        rows.sort_by_key(|row| row.parent.as_ref().map(|parent| parent.index));
        let mut results = Self::default();
        for child in children {
            let of_child = |row: &Arc<Execution>| row.parent.as_ref().map(|parent| parent.index);
            let at = rows.binary_search_by_key(&Some(child.index), of_child);
            let row = at.ok().and_then(|at| rows.get(at)).map(Arc::as_ref);
            match (&child.outcome, transformation) {
                (Outcome::Succeeded { output }, "COMPACT" | "FLATTEN") => {
                    let output = serde_json::from_str(output).unwrap_or_default();
                    match output {
                        Value::Array(all) if transformation == "FLATTEN" => {
                            results.succeeded.extend(all);
                        }
                        output => results.succeeded.push(output),
                    }
                }
                (Outcome::Succeeded { .. }, _) => {
                    results.succeeded.push(entry(map_run, child, row));
                }
                _ => results.failed.push(entry(map_run, child, row)),
            }
        }
        results
    }

    fn all(mut self) -> Value {
        self.succeeded.append(&mut self.failed);
        self.succeeded.into()
    }
}

/// An execution in the words of a result file.
fn entry(map_run: &MapRun, child: &ChildResult, row: Option<&Execution>) -> Value {
    let mut entry = json!({});
    if let Some(row) = row {
        entry["ExecutionArn"] = (*row.arn).into();
    }
    entry["Input"] = child.input.as_str().into();
    entry["InputDetails"] = json!({ "Included": true });
    if let Some(row) = row {
        entry["Name"] = row.name().into();
    }
    let (status, error, cause) = match &child.outcome {
        Outcome::Succeeded { output } => {
            entry["Output"] = output.as_str().into();
            entry["OutputDetails"] = json!({ "Included": true });
            ("SUCCEEDED", None, None)
        }
        Outcome::Failed { error, cause } => ("FAILED", error.as_ref(), cause.as_ref()),
        Outcome::TimedOut => ("TIMED_OUT", None, None),
        Outcome::Aborted { error, cause } => ("ABORTED", error.as_ref(), cause.as_ref()),
    };
    for (member, text) in [("Error", error), ("Cause", cause)] {
        if let Some(text) = text {
            entry[member] = text.as_str().into();
        }
    }
    if let Some(row) = row {
        entry["StartDate"] = row.started.to_string().into();
    }
    entry["StateMachineArn"] = map_run.machine_arn.as_str().into();
    entry["Status"] = status.into();
    if let Some(stopped) = row.and_then(|row| row.stopped) {
        entry["StopDate"] = stopped.to_string().into();
    }
    entry
}
