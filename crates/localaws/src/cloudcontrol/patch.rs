//! JSON patches (RFC 6902), as `UpdateResource` takes them.

use serde::Deserialize;
use serde_json::Value;

/// One operation of a patch.
#[derive(Debug, Deserialize)]
#[serde(tag = "op", rename_all = "lowercase")]
pub(super) enum Step {
    Add { path: String, value: Value },
    Remove { path: String },
    Replace { path: String, value: Value },
    Move { from: String, path: String },
    Copy { from: String, path: String },
    Test { path: String, value: Value },
}

impl Step {
    /// The paths that the operation changes.
    pub(super) fn changes(&self) -> Vec<&str> {
        match self {
            Self::Add { path, .. }
            | Self::Remove { path }
            | Self::Replace { path, .. }
            | Self::Copy { path, .. } => vec![path],
            Self::Move { from, path } => vec![from, path],
            Self::Test { .. } => vec![],
        }
    }
}

/// Reads a patch.
pub(super) fn parse(document: &str) -> Result<Vec<Step>, String> {
    serde_json::from_str(document)
        .map_err(|error| format!("PatchDocument is not a JSON patch: {error}"))
}

/// Applies a patch, all of it or nothing.
pub(super) fn apply(target: &mut Value, steps: &[Step]) -> Result<(), String> {
    let mut patched = target.clone();
    for step in steps {
        match step {
            Step::Add { path, value } => add(&mut patched, path, value.clone())?,
            Step::Remove { path } => {
                remove(&mut patched, path)?;
            }
            Step::Replace { path, value } => {
                *patched.pointer_mut(path).ok_or_else(|| missing(path))? = value.clone();
            }
            Step::Move { from, path } => {
                let value = remove(&mut patched, from)?;
                add(&mut patched, path, value)?;
            }
            Step::Copy { from, path } => {
                let value = patched
                    .pointer(from)
                    .cloned()
                    .ok_or_else(|| missing(from))?;
                add(&mut patched, path, value)?;
            }
            Step::Test { path, value } => {
                if patched.pointer(path) != Some(value) {
                    return Err(format!("The value at {path} is not the one tested for"));
                }
            }
        }
    }
    *target = patched;
    Ok(())
}

fn missing(path: &str) -> String {
    format!("There is no value at {path}")
}

/// The container of a path's value, and the value's name in it.
fn parent<'a>(target: &'a mut Value, path: &str) -> Result<(&'a mut Value, String), String> {
    let (above, name) = path
        .rsplit_once('/')
        .ok_or_else(|| format!("{path} is not a JSON pointer"))?;
    let container = target.pointer_mut(above).ok_or_else(|| missing(above))?;
    Ok((container, name.replace("~1", "/").replace("~0", "~")))
}

fn add(target: &mut Value, path: &str, value: Value) -> Result<(), String> {
    if path.is_empty() {
        *target = value;
        return Ok(());
    }
    match parent(target, path)? {
        (Value::Object(members), name) => {
            members.insert(name, value);
            Ok(())
        }
        (Value::Array(items), name) => {
            let index = if name == "-" {
                Some(items.len())
            } else {
                name.parse().ok()
            };
            let index = index
                .filter(|index| *index <= items.len())
                .ok_or_else(|| missing(path))?;
            items.insert(index, value);
            Ok(())
        }
        _ => Err(missing(path)),
    }
}

fn remove(target: &mut Value, path: &str) -> Result<Value, String> {
    match parent(target, path)? {
        (Value::Object(members), name) => members.shift_remove(&name).ok_or_else(|| missing(path)),
        (Value::Array(items), name) => {
            let index = name.parse().ok().filter(|index| *index < items.len());
            Ok(items.remove(index.ok_or_else(|| missing(path))?))
        }
        _ => Err(missing(path)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn operations() {
        let cases = [
            (
                json!([{"op": "add", "path": "/b", "value": 2}]),
                Some(json!({"a": [1], "b": 2})),
            ),
            (
                json!([{"op": "add", "path": "/a/-", "value": 2}]),
                Some(json!({"a": [1, 2]})),
            ),
            (
                json!([{"op": "add", "path": "/a/0", "value": 0}]),
                Some(json!({"a": [0, 1]})),
            ),
            (
                json!([{"op": "add", "path": "/x~1y~0", "value": 0}]),
                Some(json!({"a": [1], "x/y~": 0})),
            ),
            (json!([{"op": "remove", "path": "/a"}]), Some(json!({}))),
            (
                json!([{"op": "replace", "path": "/a/0", "value": 9}]),
                Some(json!({"a": [9]})),
            ),
            (
                json!([{"op": "move", "from": "/a", "path": "/b"}]),
                Some(json!({"b": [1]})),
            ),
            (
                json!([{"op": "copy", "from": "/a/0", "path": "/b"}]),
                Some(json!({"a": [1], "b": 1})),
            ),
            (
                json!([{"op": "test", "path": "/a", "value": [1]}]),
                Some(json!({"a": [1]})),
            ),
            (json!([{"op": "test", "path": "/a", "value": [2]}]), None),
            (json!([{"op": "replace", "path": "/b", "value": 1}]), None),
            (json!([{"op": "remove", "path": "/a/1"}]), None),
            (json!([{"op": "add", "path": "/a/2", "value": 1}]), None),
            // The first step is undone when the second fails.
            (
                json!([{"op": "add", "path": "/b", "value": 2}, {"op": "remove", "path": "/c"}]),
                None,
            ),
        ];
        for (patch, expected) in cases {
            let mut target = json!({"a": [1]});
            let result = apply(&mut target, &parse(&patch.to_string()).unwrap());
            assert_eq!(result.is_ok(), expected.is_some(), "{patch}");
            assert_eq!(target, expected.unwrap_or(json!({"a": [1]})), "{patch}");
        }
    }
}
