//! Templates with `<places>`, as input transformers of rules and pipes have them, and the paths
//! that find what goes there.

use serde_json::{Value, json};

/// Fills a template: a value stands as JSON where it stands alone, and as text inside quotes. What
/// `value` does not know stays as it is.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<Value>) -> String {
    let mut text = String::new();
    let mut rest = template;
    let mut quoted = false;
    while let Some(letter) = rest.chars().next() {
        let name = rest
            .strip_prefix('<')
            .and_then(|rest| Some(rest.split_once('>')?.0));
        if let Some(name) = name
            && let Some(value) = value(name)
        {
            text.push_str(&if quoted {
                inside(&value)
            } else {
                value.to_string()
            });
            rest = rest.get(name.len() + 2..).unwrap_or_default();
            continue;
        }
        let length = match letter {
            '\\' => 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
            _ => letter.len_utf8(),
        };
        quoted ^= letter == '"';
        text.push_str(rest.get(..length).unwrap_or_default());
        rest = rest.get(length..).unwrap_or_default();
    }
    text
}

/// A value within a JSON text: escaped, without quotes of its own.
fn inside(value: &Value) -> String {
    let text = match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let escaped = Value::String(text).to_string();
    let inner = escaped.get(1..escaped.len() - 1);
    inner.unwrap_or_default().to_owned()
}

/// Follows a path of names and indexes: `$.detail.list[0]['a b']`, and `[*]` for all items.
pub(crate) fn lookup(value: &Value, path: &str) -> Option<Value> {
    let mut rest = path.strip_prefix('$')?;
    let mut found = vec![value];
    let mut many = false;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('[') {
            let (inner, after) = after.split_once(']')?;
            rest = after;
            let name = inner.trim_matches(|mark| mark == '\'' || mark == '"');
            if inner == "*" {
                many = true;
                found = found
                    .iter()
                    .filter_map(|one| one.as_array())
                    .flatten()
                    .collect();
            } else if let Ok(at) = inner.parse::<usize>() {
                found = found.iter().filter_map(|one| one.get(at)).collect();
            } else {
                found = found.iter().filter_map(|one| one.get(name)).collect();
            }
        } else {
            let after = rest.strip_prefix('.')?;
            let end = after.find(['.', '[']).unwrap_or(after.len());
            let (name, after) = after.split_at(end);
            rest = after;
            found = found.iter().filter_map(|one| one.get(name)).collect();
        }
    }
    if many {
        return Some(json!(found));
    }
    found.first().map(|one| (*one).clone())
}
