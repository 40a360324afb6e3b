//! The context object of a test: given, or made up as AWS makes it.

use asl::Pattern;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::states::{States, arn};
use crate::{AwsError, Scope};

use super::subject::{NAME, Subject};

/// Names that a test makes up.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) scope: Scope,
    pub(super) name: String,
    pub(super) machine: String,
    pub(super) execution_arn: String,
    pub(super) role_arn: Option<String>,
}

impl Names {
    pub(super) fn new(states: &States, scope: &Scope, role_arn: Option<String>) -> Self {
        let ids = states.aws.ids();
        let (name, machine) = (ids.uuid(), ids.uuid());
        Self {
            // One part less than those of real executions have.
            execution_arn: scope.arn("states", &format!("express:{machine}:{name}")),
            scope: scope.clone(),
            name,
            machine,
            role_arn,
        }
    }
}

/// Reads the context object of a request.
pub(super) fn given(text: &str, subject: &Subject) -> Result<Value, AwsError> {
    let refuse = |why: &str| {
        let message = format!("Invalid Context object provided: {why}");
        AwsError::validation(message)
    };
    let context: Value = match serde_json::from_str(text) {
        Ok(context @ Value::Object(_)) => context,
        // AWS's words are not known.
        _ => return Err(refuse("Context object must be a JSON object")),
    };
    check(&context).map_err(|why| refuse(&why))?;
    if context.get("Task").is_some() && !waits(subject) {
        return Err(refuse(
            "Context object contains 'Task' when state is not a Task state with a '.sync' or \
             '.waitForTaskToken' service integration pattern",
        ));
    }
    Ok(context)
}

/// The fields of a context object and their types, as far as they can be given: "Context object" in
/// the developer guide.
#[rustfmt::skip] // a table
const FIELDS: &[(&str, &[(&str, &str)])] = &[
    ("Execution", &[("Id", STRING), ("Input", ""), ("Name", STRING), ("RoleArn", STRING),
        ("StartTime", STRING), ("RedriveCount", NUMBER), ("RedriveTime", STRING)]),
    ("State", &[("EnteredTime", STRING), ("Name", STRING), ("RetryCount", NUMBER)]),
    ("StateMachine", &[("Id", STRING), ("Name", STRING)]),
    ("Task", &[("Token", STRING)]),
];
const STRING: &str = "a string";
const NUMBER: &str = "a number";

/// Fields that there are not, and values of another type.
fn check(context: &Value) -> Result<(), String> {
    let unknown = |name: &str| Err(format!("Field '{name}' is not allowed"));
    for (name, part) in context.as_object().into_iter().flatten() {
        if name == "Map" {
            let why = "'Map' field is not supported when mocking a Context object";
            return Err(why.to_owned());
        }
        let Some((_, fields)) = FIELDS.iter().find(|(field, _)| field == name) else {
            return unknown(name);
        };
        let Value::Object(members) = part else {
            return Err(format!("{name} must be an object"));
        };
        for (member, value) in members {
            match fields.iter().find(|(field, _)| field == member) {
                None => return unknown(member),
                Some((_, kind))
                    if *kind == STRING && !value.is_string()
                        || *kind == NUMBER && !value.is_number() =>
                {
                    return Err(format!("{name}.{member} must be {kind}"));
                }
                Some(_) => {}
            }
        }
    }
    Ok(())
}

/// The context object that AWS makes up.
pub(super) fn own(
    names: &Names,
    subject: &Subject,
    input: &str,
    now: Timestamp,
    states: &States,
) -> Value {
    let time = format!("{now:.3}");
    let mut context = json!({
        "Execution": {
            "Id": names.execution_arn,
            "Input": serde_json::from_str::<Value>(input).unwrap_or_default(),
            "Name": names.name,
            "RoleArn": names.role_arn,
            "StartTime": time,
        },
        "StateMachine": {
            "Id": arn::state_machine(&names.scope, &names.machine),
            "Name": names.machine,
        },
        "State": { "Name": NAME, "EnteredTime": time },
    });
    if matches!(subject.kind(), "Task" | "Map" | "Parallel") {
        context["State"]["RetryCount"] = 0.into();
    }
    if waits(subject) {
        context["Task"] = json!({ "Token": states.aws.ids().uuid() });
    }
    context
}

/// Whether the state waits for a job or a token.
fn waits(subject: &Subject) -> bool {
    subject
        .pattern()
        .is_some_and(|pattern| pattern != Pattern::RequestResponse)
}
