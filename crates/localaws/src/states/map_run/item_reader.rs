//! `ItemReader`: items of a distributed Map from S3: JSON, JSON Lines, CSV, lists of objects.

use jiff::Timestamp;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::States;
use crate::states::runner::Running;

use super::{csv, s3};

/// The most items that a map run takes.
const MAX_ITEMS: usize = 100_000_000;

/// Reads the items, or says why it cannot: error name and cause.
pub(super) async fn read(
    states: &States,
    running: &Running,
    reader: &Value,
) -> Result<Vec<Value>, (String, String)> {
    let items = read_all(states, running, reader).await;
    items.map_err(|cause| ("States.ItemReaderFailed".to_owned(), cause))
}

async fn read_all(
    states: &States,
    running: &Running,
    reader: &Value,
) -> Result<Vec<Value>, String> {
    let arguments = reader.get("Arguments").or_else(|| reader.get("Parameters"));
    let arguments = arguments.cloned().unwrap_or_else(|| json!({}));
    let config = reader.get("ReaderConfig").cloned().unwrap_or_default();
    let max = max_items(&config)?;
    let resource = reader
        .get("Resource")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut items = match resource.rsplit(":::").next().unwrap_or_default() {
        "s3:getObject" => {
            let body = s3::get(states, running, &arguments)
                .await
                .map_err(s3_cause)?;
            let text = std::str::from_utf8(&body)
                .map_err(|error| format!("The object is not UTF-8 text: {error}"))?;
            parse(text, &config)?
        }
        "s3:listObjectsV2" => {
            let objects = s3::list(states, running, &arguments, max)
                .await
                .map_err(s3_cause)?;
            objects.iter().map(listed).collect()
        }
        other => return Err(format!("The item reader resource '{other}' is not known")),
    };
    if max > 0 {
        items.truncate(max);
    }
    Ok(items)
}

/// How many items are wanted, 0 for all. More than the service takes is the most it takes.
fn max_items(config: &Value) -> Result<usize, String> {
    let Some(max) = config.get("MaxItems").and_then(Value::as_i64) else {
        return Ok(0);
    };
    match usize::try_from(max) {
        Ok(max) => Ok(max.min(MAX_ITEMS)),
        Err(_) => Err("field MaxItems must be positive".to_owned()),
    }
}

/// Parses an object's text by the reader's configuration.
fn parse(text: &str, config: &Value) -> Result<Vec<Value>, String> {
    let setting = |name: &str| config.get(name).and_then(Value::as_str);
    match setting("InputType").unwrap_or("JSON") {
        "JSON" => {
            let value: Value = serde_json::from_str(text)
                .map_err(|error| format!("Attempting to parse invalid JSON: {error}"))?;
            let found = value.pointer(setting("ItemsPointer").unwrap_or_default());
            match found {
                Some(Value::Array(items)) => Ok(items.clone()),
                _ => Err("Attempting to map over non-iterable node.".to_owned()),
            }
        }
        "JSONL" => {
            let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
            let items = lines.enumerate().map(|(at, line)| {
                serde_json::from_str(line)
                    .map_err(|error| format!("Item {at} is not valid JSON: {error}"))
            });
            items.collect()
        }
        "CSV" => {
            let delimiter = match setting("CSVDelimiter").unwrap_or("COMMA") {
                "PIPE" => '|',
                "SEMICOLON" => ';',
                "SPACE" => ' ',
                "TAB" => '\t',
                _ => ',',
            };
            let mut records = csv::records(text, delimiter);
            let headers = if setting("CSVHeaderLocation") == Some("GIVEN") {
                let given = config.get("CSVHeaders").and_then(Value::as_array);
                let given = given.into_iter().flatten().filter_map(Value::as_str);
                given.map(str::to_owned).collect()
            } else if records.is_empty() {
                Vec::new()
            } else {
                records.remove(0)
            };
            csv::items(&headers, &records)
        }
        other => Err(format!(
            "The input type {other} cannot be read by this endpoint"
        )),
    }
}

/// A listed object as an item: members in AWS's order, the time in seconds.
fn listed(object: &Value) -> Value {
    let modified = object.get("LastModified").and_then(Value::as_str);
    let modified = modified.and_then(|text| text.parse::<Timestamp>().ok());
    json!({
        "Etag": object.get("ETag"),
        "LastModified": modified.map(Timestamp::as_second),
        "Key": object.get("Key"),
        "Size": object.get("Size"),
        "StorageClass": object.get("StorageClass"),
    })
}

fn s3_cause(error: AwsError) -> String {
    let AwsError {
        code,
        message,
        status,
        ..
    } = error;
    format!("{message} (Service: Amazon S3; Status Code: {status}; Error Code: {code})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_gives_items() {
        let parsed = |text: &str, config: Value| parse(text, &config);
        assert_eq!(
            parsed("[1, \"a\"]", json!({})).unwrap(),
            [json!(1), json!("a")]
        );
        let nested = json!({ "InputType": "JSON", "ItemsPointer": "/a/b" });
        assert_eq!(parsed(r#"{"a":{"b":[1]}}"#, nested).unwrap(), [json!(1)]);
        let lines = parsed("{\"a\":1}\n\n{\"a\":2}\n", json!({ "InputType": "JSONL" }));
        assert_eq!(lines.unwrap(), [json!({ "a": 1 }), json!({ "a": 2 })]);
        let given = json!({
            "InputType": "CSV",
            "CSVHeaderLocation": "GIVEN",
            "CSVHeaders": ["a", "b"],
            "CSVDelimiter": "TAB",
        });
        assert_eq!(
            parsed("1\t2\n", given).unwrap(),
            [json!({ "a": "1", "b": "2" })]
        );
        assert_eq!(
            parsed(r#"{"Hello": "world"}"#, json!({ "InputType": "JSON" })).unwrap_err(),
            "Attempting to map over non-iterable node."
        );
    }

    #[test]
    fn max_items_must_not_be_negative() {
        assert_eq!(max_items(&json!({ "MaxItems": 2 })), Ok(2));
        let refused = max_items(&json!({ "MaxItems": -1 }));
        assert_eq!(refused.unwrap_err(), "field MaxItems must be positive");
    }
}
