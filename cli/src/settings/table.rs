//! Takes the members of a TOML table one by one, and notes what is wrong with each and what is left
//! over.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::stack;
use crate::ui::suggest;

/// A table that is being read.
pub(super) struct Reader<'a> {
    /// Path of the table, ending in a dot; empty for the file itself.
    at: String,
    table: Table,
    asked: Vec<&'static str>,
    faults: &'a mut Vec<String>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(at: &str, table: Table, faults: &'a mut Vec<String>) -> Self {
        Self {
            at: at.to_owned(),
            table,
            asked: Vec::new(),
            faults,
        }
    }

    fn take(&mut self, key: &'static str) -> Option<Value> {
        self.asked.push(key);
        self.table.remove(key)
    }

    fn fault(&mut self, key: &str, wanted: &str) {
        let fault = format!("`{}{key}` is {wanted}", self.at);
        self.faults.push(fault);
    }

    /// A text that is not empty.
    pub(super) fn text(&mut self, key: &'static str) -> Option<String> {
        self.text_that(key, "a text that is not empty", |text| !text.is_empty())
    }

    /// A name that can be part of a stack's.
    pub(super) fn name(&mut self, key: &'static str) -> Option<String> {
        let wanted = "letters, digits and hyphens, at most 100, beginning with a letter or digit";
        self.text_that(key, wanted, |text| stack::check_name(text).is_ok())
    }

    /// A path below the directory.
    pub(super) fn path(&mut self, key: &'static str) -> Option<String> {
        let wanted = "a relative path of a file";
        self.text_that(key, wanted, |text| {
            !text.is_empty() && !text.starts_with('/')
        })
    }

    /// A JSON pointer that names something within a value.
    pub(super) fn pointer(&mut self, key: &'static str) -> Option<String> {
        self.text_that(key, "a JSON pointer such as `/drifted`", is_pointer)
    }

    fn text_that(
        &mut self,
        key: &'static str,
        wanted: &str,
        fits: impl Fn(&str) -> bool,
    ) -> Option<String> {
        match self.take(key)? {
            Value::String(text) if fits(&text) => Some(text),
            _ => {
                self.fault(key, wanted);
                None
            }
        }
    }

    /// A list of JSON pointers.
    pub(super) fn pointers(&mut self, key: &'static str) -> Vec<String> {
        let Some(value) = self.take(key) else {
            return Vec::new();
        };
        let pointers = value.as_array().and_then(|values| {
            let texts = values.iter().map(Value::as_str);
            let texts = texts.map(|text| text.filter(|text| is_pointer(text)).map(str::to_owned));
            texts.collect::<Option<Vec<_>>>()
        });
        pointers.unwrap_or_else(|| {
            self.fault(key, "a list of JSON pointers such as `/failed`");
            Vec::new()
        })
    }

    /// Values of parameters. A list is one value, with commas, as CloudFormation takes lists.
    pub(super) fn values(&mut self, key: &'static str) -> BTreeMap<String, String> {
        self.map(
            key,
            "a text, number, boolean or list of them",
            |_, value| parameter(value),
        )
    }

    /// Tags: texts, by names that neither AWS nor this program keeps for itself.
    pub(super) fn tags(&mut self, key: &'static str) -> BTreeMap<String, String> {
        let wanted = "a text, and its name begins neither with `aws:` nor with `footwork:`";
        self.map(key, wanted, |name, value| {
            let own = ["aws:", "footwork:"];
            let taken = own.iter().any(|prefix| name.starts_with(prefix));
            let text = value.as_str().filter(|_| !taken && !name.is_empty());
            text.map(str::to_owned)
        })
    }

    fn map(
        &mut self,
        key: &'static str,
        wanted: &str,
        read: impl Fn(&str, &Value) -> Option<String>,
    ) -> BTreeMap<String, String> {
        let mut map = BTreeMap::new();
        for (name, value) in self.table(key) {
            match read(&name, &value) {
                Some(text) => {
                    map.insert(name, text);
                }
                None => self.fault(&format!("{key}.{name}"), wanted),
            }
        }
        map
    }

    /// Tables by names of their own.
    pub(super) fn tables<T>(
        &mut self,
        key: &'static str,
        read: impl Fn(Reader<'_>) -> T,
    ) -> BTreeMap<String, T> {
        let mut tables = BTreeMap::new();
        for (name, value) in self.table(key) {
            if let Value::Table(table) = value {
                let at = format!("{}{key}.{name}.", self.at);
                tables.insert(name, read(Reader::new(&at, table, self.faults)));
            } else {
                self.fault(&format!("{key}.{name}"), "a table");
            }
        }
        tables
    }

    fn table(&mut self, key: &'static str) -> Table {
        match self.take(key) {
            None => Table::new(),
            Some(Value::Table(table)) => table,
            Some(_) => {
                self.fault(key, "a table");
                Table::new()
            }
        }
    }

    /// What nobody asked for is not known.
    pub(super) fn end(self) {
        for key in self.table.keys() {
            let near = suggest(key, self.asked.iter().copied());
            let near = near.map(|near| format!("; did you mean `{near}`?"));
            let near = near.unwrap_or_default();
            self.faults
                .push(format!("`{}{key}` is not known{near}", self.at));
        }
    }
}

fn is_pointer(text: &str) -> bool {
    text.starts_with('/')
}

fn parameter(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) if number.is_finite() => Some(number.to_string()),
        Value::Boolean(flag) => Some(flag.to_string()),
        Value::Array(values) => {
            let scalars = values.iter().map(|value| match value {
                Value::Array(_) => None,
                scalar => parameter(scalar),
            });
            Some(scalars.collect::<Option<Vec<_>>>()?.join(","))
        }
        _ => None,
    }
}
