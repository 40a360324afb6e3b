//! The items of an array run.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::wanted::{Items, Wanted};
use crate::Error;
use crate::ports::Files;
use crate::run::key;
use crate::settings::Settings;

/// The file of the items, a line each: what the map reads.
pub(crate) const ITEMS: &str = "items.jsonl";

/// An item of an array run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Item {
    /// Its index: from 0, or what the range says.
    pub(crate) index: u64,
    /// What the container gets in addition, as ECS takes it.
    pub(crate) environment: Vec<Value>,
}

/// The items, or none if the run is no array.
pub(super) async fn items(
    port: &impl Files,
    settings: &Settings,
    wanted: &Wanted,
    faults: &mut Vec<String>,
) -> Result<Option<Vec<Item>>, Error> {
    let Some(array) = &wanted.array else {
        return Ok(None);
    };
    let items = match &array.items {
        Items::Given(items) => {
            let count = items.len() as u64;
            let items = (0..).zip(items);
            items
                .map(|(index, item)| of(index, count, Some(item)))
                .collect()
        }
        Items::Range(from, to) => {
            let count = to - from + 1;
            (*from..=*to).map(|index| of(index, count, None)).collect()
        }
        Items::FailedOf(name) => failed_of(port, settings, name, faults).await?,
    };
    Ok(Some(items))
}

fn of(index: u64, count: u64, item: Option<&Value>) -> Item {
    let mut environment = vec![
        json!({ "Name": "JOB_INDEX", "Value": index.to_string() }),
        json!({ "Name": "JOB_COUNT", "Value": count.to_string() }),
    ];
    if let Some(item) = item {
        environment.push(json!({ "Name": "JOB_ITEM", "Value": as_text(item) }));
    }
    Item { index, environment }
}

/// A text as it is, everything else as JSON.
pub(super) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The items of an earlier run less those that succeeded. A run that was stopped has no results,
/// and then all of them are run again.
async fn failed_of(
    port: &impl Files,
    settings: &Settings,
    name: &str,
    faults: &mut Vec<String>,
) -> Result<Vec<Item>, Error> {
    let bucket = &settings.bucket;
    let Some(lines) = port.get(bucket, &key(name, ITEMS)).await? else {
        faults.push(format!(
            "`array.failedOf` names the run `{name}`, which was no array run of this job, or too long ago"
        ));
        return Ok(Vec::new());
    };
    let mut items: Vec<Item> = parsed(&lines)?;
    let succeeded = succeeded(port, bucket, name).await?;
    items.retain(|item| !succeeded.contains(&item.index));
    if items.is_empty() {
        faults.push(format!("every item of the run `{name}` succeeded"));
    }
    Ok(items)
}

async fn succeeded(port: &impl Files, bucket: &str, name: &str) -> Result<BTreeSet<u64>, Error> {
    let mut indexes = BTreeSet::new();
    for found in port.keys(bucket, &key(name, "map/")).await? {
        let file = found.rsplit('/').next().unwrap_or_default();
        if !file.starts_with("SUCCEEDED_") {
            continue;
        }
        let text = port.get(bucket, &found).await?.unwrap_or_default();
        let children: Vec<Value> = serde_json::from_slice(&text).map_err(broken)?;
        for child in children {
            let output: Value = serde_json::from_str(child["Output"].as_str().unwrap_or_default())
                .map_err(broken)?;
            indexes.extend(output["index"].as_u64());
        }
    }
    Ok(indexes)
}

/// The items as the map reads them.
pub(super) fn lines(items: &[Item]) -> Vec<u8> {
    let lines = items.iter().map(|item| format!("{}\n", json!(item)));
    lines.collect::<String>().into_bytes()
}

fn parsed(lines: &[u8]) -> Result<Vec<Item>, Error> {
    let lines = serde_json::Deserializer::from_slice(lines).into_iter();
    lines.collect::<Result<_, _>>().map_err(broken)
}

fn broken(error: serde_json::Error) -> Error {
    Error::BrokenRun(format!("a file of an array run cannot be read: {error}"))
}
