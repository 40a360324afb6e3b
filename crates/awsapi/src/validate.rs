//! Constraints of the model on parameters: what is required, enumerated or limited.
//!
//! Services of AWS check these before anything else, most of them in the same words. What only a
//! service can know (that a name is taken, that two parameters exclude each other) is its own
//! business.

use serde_json::{Map, Value};

use crate::AwsError;
use crate::model::{Kind, Location, Member, Operation, Protocol, Service, Shape};

/// Checks parameters against the model's constraints, in the words of the service.
///
/// Patterns are not checked: they are Java's, and AWS does not apply all that it publishes.
pub fn validate(operation: Operation, input: &Value) -> Result<(), AwsError> {
    let (Some(shape), Value::Object(members)) = (operation.input(), input) else {
        return Ok(());
    };
    match Manner::of(operation.service()) {
        Manner::Own => Ok(()),
        Manner::Missing { code, sentence } => match missing(shape, members).next() {
            Some(member) => Err(AwsError::new(code, sentence(member))),
            None => Ok(()),
        },
        Manner::Listed { code } => {
            let mut faults = Faults::default();
            faults.structure(shape, members, "");
            faults.report(code)
        }
        Manner::Document => document(shape, members),
    }
}

/// How a service answers parameters that break a constraint.
enum Manner {
    /// All faults in one message.
    Listed { code: &'static str },
    /// The first parameter that is missing, and nothing else.
    Missing {
        code: &'static str,
        sentence: fn(Member) -> String,
    },
    /// Only that a document is not as it should be.
    Document,
    /// The service's own checks are finer.
    Own,
}

impl Manner {
    fn of(service: &Service) -> Self {
        match (service.name(), service.protocol()) {
            ("dynamodb", _) => Self::Own,
            ("s3", _) => Self::Document,
            ("sqs", _) => Self::Missing {
                code: "MissingParameter",
                sentence: |m| format!("The request must contain the parameter {}.", m.name()),
            },
            ("cloudwatch", _) => Self::Missing {
                code: "MissingParameter",
                sentence: |m| format!("The parameter {} is required.", m.name()),
            },
            (_, Protocol::Ec2) => Self::Missing {
                code: "MissingParameter",
                sentence: |m| {
                    let name = small(m.name());
                    format!("The request must contain the parameter {name}")
                },
            },
            ("logs" | "ecs", _) => Self::Listed {
                code: "InvalidParameterException",
            },
            ("batch", _) => Self::Listed {
                code: "ClientException",
            },
            (_, Protocol::Query) => Self::Listed {
                code: "ValidationError",
            },
            (_, Protocol::RestXml) => Self::Listed {
                code: "InvalidInput",
            },
            _ => Self::Listed {
                code: "ValidationException",
            },
        }
    }
}

fn missing<'a>(shape: Shape, members: &'a Map<String, Value>) -> impl Iterator<Item = Member> + 'a {
    let payload = shape.payload().map(|payload| payload.name());
    shape.members().filter(move |member| {
        let raw = payload == Some(member.name()) && member.shape().kind() == Kind::Blob;
        let given = members.get(member.name()).is_some_and(|v| !v.is_null());
        // Clients make tokens up, so one that is missing is nobody's mistake.
        member.is_required() && !given && !raw && !member.is_idempotency_token()
    })
}

fn document(shape: Shape, members: &Map<String, Value>) -> Result<(), AwsError> {
    let in_body = |member: &Member| member.location() == Location::Body;
    if missing(shape, members).any(|member| in_body(&member)) {
        let message = "Request Body is empty";
        return Err(AwsError::new("MissingRequestBodyError", message));
    }
    let mut faults = Faults::default();
    for member in shape.members().filter(in_body) {
        if let Some(Value::Object(inner)) = members.get(member.name()) {
            faults.structure(member.shape(), inner, "");
        }
    }
    if faults
        .0
        .iter()
        .all(|fault| !fault.starts_with("Value null"))
    {
        return Ok(());
    }
    Err(AwsError::new(
        "MalformedXML",
        "The XML you provided was not well-formed or did not validate against our published schema",
    ))
}

#[derive(Default)]
struct Faults(Vec<String>);

impl Faults {
    fn structure(&mut self, shape: Shape, members: &Map<String, Value>, at: &str) {
        for member in missing(shape, members) {
            let at = join(at, &small(member.name()));
            self.add("null", &at, "Member must not be null");
        }
        for member in shape.members() {
            let value = members.get(member.name()).filter(|v| !v.is_null());
            if let Some(value) = value {
                self.value(member.shape(), value, &join(at, &small(member.name())));
            }
        }
    }

    fn value(&mut self, shape: Shape, value: &Value, at: &str) {
        match (shape.kind(), value) {
            (Kind::Structure, Value::Object(members)) if !shape.is_document() => {
                self.structure(shape, members, at);
            }
            (Kind::List, Value::Array(items)) => {
                self.length(shape, items.len(), value, at);
                if let Some(element) = shape.element() {
                    for (index, item) in items.iter().enumerate() {
                        let at = format!("{at}.{}.member", index + 1);
                        self.value(element.shape(), item, &at);
                    }
                }
            }
            (Kind::Map, Value::Object(map)) => {
                self.length(shape, map.len(), value, at);
                if let Some(element) = shape.value() {
                    for (key, item) in map {
                        self.value(element.shape(), item, &format!("{at}.{key}.member"));
                    }
                }
            }
            (Kind::String, Value::String(text)) => {
                self.length(shape, text.chars().count(), value, at);
                let values = shape.enum_values();
                if !values.is_empty() && !values.contains(&text.as_str()) {
                    let set = in_aws_order(values).join(", ");
                    let constraint = format!("Member must satisfy enum value set: [{set}]");
                    self.add(&quoted(shape, value), at, &constraint);
                }
            }
            (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or_default();
                if let Some(min) = shape.min().filter(|min| number < *min) {
                    let text = format!("Member must have value greater than or equal to {min}");
                    self.add(&quoted(shape, value), at, &text);
                }
                if let Some(max) = shape.max().filter(|max| number > *max) {
                    let text = format!("Member must have value less than or equal to {max}");
                    self.add(&quoted(shape, value), at, &text);
                }
            }
            _ => {}
        }
    }

    fn length(&mut self, shape: Shape, length: usize, value: &Value, at: &str) {
        let length = length as f64;
        if let Some(min) = shape.min().filter(|min| length < *min) {
            let text = format!("Member must have length greater than or equal to {min}");
            self.add(&quoted(shape, value), at, &text);
        }
        if let Some(max) = shape.max().filter(|max| length > *max) {
            let text = format!("Member must have length less than or equal to {max}");
            self.add(&quoted(shape, value), at, &text);
        }
    }

    fn add(&mut self, value: &str, at: &str, constraint: &str) {
        self.0.push(format!(
            "Value {value} at '{at}' failed to satisfy constraint: {constraint}"
        ));
    }

    fn report(self, code: &str) -> Result<(), AwsError> {
        let count = self.0.len();
        let plural = if count == 1 { "" } else { "s" };
        match count {
            0 => Ok(()),
            _ => Err(AwsError::new(
                code,
                format!(
                    "{count} validation error{plural} detected: {}",
                    self.0.join("; ")
                ),
            )),
        }
    }
}

/// The order in which AWS prints the values of an enumeration: that of a hash table, so it cannot
/// be told but where it was recorded.
fn in_aws_order(values: &'static [&'static str]) -> &'static [&'static str] {
    const EXECUTION_STATUS: &[&str] = &[
        "SUCCEEDED",
        "TIMED_OUT",
        "PENDING_REDRIVE",
        "ABORTED",
        "FAILED",
        "RUNNING",
    ];
    let same = |recorded: &[&str]| {
        recorded.len() == values.len() && recorded.iter().all(|value| values.contains(value))
    };
    if same(EXECUTION_STATUS) {
        EXECUTION_STATUS
    } else {
        values
    }
}

/// A value as Java prints it.
fn quoted(shape: Shape, value: &Value) -> String {
    format!("'{}'", printed(shape, value))
}

fn printed(shape: Shape, value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let element = shape.element().map(|element| element.shape());
            let item = |item| printed(element.unwrap_or(shape), item);
            let items: Vec<_> = items.iter().map(item).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(members) if shape.kind() == Kind::Structure => {
            let pair = |(name, value): (&String, &Value)| {
                let inner = shape.member(name).map_or(shape, |member| member.shape());
                format!("{}={}", small(name), printed(inner, value))
            };
            let pairs: Vec<_> = members.iter().map(pair).collect();
            format!("{}({})", shape.name(), pairs.join(", "))
        }
        Value::Object(map) => {
            let inner = shape.value().map_or(shape, |value| value.shape());
            let pair = |(key, value)| format!("{key}={}", printed(inner, value));
            let pairs: Vec<_> = map.iter().map(pair).collect();
            format!("{{{}}}", pairs.join(", "))
        }
        value => value.to_string(),
    }
}

/// A name with its first letter small, as these messages have it.
fn small(name: &str) -> String {
    let mut chars = name.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn join(at: &str, name: &str) -> String {
    match at {
        "" => name.to_owned(),
        _ => format!("{at}.{name}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::service;

    #[test]
    fn the_words_of_services() {
        let cases = [
            (
                "stepfunctions",
                "StartExecution",
                json!({}),
                "ValidationException",
                "1 validation error detected: Value null at 'stateMachineArn' failed to satisfy \
                 constraint: Member must not be null",
            ),
            (
                "lambda",
                "ListFunctions",
                json!({"MaxItems": 0, "FunctionVersion": "NONE"}),
                "ValidationException",
                "2 validation errors detected: Value 'NONE' at 'functionVersion' failed to \
                 satisfy constraint: Member must satisfy enum value set: [ALL]; Value '0' at \
                 'maxItems' failed to satisfy constraint: Member must have value greater than or \
                 equal to 1",
            ),
            (
                "cloudformation",
                "CreateStack",
                json!({"StackName": "s", "Capabilities": ["X"]}),
                "ValidationError",
                "1 validation error detected: Value 'X' at 'capabilities.1.member' failed to \
                 satisfy constraint: Member must satisfy enum value set: [CAPABILITY_IAM, \
                 CAPABILITY_NAMED_IAM, CAPABILITY_AUTO_EXPAND]",
            ),
            (
                "stepfunctions",
                "CreateStateMachineAlias",
                json!({"name": "a", "routingConfiguration": [
                    {"stateMachineVersionArn": "v", "weight": 50},
                    {"stateMachineVersionArn": "w", "weight": 50},
                    {"stateMachineVersionArn": "x", "weight": 0}]}),
                "ValidationException",
                "1 validation error detected: Value \
                 '[RoutingConfigurationListItem(stateMachineVersionArn=v, weight=50), \
                 RoutingConfigurationListItem(stateMachineVersionArn=w, weight=50), \
                 RoutingConfigurationListItem(stateMachineVersionArn=x, weight=0)]' at \
                 'routingConfiguration' failed to satisfy constraint: Member must have length \
                 less than or equal to 2",
            ),
            (
                "sqs",
                "SendMessage",
                json!({"QueueUrl": "u"}),
                "MissingParameter",
                "The request must contain the parameter MessageBody.",
            ),
            (
                "s3",
                "PutObjectTagging",
                json!({"Bucket": "b", "Key": "k", "Tagging": {"TagSet": [{"Key": "a"}]}}),
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our \
                 published schema",
            ),
        ];
        for (name, action, input, code, message) in cases {
            let operation = service(name).unwrap().operation(action).unwrap();
            let error = validate(operation, &input).unwrap_err();
            assert_eq!(
                (error.code.as_str(), error.message.as_str()),
                (code, message)
            );
        }
    }

    #[test]
    fn what_is_right_passes() {
        let cases = [
            (
                "stepfunctions",
                "StartExecution",
                json!({"stateMachineArn": "a"}),
            ),
            ("s3", "PutObject", json!({"Bucket": "b", "Key": "k"})),
            ("lambda", "Invoke", json!({"FunctionName": "f"})),
        ];
        for (name, action, input) in cases {
            let operation = service(name).unwrap().operation(action).unwrap();
            assert_eq!(validate(operation, &input), Ok(()));
        }
    }
}
