//! What a path finds in a value.

use std::borrow::Cow;
use std::cell::Cell;

use serde_json::Value;

use super::Segment;

/// Values that one evaluation may look at. More than any payload holds, so only paths that visit
/// them over and over (`$..*..*..*`) come to it.
const MAX_VISITS: usize = 5_000_000;

/// What is left of [`MAX_VISITS`].
pub(super) struct Visits(Cell<usize>);

impl Visits {
    /// Whether one more is granted.
    fn grant(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }

    fn check(&self) -> Result<(), String> {
        match self.0.get() {
            0 => Err("The path visits too many values".to_owned()),
            _ => Ok(()),
        }
    }
}

/// The value of a definite path, or the list of all that an indefinite one finds.
pub(super) fn select<'v>(root: &'v Value, segments: &[Segment]) -> Result<Cow<'v, Value>, String> {
    select_within(root, segments, &Visits(Cell::new(MAX_VISITS)))
}

/// [`select`], as a part of an evaluation.
pub(super) fn select_within<'v>(
    root: &'v Value,
    segments: &[Segment],
    visits: &Visits,
) -> Result<Cow<'v, Value>, String> {
    if segments.iter().all(Segment::is_definite) {
        return definite(root, segments);
    }
    let (paths, function) = match segments.split_last() {
        Some((Segment::Function(name), before)) => (before, Some(name)),
        _ => (segments, None),
    };
    let found = find(root, paths, visits);
    visits.check()?;
    let found: Vec<Value> = found.into_iter().cloned().collect();
    match function {
        Some(name) => apply(name, &Value::Array(found)).map(Cow::Owned),
        None => Ok(Cow::Owned(Value::Array(found))),
    }
}

fn definite<'v>(root: &'v Value, segments: &[Segment]) -> Result<Cow<'v, Value>, String> {
    let mut current = root;
    for (position, segment) in segments.iter().enumerate() {
        if let Segment::Function(name) = segment {
            return apply(name, current).map(Cow::Owned);
        }
        let Some(next) = step(current, segment) else {
            return Err(missing(segments, position, current));
        };
        current = next;
    }
    Ok(Cow::Borrowed(current))
}

fn step<'v>(value: &'v Value, segment: &Segment) -> Option<&'v Value> {
    match (segment, value) {
        (Segment::Name(name), Value::Object(map)) => map.get(name),
        (Segment::Index(index), Value::Array(items)) => items.get(position(*index, items.len())?),
        _ => None,
    }
}

/// An index from the front or, when negative, from the back.
pub(super) fn position(index: i64, length: usize) -> Option<usize> {
    if index >= 0 {
        return usize::try_from(index).ok();
    }
    length.checked_sub(usize::try_from(index.unsigned_abs()).ok()?)
}

/// Jayway's words for a path that leads nowhere.
fn missing(segments: &[Segment], position: usize, parent: &Value) -> String {
    let upto = |end: usize| {
        let mut text = String::from("$");
        for segment in segments.iter().take(end) {
            match segment {
                Segment::Name(name) => text.push_str(&format!("['{name}']")),
                Segment::Index(index) => text.push_str(&format!("[{index}]")),
                _ => {}
            }
        }
        text
    };
    let is_last = position + 1 == segments.len();
    match (segments.get(position), parent) {
        (Some(Segment::Name(_)), Value::Object(_)) if !is_last => {
            format!("Missing property in path {}", upto(position + 1))
        }
        _ => format!("No results for path: {}", upto(position + 1)),
    }
}

/// Everything that the segments reach; what they do not reach is left out.
pub(super) fn find<'v>(root: &'v Value, segments: &[Segment], visits: &Visits) -> Vec<&'v Value> {
    let mut current = vec![root];
    for segment in segments {
        let mut next = Vec::new();
        for value in current {
            if !visits.grant() {
                return Vec::new();
            }
            expand(value, segment, root, visits, &mut next);
        }
        current = next;
    }
    current
}

fn expand<'v>(
    value: &'v Value,
    segment: &Segment,
    root: &Value,
    visits: &Visits,
    out: &mut Vec<&'v Value>,
) {
    match segment {
        Segment::Name(_) | Segment::Index(_) => out.extend(step(value, segment)),
        Segment::Names(names) => {
            if let Value::Object(map) = value {
                out.extend(names.iter().filter_map(|name| map.get(name)));
            }
        }
        Segment::Indices(indices) => {
            if let Value::Array(items) = value {
                let places = indices.iter().filter_map(|i| position(*i, items.len()));
                out.extend(places.filter_map(|place| items.get(place)));
            }
        }
        Segment::Wildcard => children(value, out),
        Segment::Slice(from, to, every) => {
            if let Value::Array(items) = value {
                slice(items, (*from, *to, *every), out);
            }
        }
        Segment::Descend => descend(value, visits, out),
        Segment::Filter(filter) => match value {
            Value::Array(items) => out.extend(
                items
                    .iter()
                    .filter(|item| filter.accepts(item, root, visits)),
            ),
            Value::Object(_) if filter.accepts(value, root, visits) => out.push(value),
            _ => {}
        },
        Segment::Function(_) => {}
    }
}

fn children<'v>(value: &'v Value, out: &mut Vec<&'v Value>) {
    match value {
        Value::Array(items) => out.extend(items),
        Value::Object(map) => out.extend(map.values()),
        _ => {}
    }
}

/// The value and everything below it; no recursion, values may be deep.
fn descend<'v>(value: &'v Value, visits: &Visits, out: &mut Vec<&'v Value>) {
    let mut stack = vec![value];
    while let Some(value) = stack.pop().filter(|_| visits.grant()) {
        if value.is_object() || value.is_array() {
            out.push(value);
        }
        let from = stack.len();
        children(value, &mut stack);
        if let Some(fresh) = stack.get_mut(from..) {
            fresh.reverse();
        }
    }
}

fn slice<'v>(
    items: &'v [Value],
    (from, to, every): (Option<i64>, Option<i64>, Option<i64>),
    out: &mut Vec<&'v Value>,
) {
    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let clamp = |index: i64| {
        let index = if index < 0 {
            index.saturating_add(length)
        } else {
            index
        };
        usize::try_from(index.clamp(0, length)).unwrap_or(0)
    };
    let (from, to) = (clamp(from.unwrap_or(0)), clamp(to.unwrap_or(length)));
    let every = usize::try_from(every.unwrap_or(1)).unwrap_or(1).max(1);
    out.extend(
        items
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .step_by(every),
    );
}

/// Jayway's functions over what a path found.
fn apply(name: &str, value: &Value) -> Result<Value, String> {
    if name == "length" || name == "size" {
        return match value {
            Value::Array(items) => Ok(items.len().into()),
            Value::Object(map) => Ok(map.len().into()),
            Value::String(text) => Ok(text.chars().count().into()),
            _ => Ok(Value::Null),
        };
    }
    if name == "keys" {
        return match value {
            Value::Object(map) => Ok(map.keys().cloned().map(Value::String).collect()),
            _ => Err("Function keys needs an object".to_owned()),
        };
    }
    let numbers: Vec<f64> = match value {
        Value::Array(items) => items.iter().filter_map(Value::as_f64).collect(),
        _ => Vec::new(),
    };
    if numbers.is_empty() {
        return Err(
            "Aggregation function attempted to calculate value using empty array".to_owned(),
        );
    }
    let count = numbers.len() as f64;
    let sum: f64 = numbers.iter().sum();
    let result = match name {
        "min" => numbers.iter().copied().fold(f64::INFINITY, f64::min),
        "max" => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
        "avg" => sum / count,
        "sum" => sum,
        "stddev" => {
            let mean = sum / count;
            (numbers.iter().map(|n| (n - mean).powi(2)).sum::<f64>() / count).sqrt()
        }
        _ => return Err(format!("Function with name: {name} does not exist.")),
    };
    Ok(serde_json::json!(result))
}
