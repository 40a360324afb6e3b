//! A JSON value that keeps its text: shared between states, events and scopes, never copied.

use std::fmt;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

/// JSON as text, as value, or both; whichever is missing is made when first asked for.
///
/// Step Functions hands the text that a caller wrote from state to state until one of them
/// rewrites it (`[1, 2]` keeps its space), so the text is part of the value here.
#[derive(Clone)]
pub struct Data(Arc<Inner>);

struct Inner {
    text: OnceLock<Arc<str>>,
    value: OnceLock<Box<Value>>,
    /// The same data with its text alone.
    slim: OnceLock<Data>,
}

impl Data {
    /// Takes over a value; its text will be compact.
    #[must_use]
    pub fn new(value: Value) -> Self {
        let data = Self::empty();
        let _ = data.0.value.set(Box::new(value));
        data
    }

    fn empty() -> Self {
        Self(Arc::new(Inner {
            text: OnceLock::new(),
            value: OnceLock::new(),
            slim: OnceLock::new(),
        }))
    }

    /// The same data without its value, for those who keep it long: a history holds texts only.
    #[must_use]
    pub(crate) fn slim(&self) -> Self {
        let slim = self.0.slim.get_or_init(|| {
            let slim = Self::empty();
            let _ = slim.0.text.set(Arc::clone(self.text()));
            slim
        });
        slim.clone()
    }

    /// Parses a text and keeps it.
    ///
    /// # Errors
    /// When the text is not JSON, or nests deeper than 128 levels.
    pub fn from_text(text: &str) -> Result<Self, serde_json::Error> {
        let data = Self::new(serde_json::from_str(text)?);
        let _ = data.0.text.set(Arc::from(text));
        Ok(data)
    }

    /// A list of values; their texts are kept.
    #[must_use]
    pub(crate) fn list(items: &[Data]) -> Self {
        let texts: Vec<&str> = items.iter().map(|item| item.text().as_ref()).collect();
        let data = Self::new(items.iter().map(|item| item.value().clone()).collect());
        let _ = data.0.text.set(Arc::from(format!("[{}]", texts.join(","))));
        data
    }

    /// The same value with no more space in its text than needed.
    #[must_use]
    pub(crate) fn compact(&self) -> Self {
        let text = self.value().to_string();
        if text == **self.text() {
            return self.clone();
        }
        Self::new(self.value().clone())
    }

    /// Whether both are one value, not merely equal.
    #[must_use]
    pub(crate) fn is_same(&self, other: &Data) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The value.
    #[must_use]
    pub fn value(&self) -> &Value {
        // One of the two is always set; a text was checked when it was taken.
        self.0.value.get_or_init(|| {
            self.0
                .text
                .get()
                .and_then(|text| serde_json::from_str(text).ok())
                .unwrap_or_default()
        })
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &Arc<str> {
        self.0.text.get_or_init(|| {
            let value = self.0.value.get().map_or(&Value::Null, AsRef::as_ref);
            Arc::from(value.to_string())
        })
    }
}

impl fmt::Debug for Data {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

impl PartialEq for Data {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self::new(value)
    }
}
