//! From a task's parameters to an API's.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};

use super::check::{Fault, step};
use super::names::find;
use super::{Integration, lenient};
use crate::codec::{scalar, time};
use crate::model::{Kind, Member, Operation, Shape};

/// Turns a task's parameters into the operation's, and the raw payload if it takes one.
///
/// Fails for a name that Step Functions does not know, with its sentence, and for a value of
/// another type. What is not text where text is wanted is sent as its JSON text; blobs are text.
pub fn to_api(
    operation: Operation,
    integration: Integration,
    parameters: &Value,
) -> Result<(Value, Bytes), Fault> {
    let Some(shape) = operation.input() else {
        return match parameters {
            Value::Object(map) => match map.keys().next() {
                Some(name) => Err(Fault::unknown("", name)),
                None => Ok((Value::Object(Map::new()), Bytes::new())),
            },
            _ => Ok((Value::Object(Map::new()), Bytes::new())),
        };
    };
    let translator = Translator { integration };
    let mut members = translator.structure(shape, parameters, "", "")?;
    let raw = shape
        .payload()
        .filter(|p| p.shape().kind() == Kind::Blob)
        .and_then(|payload| members.remove(payload.name()))
        .and_then(|value| scalar::bytes(&value).ok());
    Ok((Value::Object(members), raw.unwrap_or_default().into()))
}

struct Translator {
    integration: Integration,
}

impl Translator {
    fn structure(
        &self,
        shape: Shape,
        value: &Value,
        name: &str,
        at: &str,
    ) -> Result<Map<String, Value>, Fault> {
        let Value::Object(map) = value else {
            return Err(Fault::wrong(at, name, "an OBJECT"));
        };
        let mut out = Map::with_capacity(map.len());
        for (key, value) in map {
            let Some(member) = find(shape, key, self.integration) else {
                return Err(Fault::unknown(at, key));
            };
            if !value.is_null() {
                let value = self.value(member, value, key, &step(at, key))?;
                out.insert(member.name().to_owned(), value);
            }
        }
        Ok(out)
    }

    fn value(&self, member: Member, value: &Value, name: &str, at: &str) -> Result<Value, Fault> {
        let shape = member.shape();
        if shape.is_document() {
            return Ok(value.clone());
        }
        if let Some(value) = lenient::scalar(shape.kind(), value)
            .or_else(|| lenient::structure(shape, self.integration, value))
        {
            return Ok(value);
        }
        let wrong = |wanted| Err(Fault::wrong(at, name, wanted));
        Ok(match (shape.kind(), value) {
            (Kind::Structure, _) => Value::Object(self.structure(shape, value, name, at)?),
            (Kind::List, Value::Array(items)) => {
                let Some(element) = shape.element() else {
                    return Ok(value.clone());
                };
                let mut out = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    let at = step(at, &index.to_string());
                    out.push(self.value(element, item, name, &at)?);
                }
                Value::Array(out)
            }
            (Kind::Map, Value::Object(map)) => {
                let Some(element) = shape.value() else {
                    return Ok(value.clone());
                };
                let mut out = Map::with_capacity(map.len());
                for (key, item) in map {
                    out.insert(key.clone(), self.value(element, item, key, &step(at, key))?);
                }
                Value::Object(out)
            }
            (Kind::List, _) => return wrong("an ARRAY"),
            (Kind::Map, _) => return wrong("an OBJECT"),
            (Kind::String, Value::String(_)) => value.clone(),
            (Kind::String, _) => Value::from(value.to_string()),
            (Kind::Blob, Value::String(text)) => Value::from(STANDARD.encode(text)),
            (Kind::Blob, _) => Value::from(STANDARD.encode(value.to_string())),
            (Kind::Timestamp, _) => match time::parse(value) {
                Ok(found) => time::iso(found),
                Err(_) => return wrong("a valid ISO 8601 timestamp"),
            },
            (Kind::Integer | Kind::Long, _) => match scalar::integer(value) {
                Ok(number) => Value::Number(number),
                Err(_) => return wrong("an INTEGER"),
            },
            (Kind::Float | Kind::Double, Value::Number(_)) | (Kind::Boolean, Value::Bool(_)) => {
                value.clone()
            }
            (Kind::Float | Kind::Double, _) => return wrong("a NUMBER"),
            (Kind::Boolean, _) => return wrong("a BOOLEAN"),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{check, resolve};
    use super::*;

    fn sdk(service: &str, action: &str, value: &Value) -> Result<(Value, Bytes), Fault> {
        let operation = resolve(service, action, Integration::Sdk).unwrap();
        to_api(operation, Integration::Sdk, value)
    }

    #[test]
    fn what_is_written_otherwise_is_understood() {
        let given = json!({"InstanceId": "i", "DisableApiTermination": {"Value": "True"}});
        let (value, _) = sdk("ec2", "modifyInstanceAttribute", &given).unwrap();
        assert_eq!(value["DisableApiTermination"]["Value"], true);
        let operation = resolve("dynamodb", "putItem", Integration::Optimised).unwrap();
        let given = json!({"TableName": "t", "Item": {"id": "x", "n": {"N": "1"}}});
        let (value, _) = to_api(operation, Integration::Optimised, &given).unwrap();
        assert_eq!(value["Item"], json!({"id": {"S": "x"}, "n": {"N": "1"}}));
    }

    #[test]
    fn names_and_texts() {
        let given = json!({"StateMachineArn": "arn", "Input": {"key": "value"}});
        let (value, _) = sdk("sfn", "startExecution", &given).unwrap();
        let wanted = json!({"stateMachineArn": "arn", "input": "{\"key\":\"value\"}"});
        assert_eq!(value, wanted);

        let item = json!({"a": {"Bool": true}, "b": {"Nul": true}, "B": {"M": {"c": {"N": "1"}}}});
        let given = json!({"TableName": "t", "Item": item});
        let (value, _) = sdk("dynamodb", "putItem", &given).unwrap();
        let item = json!({"a": {"BOOL": true}, "b": {"NULL": true}, "B": {"M": {"c": {"N": "1"}}}});
        assert_eq!(value["Item"], item);

        let given = json!({"FunctionName": "f", "Payload": {"a": 1}});
        let (value, body) = sdk("lambda", "invoke", &given).unwrap();
        assert_eq!(value, json!({"FunctionName": "f"}));
        assert_eq!(&body[..], br#"{"a":1}"#);
    }

    #[test]
    fn other_spellings_are_refused() {
        let fault = sdk("sfn", "startExecution", &json!({"stateMachineArn": "arn"}));
        assert_eq!(
            fault.unwrap_err().message,
            "The field \"stateMachineArn\" is not supported by Step Functions"
        );
        let nested = json!({"Tasks": [{"a": 1}]});
        let operation = resolve("ecs", "describeTasks", Integration::Sdk).unwrap();
        let faults = check(operation, Integration::Sdk, &nested);
        assert_eq!(faults, []);
        let given = json!({"Tasks.$": "$.t", "cluster": 1, "Include": "{% [] %}"});
        let faults = check(operation, Integration::Sdk, &given);
        let pointers: Vec<_> = faults.iter().map(|f| f.pointer.as_str()).collect();
        assert_eq!(pointers, ["/cluster"]);
        let faults = check(
            operation,
            Integration::Sdk,
            &json!({"Tasks": "t", "Include": []}),
        );
        let texts: Vec<_> = faults.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(texts, ["The value for the field 'Tasks' must be an ARRAY"]);
        let faults = check(operation, Integration::Sdk, &json!({}));
        let texts: Vec<_> = faults.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(texts, ["The field 'Tasks' is required but was missing"]);
    }

    #[test]
    fn optimised_integrations_take_the_apis_spelling_too() {
        let operation = resolve("batch", "submitJob", Integration::Optimised).unwrap();
        let given = json!({"JobName": "j", "RetryStrategy": {"attempts": 5}});
        let (value, _) = to_api(operation, Integration::Optimised, &given).unwrap();
        let wanted = json!({"jobName": "j", "retryStrategy": {"attempts": 5}});
        assert_eq!(value, wanted);
    }
}
