//! Bodies as forms (`Transform.RequestBodyEncoding: URL_ENCODED`).

use serde_json::Value;

/// How the items of an array are named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ArrayFormat {
    /// `a[0]=x&a[1]=y`.
    Indices,
    /// `a=x&a=y`.
    Repeat,
    /// `a=x,y`.
    Commas,
    /// `a[]=x&a[]=y`.
    Brackets,
}

impl ArrayFormat {
    /// The format of that name; the first where none is named.
    pub(super) fn named(name: &str) -> Self {
        match name {
            "REPEAT" => Self::Repeat,
            "COMMAS" => Self::Commas,
            "BRACKETS" => Self::Brackets,
            _ => Self::Indices,
        }
    }
}

/// Names and values, not yet percent-encoded. Members of objects are named `a[b]`.
pub(super) fn pairs(value: &Value, format: ArrayFormat) -> Vec<(String, String)> {
    let mut out = Vec::new();
    if let Value::Object(members) = value {
        for (name, value) in members {
            add(name, value, format, &mut out);
        }
    }
    out
}

fn add(name: &str, value: &Value, format: ArrayFormat, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                add(&format!("{name}[{member}]"), value, format, out);
            }
        }
        Value::Array(items) if format == ArrayFormat::Commas => {
            let items: Vec<String> = items.iter().map(text).collect();
            out.push((name.to_owned(), items.join(",")));
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                let name = match format {
                    ArrayFormat::Indices => format!("{name}[{index}]"),
                    ArrayFormat::Brackets => format!("{name}[]"),
                    ArrayFormat::Repeat | ArrayFormat::Commas => name.to_owned(),
                };
                add(&name, item, format, out);
            }
        }
        value => out.push((name.to_owned(), text(value))),
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::http_client::form;

    #[test]
    fn arrays_are_named_in_four_ways() {
        let body = json!({ "a": ["x", "y z"], "b": { "c": 1 } });
        for (name, wanted) in [
            ("INDICES", "a%5B0%5D=x&a%5B1%5D=y%20z&b%5Bc%5D=1"),
            ("REPEAT", "a=x&a=y%20z&b%5Bc%5D=1"),
            ("COMMAS", "a=x%2Cy%20z&b%5Bc%5D=1"),
            ("BRACKETS", "a%5B%5D=x&a%5B%5D=y%20z&b%5Bc%5D=1"),
        ] {
            let format = ArrayFormat::named(name);
            assert_eq!(form(&pairs(&body, format)), wanted);
        }
    }
}
