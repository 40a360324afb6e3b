//! One answer of a task, as `world.json` writes it.

use serde_json::{Map, Value};

/// What a task answers to one call.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Answer {
    pub(crate) end: End,
    /// Seconds from the start of the task to its end.
    pub(crate) after: f64,
    /// What the service says when it accepts a job or message that is then waited for.
    pub(crate) submitted: Value,
    /// Seconds from the start of the task at which a heartbeat arrives.
    pub(crate) heartbeats: Vec<f64>,
}

/// How a task ends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum End {
    /// With a result.
    Return(Value),
    /// With an error.
    Throw(Thrown),
    /// Not at all: it runs into its time-out.
    Never,
}

/// An error.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Thrown {
    pub(crate) error: String,
    pub(crate) cause: String,
}

impl Answer {
    pub(crate) fn throw(thrown: Thrown) -> Self {
        Self {
            end: End::Throw(thrown),
            after: 0.0,
            submitted: Value::Object(Map::new()),
            heartbeats: Vec::new(),
        }
    }

    /// Reads an answer; says what is wrong with it.
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        const MEMBERS: &str =
            "`Return`, `Throw` or `Never`, and with it `After`, `Submitted` and `HeartbeatsAfter`";
        let Value::Object(members) = value else {
            return Err(format!("an answer is an object of {MEMBERS}"));
        };
        let mut end = None;
        let mut answer = Self::throw(Thrown {
            error: String::new(),
            cause: String::new(),
        });
        for (name, value) in members {
            let told = match name.as_str() {
                "Return" => Some(End::Return(value.clone())),
                "Throw" => Some(End::Throw(Thrown::parse(value)?)),
                "Never" if *value == Value::Bool(true) => Some(End::Never),
                "Never" => return Err("`Never` is `true` or left out".to_owned()),
                "After" => {
                    answer.after = seconds(value)?;
                    None
                }
                "Submitted" => {
                    answer.submitted = value.clone();
                    None
                }
                "HeartbeatsAfter" => {
                    let times = value.as_array();
                    let times = times.ok_or("`HeartbeatsAfter` is a list of seconds")?;
                    answer.heartbeats = times.iter().map(seconds).collect::<Result<_, _>>()?;
                    None
                }
                _ => return Err(format!("`{name}` is not known; an answer has {MEMBERS}")),
            };
            if told.is_some() && end.is_some() {
                return Err("an answer has one of `Return`, `Throw` and `Never`".to_owned());
            }
            end = end.or(told);
        }
        answer.end = end.ok_or("an answer has one of `Return`, `Throw` and `Never`")?;
        Ok(answer)
    }
}

impl Thrown {
    pub(crate) fn parse(value: &Value) -> Result<Self, String> {
        let wrong = || "`Throw` has `Error` and may have `Cause`, both texts".to_owned();
        let members = value.as_object().ok_or_else(wrong)?;
        let mut thrown = Self {
            error: String::new(),
            cause: String::new(),
        };
        for (name, value) in members {
            let text = value.as_str().ok_or_else(wrong)?.to_owned();
            match name.as_str() {
                "Error" => thrown.error = text,
                "Cause" => thrown.cause = text,
                _ => return Err(wrong()),
            }
        }
        if thrown.error.is_empty() {
            return Err(wrong());
        }
        Ok(thrown)
    }
}

/// At most a year, as an execution.
fn seconds(value: &Value) -> Result<f64, String> {
    const YEAR: f64 = 366.0 * 86_400.0;
    let seconds = value
        .as_f64()
        .filter(|seconds| (0.0..=YEAR).contains(seconds));
    seconds.ok_or_else(|| format!("{value} is no number of seconds between 0 and a year"))
}
