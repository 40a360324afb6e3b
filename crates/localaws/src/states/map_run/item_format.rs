//! Formats of item files: JSON, JSON Lines, CSV.

use serde_json::Value;

use super::csv;

/// Parses an object's text by the reader's configuration.
pub(in crate::states) fn parse(text: &str, config: &Value) -> Result<Vec<Value>, String> {
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

#[cfg(test)]
mod tests {
    use serde_json::json;

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
}
