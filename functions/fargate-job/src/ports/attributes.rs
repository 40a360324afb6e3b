//! DynamoDB's typed attributes as plain JSON, and back. Only the types that the table of the job has.

use serde_json::{Map, Value, json};

/// An item of plain JSON. Nulls are left out.
pub(super) fn item(value: &Value) -> Value {
    let members = value.as_object().into_iter().flatten();
    let members = members.filter(|(_, value)| !value.is_null());
    let typed = members.map(|(name, value)| (name.clone(), attribute(value)));
    Value::Object(typed.collect::<Map<_, _>>())
}

fn attribute(value: &Value) -> Value {
    match value {
        Value::Null => json!({ "NULL": true }),
        Value::Bool(flag) => json!({ "BOOL": flag }),
        Value::Number(number) => json!({ "N": number.to_string() }),
        Value::String(text) => json!({ "S": text }),
        Value::Array(items) => json!({ "L": items.iter().map(attribute).collect::<Vec<_>>() }),
        Value::Object(_) => json!({ "M": item(value) }),
    }
}

/// Plain JSON of an item.
pub(super) fn plain(item: &Value) -> Value {
    let members = item.as_object().into_iter().flatten();
    let plain = members.map(|(name, value)| (name.clone(), value_of(value)));
    Value::Object(plain.collect::<Map<_, _>>())
}

fn value_of(attribute: &Value) -> Value {
    let Some((kind, value)) = attribute
        .as_object()
        .and_then(|object| object.iter().next())
    else {
        return Value::Null;
    };
    match (kind.as_str(), value) {
        ("N", Value::String(number)) => serde_json::from_str(number).unwrap_or(Value::Null),
        ("M", map) => plain(map),
        ("L", Value::Array(items)) => items.iter().map(value_of).collect(),
        ("NULL", _) => Value::Null,
        (_, value) => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let value = json!({"s": "x", "n": 3, "b": true, "m": {"kind": "manual"}, "l": [1, "a"]});
        let typed = item(&value);
        assert_eq!(typed["n"], json!({"N": "3"}));
        assert_eq!(plain(&typed), value);
        assert_eq!(item(&json!({"gone": null})), json!({}));
    }
}
