//! What became of an array: the results that its map wrote, weighed.
//!
//! The map lets every item be tried, so how many failed is known only here.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Next, Verdict, Weighed};
use crate::Error;
use crate::ports::Files;

/// Failures that are named.
const NAMED: usize = 5;
/// Characters of each.
const MOST: usize = 600;

/// Where a map wrote its results.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Place {
    /// Bucket.
    pub bucket: String,
    /// Key of the manifest.
    pub key: String,
}

pub(super) async fn weigh(weighed: &Weighed, port: &impl Files) -> Result<Verdict, Error> {
    let Weighed { array, results } = weighed;
    let manifest = read(port, &results.bucket, &results.key).await?;
    let mut failed = Vec::new();
    for kind in ["FAILED", "PENDING"] {
        let files = manifest["ResultFiles"][kind].as_array();
        for file in files.into_iter().flatten() {
            let key = file["Key"].as_str().unwrap_or_default();
            let children = read(port, &results.bucket, key).await?;
            failed.extend(children.as_array().into_iter().flatten().map(in_words));
        }
    }
    failed.sort();
    let count = failed.len() as u64;
    let succeeded = array.count.saturating_sub(count);
    let next = match count > array.tolerated {
        true => Next::Fail,
        false => Next::Succeed,
    };
    let named: Vec<_> = failed
        .iter()
        .take(NAMED)
        .map(|(_, words)| words.as_str())
        .collect();
    let others = failed.len().saturating_sub(NAMED);
    let others = (others > 0).then(|| format!("; and {others} others"));
    Ok(Verdict {
        next,
        class: None,
        error: "Job.ArrayFailed".to_owned(),
        cause: format!(
            "{count} of {} items failed, {} may: {}{}",
            array.count,
            array.tolerated,
            named.join("; "),
            others.unwrap_or_default()
        ),
        exit_code: None,
        task: None,
        log_group: None,
        log_stream: None,
        array: Some(json!({
            "count": array.count, "succeeded": succeeded, "failed": count,
            "resultsUri": format!("s3://{}/{}", results.bucket, results.key),
        })),
        attempt: 1,
        interruptions: 0,
        spot: false,
        delay_from: 0,
        delay_to: 0,
    })
}

/// Index of a child that failed, and why.
fn in_words(child: &Value) -> (u64, String) {
    let input: Value = child["Input"]
        .as_str()
        .and_then(|text| serde_json::from_str(text).ok())
        .unwrap_or_default();
    let index = input["item"]["index"].as_u64().unwrap_or_default();
    let error = child["Error"].as_str().unwrap_or("it was not started");
    let cause = child["Cause"].as_str().unwrap_or_default();
    let words = format!("item {index}: {error}: {cause}");
    (index, words.chars().take(MOST).collect())
}

async fn read(port: &impl Files, bucket: &str, key: &str) -> Result<Value, Error> {
    let broken = |what: String| Error::BrokenRun(format!("s3://{bucket}/{key} {what}"));
    let text = port.get(bucket, key).await?;
    let text = text.ok_or_else(|| broken("is missing".to_owned()))?;
    serde_json::from_slice(&text).map_err(|e| broken(format!("cannot be read: {e}")))
}
