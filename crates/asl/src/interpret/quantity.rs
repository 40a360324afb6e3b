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

/// A whole number.
pub(super) fn signed(quantity: &Quantity, env: &Env<'_>) -> Result<i64, Fault> {
    let found = value(quantity, env)?;
    let whole = match &found {
        Value::Number(number) => number.as_i64().or_else(|| {
            number
                .as_f64()
                .filter(|n| n.fract() == 0.0)
                .map(|n| n as i64)
        }),
        _ => None,
    };
    whole.ok_or_else(|| match &quantity.source {
        Source::Path(path) => Fault::runtime(format!(
            "The {}Path field refers to value {found} which is not a valid integer: {}",
            quantity.field,
            path.text()
        )),
        _ => wrong_type(quantity, &found),
    })
}

/// A number from 0 to 100.
pub(super) fn percentage(quantity: &Quantity, env: &Env<'_>) -> Result<f64, Fault> {
    let found = value(quantity, env)?;
    let Some(number) = found.as_f64() else {
        return Err(match &quantity.source {
            Source::Path(path) => Fault::runtime(format!(
                "The {}Path field refers to value {found} which is not a valid float: {}",
                quantity.field,
                path.text()
            )),
            _ => wrong_type(quantity, &found),
        });
    };
    if (0.0..=100.0).contains(&number) {
        return Ok(number);
    }
    Err(refuse(
        quantity,
        format!("{} must be between 0 and 100.", quantity.field),
    ))
}

/// Seconds of a time-out, heartbeat or wait.
pub(super) fn seconds(quantity: &Quantity, env: &Env<'_>) -> Result<u64, Fault> {
    let found = value(quantity, env)?;
    if let Some(seconds) = found.as_u64() {
        return Ok(seconds);
    }
    Err(match &quantity.source {
        Source::Path(path) => Fault::runtime(format!(
            "The {}Path parameter cannot be parsed as a long value: {} == {found}",
            quantity.field,
            path.text()
        )),
        _ => wrong_type(quantity, &found),
    })
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
