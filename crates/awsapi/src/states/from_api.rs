//! From an API's answer to a task's result.

use bytes::Bytes;
use serde_json::{Map, Value};

use super::Integration;
use super::names::member_name;
use crate::codec::scalar;
use crate::model::{Kind, Location, Member, Operation, Shape};

/// Turns an answer into a task's result.
///
/// Members are sorted by name, as Step Functions writes them, with a raw payload at the end;
/// blobs are text.
pub fn from_api(
    operation: Operation,
    integration: Integration,
    output: &Value,
    body: &Bytes,
) -> Value {
    let (Some(shape), Value::Object(members)) = (operation.output(), output) else {
        return Value::Object(Map::new());
    };
    let translator = Translator { integration };
    let mut out = translator.structure(shape, members);
    if let Some(payload) = shape.payload().filter(|p| p.shape().kind() == Kind::Blob) {
        let text = String::from_utf8_lossy(body);
        let name = member_name(payload, integration);
        out.insert(name, Value::from(text.as_ref()));
    }
    Value::Object(out)
}

struct Translator {
    integration: Integration,
}

impl Translator {
    fn structure(&self, shape: Shape, members: &Map<String, Value>) -> Map<String, Value> {
        let mut sorted: Vec<(String, Value)> = Vec::with_capacity(members.len());
        for member in shape.members() {
            let value = match members.get(member.name()) {
                Some(Value::Null) | None => match self.default(member) {
                    Some(value) => value,
                    None => continue,
                },
                Some(value) => self.value(member, value),
            };
            sorted.push((member_name(member, self.integration), value));
        }
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        sorted.into_iter().collect()
    }

    /// What shows although the answer has nothing: maps made from headers, and in version 1 of
    /// Java's SDK the lists of ECS.
    fn default(&self, member: Member) -> Option<Value> {
        // Younger than that SDK.
        let young = member.name() == "neuronDeviceIds";
        let lists =
            self.integration == Integration::Optimised && member.service.name() == "ecs" && !young;
        match member.shape().kind() {
            Kind::Map if member.location() == Location::Headers => Some(Value::Object(Map::new())),
            Kind::List if lists => Some(Value::Array(Vec::new())),
            _ => None,
        }
    }

    fn value(&self, member: Member, value: &Value) -> Value {
        let shape = member.shape();
        if shape.is_document() {
            return value.clone();
        }
        match (shape.kind(), value) {
            (Kind::Structure, Value::Object(map)) => Value::Object(self.structure(shape, map)),
            (Kind::List, Value::Array(items)) => match shape.element() {
                Some(element) => items.iter().map(|item| self.value(element, item)).collect(),
                None => value.clone(),
            },
            (Kind::Map, Value::Object(map)) => match shape.value() {
                Some(element) => {
                    let pair =
                        |(key, item): (&String, &Value)| (key.clone(), self.value(element, item));
                    Value::Object(map.iter().map(pair).collect())
                }
                None => value.clone(),
            },
            // Version 1 of Java's SDK has dates, which Jackson writes as milliseconds.
            (Kind::Timestamp, Value::String(text))
                if self.integration == Integration::Optimised =>
            {
                match text.parse::<jiff::Timestamp>() {
                    Ok(time) => Value::from(time.as_millisecond()),
                    Err(_) => value.clone(),
                }
            }
            (Kind::Blob, Value::String(_)) => match scalar::bytes(value) {
                Ok(bytes) => Value::from(String::from_utf8_lossy(&bytes).as_ref()),
                Err(_) => value.clone(),
            },
            _ => value.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::resolve;
    use super::*;

    #[test]
    fn an_object_as_recorded() {
        let operation = resolve("s3", "getObject", Integration::Sdk).unwrap();
        let output = json!({"ETag": "\"e\"", "ContentLength": 11, "AcceptRanges": "bytes"});
        let body = Bytes::from_static(b"binary data");
        let result = from_api(operation, Integration::Sdk, &output, &body);
        assert_eq!(
            result.to_string(),
            "{\"AcceptRanges\":\"bytes\",\"ContentLength\":11,\"ETag\":\"\\\"e\\\"\",\
             \"Metadata\":{},\"Body\":\"binary data\"}"
        );
    }

    #[test]
    fn a_task_as_recorded() {
        let operation = resolve("ecs", "runTask", Integration::Optimised).unwrap();
        let output = json!({"tasks": [{"containers": [{"name": "c", "cpu": "0"}]}]});
        let result = from_api(operation, Integration::Optimised, &output, &Bytes::new());
        assert_eq!(result["Failures"], json!([]));
        let container = &result["Tasks"][0]["Containers"][0];
        assert_eq!(container["NetworkBindings"], json!([]));
        assert_eq!(container["Cpu"], "0");
        assert_eq!(container.get("ExitCode"), None);
    }
}
