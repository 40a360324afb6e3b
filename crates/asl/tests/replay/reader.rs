//! `ItemReader` over the objects that a vector lists.

use serde_json::{Map, Value, json};

type Items = Result<Vec<Value>, (String, String)>;

fn failed(cause: &str) -> Items {
    Err(("States.ItemReaderFailed".to_owned(), cause.to_owned()))
}

pub(super) fn read(reader: &Value, vector: &Value) -> Items {
    let arguments = reader.get("Parameters").or(reader.get("Arguments"));
    let arguments = arguments.unwrap_or(&Value::Null);
    let objects = vector["resources"]["s3_objects"].as_array();
    let objects = objects.map(Vec::as_slice).unwrap_or_default();
    let config = &reader["ReaderConfig"];
    if reader["Resource"]
        .as_str()
        .is_some_and(|arn| arn.ends_with("listObjectsV2"))
    {
        return Ok(objects
            .iter()
            .map(|object| {
                let size = object["body"].as_str().map(str::len);
                json!({
                    "Etag": "e", "LastModified": "2024-06-01T12:00:00Z", "Key": object["key"],
                    "Size": size, "StorageClass": "STANDARD",
                })
            })
            .collect());
    }
    let object = objects
        .iter()
        .find(|object| object["key"] == arguments["Key"]);
    let body = object
        .and_then(|object| object["body"].as_str())
        .unwrap_or_default();
    match config["InputType"].as_str() {
        Some("CSV") => csv(body, config),
        _ => match serde_json::from_str(body) {
            Ok(Value::Array(items)) => Ok(items),
            _ => failed("Attempting to map over non-iterable node."),
        },
    }
}

fn csv(body: &str, config: &Value) -> Items {
    let mut rows = body.lines().map(fields);
    let headers = if config["CSVHeaderLocation"] == "GIVEN" {
        let given = config["CSVHeaders"].as_array().into_iter().flatten();
        given
            .filter_map(|name| name.as_str().map(str::to_owned))
            .collect()
    } else {
        rows.next().unwrap_or_default()
    };
    for (index, header) in headers.iter().enumerate() {
        if headers.iter().skip(index + 1).any(|other| other == header) {
            return failed("CSV headers cannot contain duplicates.");
        }
    }
    Ok(rows
        .map(|row| {
            let mut item = Map::new();
            for (index, header) in java_order(&headers) {
                let field = row.get(index).cloned().unwrap_or_default();
                item.insert(header.clone(), field.into());
            }
            Value::Object(item)
        })
        .collect())
}

fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, fields.last_mut()) {
            ('"', Some(field)) if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            ('"', _) => quoted = !quoted,
            (',', _) if !quoted => fields.push(String::new()),
            (other, Some(field)) => field.push(other),
            (_, None) => {}
        }
    }
    fields
}

/// CSV rows come in the order of a `java.util.HashMap`.
fn java_order(headers: &[String]) -> Vec<(usize, &String)> {
    let mut order: Vec<(usize, &String)> = headers.iter().enumerate().collect();
    order.sort_by_key(|(_, header)| {
        let units = header.encode_utf16().map(u32::from);
        let hash = units.fold(0_u32, |hash, unit| hash.wrapping_mul(31).wrapping_add(unit));
        (hash ^ (hash >> 16)) % 16
    });
    order
}
