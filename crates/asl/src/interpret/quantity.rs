//! Numbers of a state that are written, computed, or found by a path.

use serde_json::Value;

use crate::env::{Env, Fault};
use crate::machine::{Quantity, Source};

/// The value of the field, whatever its type.
pub(super) fn value(quantity: &Quantity, env: &Env<'_>) -> Result<Value, Fault> {
    match &quantity.source {
        Source::Literal(value) => Ok(value.clone()),
        Source::Template(template) => template.evaluate(env),
        Source::Path(path) => path.select_plain(env),
    }
}

/// A whole number of at least 0.
pub(super) fn whole(quantity: &Quantity, env: &Env<'_>) -> Result<u64, Fault> {
    u64::try_from(signed(quantity, env)?)
        .map_err(|_| refuse(quantity, format!("{} cannot be negative.", quantity.field)))
}

/// A whole number. What a path finds may also be a text that spells one.
pub(super) fn signed(quantity: &Quantity, env: &Env<'_>) -> Result<i64, Fault> {
    let found = value(quantity, env)?;
    let whole = match (&found, &quantity.source) {
        (Value::Number(number), _) => number.as_i64().or_else(|| {
            number
                .as_f64()
                .filter(|n| n.fract() == 0.0)
                .map(|n| n as i64)
        }),
        (Value::String(text), Source::Path(_)) => text.parse().ok(),
        _ => None,
    };
    whole.ok_or_else(|| not_a(quantity, &found, "integer"))
}

/// A number from 0 to 100.
pub(super) fn percentage(quantity: &Quantity, env: &Env<'_>) -> Result<f64, Fault> {
    let found = value(quantity, env)?;
    let number = match (&found, &quantity.source) {
        (Value::String(text), Source::Path(_)) => text.parse().ok(),
        _ => found.as_f64(),
    };
    match number {
        Some(number) if (0.0..=100.0).contains(&number) => Ok(number),
        Some(_) => {
            let cause = format!("{} must be between 0 and 100.", quantity.field);
            Err(refuse(quantity, cause))
        }
        None => Err(not_a(quantity, &found, "float")),
    }
}

fn not_a(quantity: &Quantity, found: &Value, what: &str) -> Fault {
    match &quantity.source {
        Source::Path(path) => Fault::runtime(format!(
            "The {}Path field refers to value \"{}\" which is not a valid {what}: {}",
            quantity.field,
            plain(found),
            path.text()
        )),
        _ => wrong_type(quantity, found),
    }
}

/// A text without quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Seconds of a time-out, heartbeat or wait.
pub(super) fn seconds(quantity: &Quantity, env: &Env<'_>) -> Result<u64, Fault> {
    let found = value(quantity, env)?;
    if let Some(seconds) = found.as_u64() {
        return Ok(seconds);
    }
    Err(match &quantity.source {
        Source::Path(path) => {
            let why = if found.is_i64() {
                "references a negative value"
            } else {
                "cannot be parsed as a long value"
            };
            Fault::runtime(format!(
                "The {}Path parameter {why}: {} == {}",
                quantity.field,
                path.text(),
                plain(&found)
            ))
        }
        _ => wrong_type(quantity, &found),
    })
}

/// [`seconds`] and [`value`] of a Wait state say in their own words that a path leads nowhere.
pub(super) fn must_exist(quantity: &Quantity, env: &Env<'_>) -> Result<(), Fault> {
    match &quantity.source {
        Source::Path(path) if path.select(env).is_err() => Err(Fault::runtime(format!(
            "The {}Path parameter does not reference an input value: {}",
            quantity.field,
            path.text()
        ))),
        _ => Ok(()),
    }
}

/// A value of the right type that is out of range.
pub(super) fn refuse(quantity: &Quantity, cause: String) -> Fault {
    match &quantity.source {
        Source::Template(_) => Fault::query(cause, quantity.field),
        _ => Fault::Runtime(cause),
    }
}

fn wrong_type(quantity: &Quantity, found: &Value) -> Fault {
    let expression = match &quantity.source {
        Source::Template(template) => template.expression(),
        _ => None,
    };
    match expression {
        Some(expression) => expression.wrong_type("number", found),
        None => Fault::runtime(format!(
            "{} must be a number but was: {found}",
            quantity.field
        )),
    }
}
