//! Functions on arrays.

use serde_json::{Number, Value};

use super::rounded;

/// The longest range that AWS makes.
const MAX_RANGE: usize = 1_000;

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value
        .as_array()
        .ok_or_else(|| format!("{value} is not an array"))
}

pub(super) fn partition(value: &Value, size: &Value) -> Result<Value, String> {
    let size = usize::try_from(rounded(size)?).unwrap_or(0);
    if size == 0 {
        return Err("the chunk size must be greater than zero".to_owned());
    }
    let pieces = list(value)?.chunks(size);
    Ok(pieces.map(|piece| Value::Array(piece.to_vec())).collect())
}

pub(super) fn contains(value: &Value, item: &Value) -> Result<Value, String> {
    Ok(Value::Bool(
        list(value)?.iter().any(|other| same(other, item)),
    ))
}

fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

pub(super) fn range_of(first: &Value, last: &Value, step: &Value) -> Result<Value, String> {
    let numbers = range(rounded(first)?, rounded(last)?, rounded(step)?, MAX_RANGE)?;
    Ok(numbers
        .into_iter()
        .map(|number| Value::Number(Number::from(number)))
        .collect())
}

/// From the first to the last, both included.
pub(crate) fn range(first: i64, last: i64, step: i64, limit: usize) -> Result<Vec<i64>, String> {
    if step == 0 {
        return Err("the step must not be zero".to_owned());
    }
    let mut numbers = Vec::new();
    let mut current = first;
    while (step > 0 && current <= last) || (step < 0 && current >= last) {
        if numbers.len() == limit {
            return Err(format!("the range has more than {limit} items"));
        }
        numbers.push(current);
        match current.checked_add(step) {
            Some(next) => current = next,
            None => break,
        }
    }
    Ok(numbers)
}

pub(super) fn item(value: &Value, index: &Value) -> Result<Value, String> {
    let index = rounded(index)?;
    usize::try_from(index)
        .ok()
        .and_then(|index| value.as_array()?.get(index))
        .cloned()
        .ok_or_else(|| format!("there is no item {index}"))
}

pub(super) fn length(value: &Value) -> Result<Value, String> {
    Ok(list(value)?.len().into())
}

pub(super) fn unique(value: &Value) -> Result<Value, String> {
    let mut seen = std::collections::HashSet::new();
    let items = list(value)?.iter();
    Ok(items
        .filter(|item| seen.insert(item.to_string()))
        .cloned()
        .collect())
}
