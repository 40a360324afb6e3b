//! Reading the parameters of a call by their names. Types were checked by the codec already, so a
//! member of another type counts as absent.

use serde_json::{Map, Value};

/// Members of a call's input or of a structure in it.
pub(crate) trait Params {
    /// A member that is given.
    fn member(&self, name: &str) -> Option<&Value>;

    /// A text.
    fn text(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }

    /// A text that is not empty.
    fn filled(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|text| !text.is_empty())
    }

    /// Whether a flag is given and set.
    fn flag(&self, name: &str) -> bool {
        self.member(name).and_then(Value::as_bool) == Some(true)
    }

    /// A whole number.
    fn number(&self, name: &str) -> Option<i64> {
        self.member(name)?.as_i64()
    }

    /// The items of a list; none when it is absent.
    fn items(&self, name: &str) -> &[Value] {
        match self.member(name) {
            Some(Value::Array(items)) => items,
            _ => &[],
        }
    }

    /// The texts of a list.
    fn texts(&self, name: &str) -> Vec<String> {
        let texts = self.items(name).iter().filter_map(Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// A map or structure; `None` when it is absent.
    fn map(&self, name: &str) -> Option<&Map<String, Value>> {
        self.member(name)?.as_object()
    }
}

impl Params for Value {
    fn member(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_null())
    }
}

impl Params for Map<String, Value> {
    fn member(&self, name: &str) -> Option<&Value> {
        self.get(name).filter(|value| !value.is_null())
    }
}
