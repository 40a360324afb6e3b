//! The history that a deployment keeps in a table of its own: what Step Functions forgets after 90
//! days, and what its list of executions does not tell, such as exit codes.
//!
//! The README of `fargate-job` describes the rows. Any workflow that writes such rows is read so:
//! `pk` is `run`, `sk` begins with the start; runs in a queue have `pk` = `queue`.

use std::collections::BTreeSet;
use std::time::Duration;

use aws_sdk_sfn::types::ExecutionListItem;
use serde_json::{Map, Value, json};

use crate::failure::Result;
use crate::runs;
use crate::target::Target;
use crate::ui::{count, duration, plain, shorten, table, time};

/// The last runs, newest first: rows of the table, and executions that have none yet.
pub async fn last(target: &Target, table: &str, machine: &str, most: i32) -> Result<Vec<Value>> {
    let executions = runs::newest(target, machine, most).await?;
    let rows = query(target, table, "run", most).await?;
    let queue = query(target, table, "queue", 1000).await?;
    let waiting = queue
        .iter()
        .filter_map(|row| row.get("execution")?.as_str());
    Ok(merge(&executions, rows, &waiting.collect(), most))
}

async fn query(target: &Target, table: &str, pk: &str, most: i32) -> Result<Vec<Value>> {
    let input = json!({
        "TableName": table,
        "KeyConditionExpression": "pk = :pk",
        "ExpressionAttributeValues": {":pk": {"S": pk}},
        "ScanIndexForward": false,
        "Limit": most,
    });
    let found = target
        .api
        .call("read the history", "dynamodb", "Query", input)
        .await?;
    let items = found.get("Items").and_then(Value::as_array);
    let items = items.into_iter().flatten().filter_map(Value::as_object);
    Ok(items.map(members).map(Value::Object).collect())
}

/// An item of DynamoDB as plain JSON.
fn members(item: &Map<String, Value>) -> Map<String, Value> {
    let pairs = item.iter();
    pairs
        .map(|(name, value)| (name.clone(), value_of(value)))
        .collect()
}

fn value_of(attribute: &Value) -> Value {
    let Some((kind, value)) = attribute.as_object().and_then(|one| one.iter().next()) else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap_or_default(),
        ("M", Value::Object(map)) => Value::Object(members(map)),
        ("L", Value::Array(items)) => items.iter().map(value_of).collect(),
        ("NULL", _) => Value::Null,
        (_, value) => value.clone(),
    }
}

fn merge(
    executions: &[ExecutionListItem],
    rows: Vec<Value>,
    waiting: &BTreeSet<&str>,
    most: i32,
) -> Vec<Value> {
    let known: BTreeSet<String> = rows
        .iter()
        .filter_map(|row| Some(row.get("execution")?.as_str()?.to_owned()))
        .collect();
    let mut all = rows;
    for run in executions {
        let arn = run.execution_arn();
        if known.contains(arn) {
            continue;
        }
        let status = match waiting.contains(arn) {
            true => "QUEUED",
            false => run.status().as_str(),
        };
        let mut row = json!({
            "name": run.name(),
            "execution": arn,
            "status": status,
            "startedAt": time(run.start_date()),
        });
        if let (Some(end), Some(row)) = (run.stop_date(), row.as_object_mut()) {
            let seconds = end.as_secs_f64() - run.start_date().as_secs_f64();
            row.insert("endedAt".to_owned(), json!(time(end)));
            row.insert("seconds".to_owned(), json!(seconds));
        }
        all.push(row);
    }
    let started = |row: &Value| {
        let text = row.get("startedAt").and_then(Value::as_str);
        text.unwrap_or_default().to_owned()
    };
    all.sort_by_key(|row| std::cmp::Reverse(started(row)));
    all.truncate(usize::try_from(most).unwrap_or_default());
    // Keys of the table mean nothing outside of it.
    for row in all.iter_mut().filter_map(Value::as_object_mut) {
        for key in ["pk", "sk", "expiresAt"] {
            row.remove(key);
        }
    }
    all
}

/// Runs for people.
pub fn in_words(rows: &[Value]) -> String {
    let head = [
        "STARTED", "STATUS", "TOOK", "ATTEMPTS", "EXIT", "TRIGGER", "NAME", "WHY",
    ];
    table(head, rows.iter().map(line))
}

fn line(row: &Value) -> [String; 8] {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str).map(plain);
    let number = |pointer: &str| row.pointer(pointer).and_then(Value::as_i64);
    let shown = |number: Option<i64>| number.map_or_else(String::new, |number| number.to_string());
    // To the second: `2026-11-22T19:06:32.886Z`.
    let started = text("/startedAt").unwrap_or_default();
    let started = match started.split_once('.') {
        Some((second, _)) => format!("{second}Z"),
        None => started,
    };
    let status = text("/status").unwrap_or_default();
    let seconds = row.pointer("/seconds").and_then(Value::as_f64);
    let took = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let took = took.map(duration).unwrap_or_default();
    let took = if status == "SKIPPED" {
        String::new()
    } else {
        took
    };
    let trigger = [text("/trigger/kind"), text("/trigger/name")];
    let trigger: Vec<_> = trigger.into_iter().flatten().collect();
    [
        started,
        status,
        took,
        shown(number("/attempts")),
        shown(number("/exitCode")),
        shorten(&trigger.join(" "), 40),
        text("/name").unwrap_or_default(),
        why(row),
    ]
}

/// Why a run did not do what it was started for; of an array, how much of it was done.
fn why(row: &Value) -> String {
    let text = |pointer: &str| row.pointer(pointer).and_then(Value::as_str);
    let number = |pointer: &str| row.pointer(pointer).and_then(Value::as_u64);
    let mut words = Vec::new();
    if let (Some(all), Some(done)) = (number("/array/count"), number("/array/succeeded")) {
        words.push(format!("{done} of {} succeeded", count(all, "item")));
    }
    if let Some(interruptions) = number("/spotInterruptions").filter(|number| *number > 0) {
        words.push(count(interruptions, "Spot interruption"));
    }
    words.extend(text("/reason").map(str::to_owned));
    let failure: Vec<_> = [text("/error"), text("/cause")]
        .into_iter()
        .flatten()
        .collect();
    if !failure.is_empty() {
        words.push(failure.join(": "));
    }
    let words = plain(&words.join("; ")).replace('\n', " ");
    shorten(&words, 160)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_sfn::primitives::DateTime;
    use aws_sdk_sfn::types::ExecutionStatus;

    fn execution(name: &str, start: i64, stop: Option<i64>) -> ExecutionListItem {
        ExecutionListItem::builder()
            .name(name)
            .execution_arn(format!("arn:{name}"))
            .state_machine_arn("arn:machine")
            .status(match stop {
                Some(_) => ExecutionStatus::Failed,
                None => ExecutionStatus::Running,
            })
            .start_date(DateTime::from_secs(start))
            .set_stop_date(stop.map(DateTime::from_secs))
            .build()
            .unwrap()
    }

    fn rows() -> Vec<Value> {
        let items = json!([
            {
                "pk": {"S": "run"}, "sk": {"S": "x"}, "expiresAt": {"N": "1"},
                "name": {"S": "c"}, "execution": {"S": "arn:c"}, "status": {"S": "FAILED"},
                "startedAt": {"S": "2026-11-22T03:00:00.120Z"}, "seconds": {"N": "65.2"},
                "attempts": {"N": "2"}, "spotInterruptions": {"N": "1"}, "exitCode": {"N": "42"},
                "trigger": {"M": {"kind": {"S": "schedule"}, "name": {"S": "first"}}},
                "error": {"S": "Job.Exit.42"}, "cause": {"S": "the container exited with 42\nlast line"}
            },
            {
                "name": {"S": "b"}, "execution": {"S": "arn:b"}, "status": {"S": "SKIPPED"},
                "startedAt": {"S": "2026-11-22T02:00:00.000Z"}, "seconds": {"N": "1"},
                "trigger": {"M": {"kind": {"S": "manual"}}},
                "reason": {"S": "the run a goes on"}
            },
            {
                "name": {"S": "a"}, "execution": {"S": "arn:a"}, "status": {"S": "SUCCEEDED"},
                "startedAt": {"S": "2026-11-22T01:00:00.000Z"}, "seconds": {"N": "7200"},
                "attempts": {"N": "1"},
                "array": {"M": {"count": {"N": "10"}, "succeeded": {"N": "9"}}}
            },
        ]);
        let items = items.as_array().unwrap().iter();
        items
            .map(|item| Value::Object(members(item.as_object().unwrap())))
            .collect()
    }

    #[test]
    fn rows_and_executions_become_one_list() {
        // 04:00, 04:30 and, with a row of its own, 03:00.
        let executions = [
            execution("e", 1_795_321_800, None),
            execution("d", 1_795_320_000, None),
            execution("c", 1_795_316_400, Some(1_795_316_465)),
            execution("lost", 1_795_316_000, Some(1_795_316_001)),
        ];
        let waiting = BTreeSet::from(["arn:e"]);
        let all = merge(&executions, rows(), &waiting, 5);
        let wanted = "\
STARTED               STATUS   TOOK       ATTEMPTS  EXIT  TRIGGER         NAME  WHY
2026-11-22T04:30:00Z  QUEUED                                              e
2026-11-22T04:00:00Z  RUNNING                                             d
2026-11-22T03:00:00Z  FAILED   1 min 5 s  2         42    schedule first  c     1 Spot interruption; Job.Exit.42: the container exited with 42 last line
2026-11-22T02:53:20Z  FAILED   1.0 s                                      lost
2026-11-22T02:00:00Z  SKIPPED                             manual          b     the run a goes on";
        assert_eq!(in_words(&all), wanted);
        assert_eq!(all[2]["exitCode"], json!(42));
        assert!(all.iter().all(|row| row.get("pk").is_none()));
        let array = in_words(&merge(&[], rows(), &waiting, 5));
        assert!(array.contains("9 of 10 items succeeded"), "{array}");
    }
}
