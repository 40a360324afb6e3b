//! Mocked results against the models of the APIs that would give them.

use asl::{Pattern, Resource};
use awsapi::states::{Integration, member_name, resolve};
use awsapi::{Kind, Shape};
use serde_json::Value;

use crate::AwsError;

use super::mock::Mode;
use super::subject::Subject;

/// Values of `fieldValidationMode`.
pub(super) const MODES: [&str; 3] = ["STRICT", "PRESENT", "NONE"];

/// Refuses a result that the API could not give. Fields that the API does not know are let
/// through, as recorded.
pub(super) fn check(subject: &Subject, result: &Value, mode: Mode) -> Result<(), AwsError> {
    if mode == Mode::None || subject.pattern() != Some(Pattern::RequestResponse) {
        // What a job or a token answers with is not the API's own answer.
        return Ok(());
    }
    let (service, action, integration) = match subject.resource() {
        Some(Resource::Optimised {
            service, action, ..
        }) => (service, action, Integration::Optimised),
        Some(Resource::Sdk {
            service, action, ..
        }) => (service, action, Integration::Sdk),
        _ => return Ok(()),
    };
    let shape = resolve(&service, &action, integration).and_then(|found| found.output());
    let Some(shape) = shape else { return Ok(()) };
    let checker = Checker { integration, mode };
    checker.structure(shape, result, None).map_err(|fault| {
        AwsError::validation(format!("Mock result schema validation error: {fault}"))
    })
}

struct Checker {
    integration: Integration,
    mode: Mode,
}

impl Checker {
    fn structure(&self, shape: Shape, value: &Value, field: Option<&str>) -> Result<(), String> {
        let Value::Object(members) = value else {
            return Err(match field {
                Some(field) => wrong(field, "must be an object"),
                // AWS's words are not known.
                None => "Result must be an object".to_owned(),
            });
        };
        for (name, value) in members {
            let mut known = shape.members();
            let member = known.find(|member| member_name(*member, self.integration) == *name);
            if let Some(member) = member {
                self.value(member.shape(), value, name)?;
            }
        }
        if self.mode == Mode::Strict {
            for member in shape.members().filter(|member| member.is_required()) {
                let name = member_name(member, self.integration);
                if !members.contains_key(&name) {
                    return Err(format!("Required field '{name}' is missing"));
                }
            }
        }
        Ok(())
    }

    fn value(&self, shape: Shape, value: &Value, field: &str) -> Result<(), String> {
        if value.is_null() || shape.is_document() {
            return Ok(());
        }
        match (shape.kind(), value) {
            (Kind::Structure, _) => self.structure(shape, value, Some(field)),
            (Kind::List, Value::Array(items)) => {
                let element = shape.element().map(|element| element.shape());
                let mut pairs = items.iter().zip(std::iter::repeat(element));
                pairs.try_for_each(|(item, element)| match element {
                    Some(element) => self.value(element, item, field),
                    None => Ok(()),
                })
            }
            (Kind::List, _) => Err(wrong(field, "must be an array")),
            (Kind::Map, Value::Object(members)) => match shape.value() {
                Some(element) => {
                    let mut members = members.iter();
                    members.try_for_each(|(name, item)| self.value(element.shape(), item, name))
                }
                None => Ok(()),
            },
            (Kind::Map, _) => Err(wrong(field, "must be an object")),
            (Kind::Boolean, Value::Bool(_)) => Ok(()),
            (Kind::Boolean, _) => Err(wrong(field, "must be a boolean")),
            (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or_default();
                if shape.min().is_some_and(|min| number < min) {
                    return Err(wrong(field, "is less than the minimum value"));
                }
                if shape.max().is_some_and(|max| number > max) {
                    return Err(wrong(field, "exceeds the maximum value"));
                }
                Ok(())
            }
            (Kind::Integer | Kind::Long | Kind::Float | Kind::Double, _) => {
                Err(wrong(field, "must be a number"))
            }
            // The payload of `lambda:invoke` is shown as the value that it holds.
            (Kind::Blob, _) if self.integration == Integration::Optimised => Ok(()),
            (Kind::String | Kind::Blob, Value::String(text)) => self.text(shape, text, field),
            (Kind::Timestamp, Value::String(_)) => Ok(()),
            (Kind::String | Kind::Blob | Kind::Timestamp, _) => {
                Err(wrong(field, "must be a string"))
            }
        }
    }

    fn text(&self, shape: Shape, text: &str, field: &str) -> Result<(), String> {
        let length = text.chars().count() as f64;
        if shape.min().is_some_and(|min| length < min) {
            return Err(wrong(field, "is smaller than the minimum length"));
        }
        if shape.max().is_some_and(|max| length > max) {
            return Err(wrong(field, "exceeds the maximum length"));
        }
        let values = shape.enum_values();
        if !values.is_empty() && !values.contains(&text) {
            return Err(wrong(field, "is not an expected value"));
        }
        Ok(())
    }
}

fn wrong(field: &str, how: &str) -> String {
    format!("Field '{field}' {how}")
}
