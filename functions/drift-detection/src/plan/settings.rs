//! The input of a run, checked. The same rules as in the workflow's `input.schema.json`, but every fault in words.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::glob::Glob;
use super::suggest;
use crate::Error;

/// The statuses in which CloudFormation detects drift.
pub(super) const CHECKABLE: [&str; 6] = [
    "CREATE_COMPLETE",
    "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_FAILED",
    "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_COMPLETE",
];

const KEYS: [&str; 8] = [
    "include",
    "exclude",
    "tags",
    "statuses",
    "skipCheckedWithinHours",
    "maxConcurrency",
    "stackTimeoutMinutes",
    "notify",
];

/// When the topic gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Notify {
    /// After every run.
    Always,
    /// After a run that found drift or could not check a stack.
    Findings,
    /// Not at all.
    Never,
}

/// What a run looks at and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settings {
    pub(super) include: Vec<Glob>,
    pub(super) exclude: Vec<Glob>,
    pub(super) tags: Vec<(String, Glob)>,
    pub(super) statuses: Vec<String>,
    pub(super) skip_checked_within_hours: u32,
    pub(super) max_concurrency: u32,
    pub(super) stack_timeout_minutes: u32,
    pub(super) notify: Notify,
}

impl Settings {
    /// Reads an input, or lists all its faults.
    pub(super) fn read(input: &Value) -> Result<Self, Error> {
        let Value::Object(object) = input else {
            return Err(Error::InvalidInput(vec![format!(
                "the input must be an object, but is {}",
                kind(input)
            )]));
        };
        let mut reader = Reader {
            object,
            faults: Vec::new(),
        };
        reader.unknown_keys();
        let settings = Self {
            include: reader.patterns("include", &["*"]),
            exclude: reader.patterns("exclude", &[]),
            tags: reader.tags(),
            statuses: reader.statuses(),
            skip_checked_within_hours: reader.number("skipCheckedWithinHours", 0, 8760, 0),
            max_concurrency: reader.number("maxConcurrency", 1, 100, 5),
            stack_timeout_minutes: reader.number("stackTimeoutMinutes", 1, 720, 30),
            notify: reader.notify(),
        };
        if reader.faults.is_empty() {
            Ok(settings)
        } else {
            Err(Error::InvalidInput(reader.faults))
        }
    }
}

struct Reader<'a> {
    object: &'a Map<String, Value>,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn unknown_keys(&mut self) {
        for key in self
            .object
            .keys()
            .filter(|key| !KEYS.contains(&key.as_str()))
        {
            let hint = match suggest::nearest(key, &KEYS) {
                Some(known) => format!("did you mean `{known}`?"),
                None => format!("known are {}", list(&KEYS)),
            };
            self.faults
                .push(format!("`{key}` is not a setting; {hint}"));
        }
    }

    fn patterns(&mut self, key: &str, default: &[&str]) -> Vec<Glob> {
        let texts = match self.object.get(key) {
            None => default.iter().map(|text| (*text).to_owned()).collect(),
            Some(value) => self.texts(key, value),
        };
        if key == "include"
            && texts.is_empty()
            && self
                .object
                .get(key)
                .is_some_and(|v| v == &Value::Array(vec![]))
        {
            self.faults.push(
                "`include` is empty, so no stack would be checked; leave it out to check all"
                    .into(),
            );
        }
        let mut globs = Vec::new();
        for (i, text) in texts.iter().enumerate() {
            match Glob::for_stack_name(text) {
                Ok(glob) => globs.push(glob),
                Err(fault) => self.faults.push(format!("`{key}[{i}]`: {fault}")),
            }
        }
        globs
    }

    fn texts(&mut self, key: &str, value: &Value) -> Vec<String> {
        let Value::Array(items) = value else {
            self.faults.push(format!(
                "`{key}` must be a list of texts, but is {}",
                kind(value)
            ));
            return Vec::new();
        };
        let mut texts = Vec::new();
        for (i, item) in items.iter().enumerate() {
            match item {
                Value::String(text) => texts.push(text.clone()),
                other => self.faults.push(format!(
                    "`{key}[{i}]` must be a text, but is {}",
                    kind(other)
                )),
            }
        }
        texts
    }

    fn tags(&mut self) -> Vec<(String, Glob)> {
        let tags = match self.object.get("tags") {
            None => return Vec::new(),
            Some(Value::Object(tags)) => tags,
            Some(other) => {
                let fault = format!(
                    "`tags` must be an object of tag and value pattern, but is {}",
                    kind(other)
                );
                self.faults.push(fault);
                return Vec::new();
            }
        };
        let mut globs = Vec::new();
        for (tag, value) in tags {
            match value {
                Value::String(pattern) => globs.push((tag.clone(), Glob::for_text(pattern))),
                other => self.faults.push(format!(
                    "`tags.{tag}` must be a text, but is {}",
                    kind(other)
                )),
            }
        }
        globs
    }

    fn statuses(&mut self) -> Vec<String> {
        let Some(value) = self.object.get("statuses") else {
            return CHECKABLE.map(str::to_owned).to_vec();
        };
        let statuses = self.texts("statuses", value);
        for (i, status) in statuses
            .iter()
            .enumerate()
            .filter(|(_, s)| !CHECKABLE.contains(&s.as_str()))
        {
            let known = list(&CHECKABLE);
            self.faults.push(format!(
                "`statuses[{i}]`: drift is detected only in {known}, not in `{status}`"
            ));
        }
        if value.as_array().is_some_and(Vec::is_empty) {
            self.faults.push(
                "`statuses` is empty, so no stack would be checked; leave it out to check all"
                    .into(),
            );
        }
        statuses
    }

    fn number(&mut self, key: &str, min: u32, max: u32, default: u32) -> u32 {
        let Some(value) = self.object.get(key) else {
            return default;
        };
        // JSONata writes 5.0 as 5 and a person might not: what counts is that it is whole.
        let whole = value
            .as_f64()
            .filter(|n| n.fract() == 0.0 && *n >= f64::from(min) && *n <= f64::from(max));
        match whole {
            Some(n) => n as u32,
            None => {
                let is = if value.is_number() {
                    value.to_string()
                } else {
                    kind(value).to_owned()
                };
                self.faults.push(format!(
                    "`{key}` must be a whole number from {min} to {max}, but is {is}"
                ));
                default
            }
        }
    }

    fn notify(&mut self) -> Notify {
        let value = match self.object.get("notify") {
            None => return Notify::Findings,
            Some(value) => value,
        };
        Notify::deserialize(value).unwrap_or_else(|_| {
            let fault = format!("`notify` must be `always`, `findings` or `never`, but is {value}");
            self.faults.push(fault);
            Notify::Findings
        })
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn list(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn faults(input: Value) -> Vec<String> {
        match Settings::read(&input) {
            Err(Error::InvalidInput(faults)) => faults,
            other => panic!("{input} gave {other:?}"),
        }
    }

    #[test]
    fn an_empty_object_checks_everything() {
        let settings = Settings::read(&json!({})).unwrap();
        assert!(settings.include.iter().any(|glob| glob.matches("anything")));
        assert_eq!(
            (settings.max_concurrency, settings.stack_timeout_minutes),
            (5, 30)
        );
        assert_eq!(
            (settings.skip_checked_within_hours, settings.notify),
            (0, Notify::Findings)
        );
    }

    #[test]
    fn each_fault_has_its_sentence() {
        for (input, expected) in [
            (json!("all"), "the input must be an object, but is a text"),
            (
                json!({"maxConcurrency": -1}),
                "`maxConcurrency` must be a whole number from 1 to 100, but is -1",
            ),
            (
                json!({"maxConcurrency": "5"}),
                "`maxConcurrency` must be a whole number from 1 to 100, but is a text",
            ),
            (
                json!({"stackTimeoutMinutes": 1.5}),
                "`stackTimeoutMinutes` must be a whole number from 1 to 720, but is 1.5",
            ),
            (
                json!({"maxConcurency": 3}),
                "`maxConcurency` is not a setting; did you mean `maxConcurrency`?",
            ),
            (
                json!({"Include": ["*"]}),
                "`Include` is not a setting; did you mean `include`?",
            ),
            (
                json!({"include": "prod-*"}),
                "`include` must be a list of texts, but is a text",
            ),
            (
                json!({"exclude": ["a", 1]}),
                "`exclude[1]` must be a text, but is a number",
            ),
            (
                json!({"tags": ["env"]}),
                "`tags` must be an object of tag and value pattern, but is a list",
            ),
            (
                json!({"tags": {"env": true}}),
                "`tags.env` must be a text, but is a boolean",
            ),
            (
                json!({"notify": "often"}),
                "`notify` must be `always`, `findings` or `never`, but is \"often\"",
            ),
            (
                json!({"include": []}),
                "`include` is empty, so no stack would be checked; leave it out to check all",
            ),
            (
                json!({"statuses": []}),
                "`statuses` is empty, so no stack would be checked; leave it out to check all",
            ),
        ] {
            assert_eq!(faults(input), [expected]);
        }
        assert!(
            faults(json!({"colour": 1}))[0]
                .starts_with("`colour` is not a setting; known are `include`, ")
        );
        assert!(
            faults(json!({"include": ["prod-["]}))[0]
                .starts_with("`include[0]`: the pattern `prod-[` holds `[`")
        );
        assert!(
            faults(json!({"statuses": ["DELETE_FAILED"]}))[0].ends_with("not in `DELETE_FAILED`")
        );
    }

    #[test]
    fn all_faults_come_at_once() {
        let faults =
            faults(json!({"maxConcurrency": -1, "include": ["a_b"], "color": 1, "notify": 2}));
        assert_eq!(faults.len(), 4, "{faults:?}");
    }

    #[test]
    fn the_schema_of_the_workflow_says_the_same() {
        const WORKFLOW: &str = "../../workflows/drift-detection";
        let home = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(WORKFLOW);
        let read = |path: &std::path::Path| -> Value {
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        let schema = read(&home.join("input.schema.json"));
        let properties = schema["properties"].as_object().unwrap();
        assert_eq!(properties.keys().collect::<Vec<_>>(), KEYS);
        let known: Vec<_> = properties["statuses"]["items"]["enum"]
            .as_array()
            .unwrap()
            .iter()
            .collect();
        assert_eq!(known, CHECKABLE);
        let mut defaults = Map::new();
        for (key, property) in properties {
            defaults.insert(key.clone(), property["default"].clone());
            let (Some(min), Some(max)) =
                (property["minimum"].as_i64(), property["maximum"].as_i64())
            else {
                continue;
            };
            for (value, good) in [(min - 1, false), (min, true), (max, true), (max + 1, false)] {
                assert_eq!(
                    Settings::read(&json!({ key: value })).is_ok(),
                    good,
                    "{key}: {value}"
                );
            }
        }
        assert_eq!(
            Settings::read(&Value::Object(defaults)),
            Settings::read(&json!({}))
        );
        for example in std::fs::read_dir(home.join("examples")).unwrap() {
            Settings::read(&read(&example.unwrap().path())).unwrap();
        }
    }
}
