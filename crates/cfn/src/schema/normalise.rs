//! Gives properties the types of the schema.

use serde_json::{Map, Number, Value};

use super::{Schema, Shape};

/// Properties with scalars turned into what the schema says.
pub(super) fn properties(schema: &Schema, properties: &Value) -> Value {
    let Value::Object(members) = properties else {
        return properties.clone();
    };
    let members = members.iter().map(|(name, one)| {
        let shape = schema.properties.get(name).unwrap_or(&Shape::Any);
        (name.clone(), value(schema, shape, one))
    });
    Value::Object(members.collect())
}

fn value(schema: &Schema, shape: &Shape, given: &Value) -> Value {
    match (schema.resolve(shape), given) {
        (Shape::Text | Shape::Choice(_), Value::Number(number)) => {
            Value::String(number.to_string())
        }
        (Shape::Text | Shape::Choice(_), Value::Bool(flag)) => Value::String(flag.to_string()),
        (Shape::Integer, Value::String(text)) => match text.parse::<i64>() {
            Ok(number) => Value::from(number),
            Err(_) => given.clone(),
        },
        (Shape::Integer, Value::Number(number)) => whole(number),
        (Shape::Number, Value::String(text)) => match text.parse::<f64>().map(Number::from_f64) {
            Ok(Some(number)) => whole(&number),
            _ => given.clone(),
        },
        // `1.0` and `1` are one number; the services answer the latter.
        (Shape::Number, Value::Number(number)) => whole(number),
        (Shape::Boolean, Value::String(text)) => match text.as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => given.clone(),
        },
        (Shape::List(item), Value::Array(items)) => {
            items.iter().map(|one| value(schema, item, one)).collect()
        }
        (Shape::Map(item), Value::Object(members)) => {
            each(members, |_, one| value(schema, item, one))
        }
        (Shape::Structure(structure), Value::Object(members)) => {
            each(members, |name, one| match structure.members.get(name) {
                Some(shape) => value(schema, shape, one),
                None => one.clone(),
            })
        }
        (Shape::Union(shapes), _) => {
            // The first form that is of the same kind: unions differ by members, seldom by type.
            let fits = shapes.iter().map(|one| schema.resolve(one)).find(|one| {
                matches!(
                    (one, given),
                    (Shape::Structure(_) | Shape::Map(_), Value::Object(_))
                        | (Shape::List(_), Value::Array(_))
                )
            });
            fits.map_or_else(|| given.clone(), |shape| value(schema, shape, given))
        }
        _ => given.clone(),
    }
}

fn each(members: &Map<String, Value>, change: impl Fn(&str, &Value) -> Value) -> Value {
    let members = members
        .iter()
        .map(|(name, one)| (name.clone(), change(name, one)));
    Value::Object(members.collect())
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked by the comparison: only numbers without a fraction are turned"
)]
fn whole(number: &Number) -> Value {
    match number.as_f64() {
        Some(float) if number.is_f64() && float.fract() == 0.0 && float.abs() < 9e15 => {
            Value::from(float as i64)
        }
        _ => Value::Number(number.clone()),
    }
}
