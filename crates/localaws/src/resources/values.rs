//! Small changes of form between properties and API parameters.

use serde_json::{Map, Value, json};

/// The text of a member, empty where there is none.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The items of a list member.
pub(super) fn items<'a>(value: &'a Value, name: &str) -> &'a [Value] {
    let list = value.get(name).and_then(Value::as_array);
    list.map_or(&[], Vec::as_slice)
}

/// The texts of a list member.
pub(super) fn texts(value: &Value, name: &str) -> Vec<String> {
    let items = items(value, name).iter();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

/// The members of these names that are there.
pub(super) fn pick(value: &Value, names: &[&str]) -> Value {
    let found = names
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), value.get(*name)?.clone())));
    Value::Object(found.collect())
}

/// Like [`pick`], under other names: pairs of from and to.
pub(super) fn rename(value: &Value, names: &[(&str, &str)]) -> Value {
    let found = names
        .iter()
        .filter_map(|(from, to)| Some(((*to).to_owned(), value.get(*from)?.clone())));
    Value::Object(found.collect())
}

/// Sets a member.
pub(super) fn set(target: &mut Value, name: &str, value: impl Into<Value>) {
    if let Value::Object(members) = target {
        members.insert(name.to_owned(), value.into());
    }
}

/// Sets a member where there is a value for it.
pub(super) fn set_some(target: &mut Value, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        set(target, name, value);
    }
}

/// Adds the members of another object.
pub(super) fn extend(target: &mut Value, more: Value) {
    if let (Value::Object(target), Value::Object(more)) = (target, more) {
        target.extend(more);
    }
}

/// Whether a member differs.
pub(super) fn differs(before: &Value, after: &Value, name: &str) -> bool {
    before.get(name) != after.get(name)
}

/// Whether any of these members differs.
pub(super) fn any_differs(before: &Value, after: &Value, names: &[&str]) -> bool {
    names.iter().any(|name| differs(before, after, name))
}

/// A document as the text that APIs take: objects as JSON, text as it is.
pub(super) fn document(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A document from the text that APIs give, which IAM percent-encodes.
pub(super) fn parsed(text: &str) -> Value {
    serde_json::from_str(text)
        .or_else(|_| serde_json::from_str(&percent_decoded(text)))
        .unwrap_or_else(|_| json!(text))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let code = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let code = code.and_then(|two| u8::from_str_radix(two, 16).ok());
        match (first, code) {
            (b'%', Some(byte)) => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Tags as a map, from a list of `Key` and `Value`.
pub(super) fn tag_map(tags: &[Value]) -> Value {
    let tags = tags
        .iter()
        .map(|tag| (text(tag, "Key").to_owned(), json!(text(tag, "Value"))));
    Value::Object(tags.collect())
}

/// Tags as a list of `Key` and `Value`, from a map.
pub(super) fn tag_list(tags: Option<&Value>) -> Value {
    let tags = tags.and_then(Value::as_object).into_iter().flatten();
    tags.map(|(key, value)| json!({ "Key": key, "Value": value }))
        .collect()
}

/// A list of objects with members under other names, as tags are in some APIs.
pub(super) fn rename_each(list: &[Value], names: &[(&str, &str)]) -> Value {
    list.iter().map(|one| rename(one, names)).collect()
}

/// What must be done to tags.
#[derive(Debug, Default)]
pub(super) struct TagChanges {
    /// Tags to set, as `Key` and `Value`.
    pub(super) set: Vec<Value>,
    /// Keys to remove.
    pub(super) unset: Vec<String>,
}

/// What must be done to come from the tags before to those after.
pub(super) fn tag_changes(before: &Value, after: &Value) -> TagChanges {
    let (before, after) = (items(before, "Tags"), items(after, "Tags"));
    let gone = before
        .iter()
        .map(|tag| text(tag, "Key"))
        .filter(|key| !after.iter().any(|tag| text(tag, "Key") == *key));
    TagChanges {
        set: after
            .iter()
            .filter(|tag| !before.contains(tag))
            .cloned()
            .collect(),
        unset: gone.map(str::to_owned).collect(),
    }
}

/// What is only in the first list.
pub(super) fn only_in(list: &[Value], other: &[Value]) -> Vec<Value> {
    let only = list.iter().filter(|one| !other.contains(one));
    only.cloned().collect()
}

/// The same value with the first letter of every name small: Step Functions' API has other
/// casing than its resource types.
pub(super) fn camel(value: &Value) -> Value {
    recase(value, &|first| first.to_ascii_lowercase())
}

/// The reverse of [`camel`].
pub(super) fn pascal(value: &Value) -> Value {
    recase(value, &|first| first.to_ascii_uppercase())
}

fn recase(value: &Value, change: &dyn Fn(char) -> char) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, one)| {
                let mut letters = name.chars();
                let first: String = letters.next().map(change).into_iter().collect();
                (first + letters.as_str(), recase(one, change))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|one| recase(one, change)).collect(),
        other => other.clone(),
    }
}

/// The same value with other names, at any depth: pairs of from and to.
pub(super) fn translate(value: &Value, names: &[(&str, &str)]) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, one)| {
                let other = names.iter().find(|(from, _)| from == name);
                (
                    other.map_or(name.as_str(), |(_, to)| to).to_owned(),
                    translate(one, names),
                )
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items.iter().map(|one| translate(one, names)).collect(),
        other => other.clone(),
    }
}

/// Takes out what the service filled in inside of a declared property and the template left open:
/// it was not added behind the template's back. Pairs of path and the value that is filled in,
/// null for any.
pub(super) fn drop_filled_in(live: &mut Value, declared: &Value, filled: &[(&str, Value)]) {
    for (path, value) in filled {
        let Some((above, name)) = path.rsplit_once('/') else {
            continue;
        };
        let top = above.split('/').nth(1).unwrap_or_default();
        if declared.get(top).is_none() || declared.pointer(path).is_some() {
            continue;
        }
        let same = value.is_null() || live.pointer(path) == Some(value);
        if let (true, Some(Value::Object(members))) = (same, live.pointer_mut(above)) {
            members.shift_remove(name);
        }
    }
}

/// Takes out members that say nothing: null, empty text, empty list, empty object.
pub(super) fn without_empty(value: Value) -> Value {
    let Value::Object(members) = value else {
        return value;
    };
    let said = members.into_iter().filter(|(_, one)| match one {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => true,
    });
    Value::Object(said.collect::<Map<_, _>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_in_two_forms() {
        assert_eq!(parsed("%7B%22a%22%3A%20%22b%25%22%7D"), json!({"a": "b%"}));
        assert_eq!(parsed(r#"{"a": "%7B"}"#), json!({"a": "%7B"}));
    }

    #[test]
    fn tags_change_as_little_as_possible() {
        let tag = |key: &str, value: &str| json!({"Key": key, "Value": value});
        let before = json!({"Tags": [tag("a", "1"), tag("b", "1"), tag("c", "1")]});
        let after = json!({"Tags": [tag("a", "1"), tag("b", "2"), tag("d", "1")]});
        let changes = tag_changes(&before, &after);
        assert_eq!(changes.set, [tag("b", "2"), tag("d", "1")]);
        assert_eq!(changes.unset, ["c"]);
    }
}
