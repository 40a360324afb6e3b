//! The input of a run, checked. The same rules as in the workflow's `input.schema.json`, but every
//! fault in words, and laid over what was deployed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::wanted::{Items, Wanted};
use crate::settings::Settings;
use crate::suggest;

/// What can be said of a run, in one piece or beside it.
const RUN: [&str; 18] = [
    "command",
    "environment",
    "container",
    "image",
    "cpu",
    "memory",
    "taskRole",
    "overlap",
    "queueSeconds",
    "timeoutSeconds",
    "attempts",
    "backoffSeconds",
    "maxBackoffSeconds",
    "onFailure",
    "spot",
    "spotInterruptions",
    "array",
    "idempotencyKey",
];
/// What can be said of the start of a run.
const START: [&str; 4] = ["trigger", "message", "event", "input"];

/// Variables that the workflow sets.
const OURS: [&str; 9] = [
    "JOB_NAME",
    "JOB_EXECUTION",
    "JOB_TRIGGER",
    "JOB_ATTEMPT",
    "JOB_INDEX",
    "JOB_COUNT",
    "JOB_ITEM",
    "JOB_MESSAGE",
    "JOB_EVENT",
];

/// Classes of failures, and what follows where nobody said otherwise.
const USUAL: [(&str, Answer); 9] = [
    ("exit", Answer::Retry),
    ("outOfMemory", Answer::Fail),
    ("imagePull", Answer::Fail),
    ("start", Answer::Fail),
    ("spot", Answer::Retry),
    ("capacity", Answer::Retry),
    ("timeout", Answer::Fail),
    ("stopped", Answer::Fail),
    ("infrastructure", Answer::Retry),
];

/// The most items of an array.
pub(super) const MOST: u64 = 10_000;
const FORTNIGHT: u64 = 1_209_600;

/// What follows a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Answer {
    /// Another attempt, while there are attempts left.
    Retry,
    /// The run fails.
    Fail,
    /// The run goes on as if it had succeeded.
    Ignore,
}

/// What a run does while another one goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Overlap {
    /// Runs beside it.
    Allow,
    /// Does not run.
    Skip,
    /// Waits for its end.
    Queue,
    /// Stops it.
    Replace,
}

/// Reads an input over what was deployed; the faults are all that there are.
pub(super) fn read(settings: &Settings, input: &Value) -> (Wanted, Vec<String>) {
    let mut reader = Reader::default();
    let none = Map::new();
    let top = match one(input) {
        Value::Object(top) => top,
        other => {
            reader.fault(format!(
                "the input must be an object, but is {}",
                kind(other)
            ));
            &none
        }
    };
    let inner = match top.get("input") {
        None => &none,
        Some(Value::Object(inner)) => inner,
        Some(other) => {
            reader.fault(format!("`input` must be an object, but is {}", kind(other)));
            &none
        }
    };
    reader.unknown("", top, &[&RUN[..], &START[..]].concat());
    reader.unknown("input.", inner, &RUN);
    let layers = [(&settings.run, ""), (inner, "input."), (top, "")];
    for (layer, _) in &layers {
        for (name, value) in layer
            .iter()
            .filter(|(name, _)| RUN.contains(&name.as_str()))
        {
            reader.merged.insert(name.clone(), value.clone());
        }
    }
    reader.environment(&layers);
    reader.answers(&settings.on_failure, &layers);
    let wanted = Wanted {
        command: reader.command(inner.contains_key("command") || top.contains_key("command")),
        environment: std::mem::take(&mut reader.variables),
        container: reader.text("container", 255),
        image: reader.text("image", 1024),
        cpu: reader.number_if("cpu", 256, 16_384),
        memory: reader.number_if("memory", 512, 122_880),
        task_role: reader.role(),
        overlap: reader.overlap(),
        queue_seconds: reader.number("queueSeconds", 1, FORTNIGHT, 86_400),
        timeout_seconds: reader.number("timeoutSeconds", 1, FORTNIGHT, 86_400),
        attempts: reader.number("attempts", 1, 20, 1),
        backoff_seconds: reader.number("backoffSeconds", 1, 86_400, 10),
        max_backoff_seconds: reader.number("maxBackoffSeconds", 1, 86_400, 600),
        on_failure: std::mem::take(&mut reader.on_failure),
        spot: reader.flag("spot"),
        spot_interruptions: reader.number("spotInterruptions", 0, 20, 2),
        array: reader.array(),
        idempotency_key: reader.text("idempotencyKey", 256),
        trigger: reader.trigger(top),
        message: top.get("message").cloned(),
        event: top.get("event").cloned(),
    };
    (wanted, reader.faults)
}

#[derive(Default)]
struct Reader {
    merged: Map<String, Value>,
    variables: Vec<(String, String)>,
    on_failure: BTreeMap<String, Answer>,
    faults: Vec<String>,
}

impl Reader {
    fn fault(&mut self, fault: String) {
        self.faults.push(fault);
    }

    fn unknown(&mut self, place: &str, object: &Map<String, Value>, known: &[&str]) {
        for key in object.keys().filter(|key| !known.contains(&key.as_str())) {
            let hint = match suggest::nearest(key, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known are {}", list(known)),
            };
            self.fault(format!("`{place}{key}` is not a setting; {hint}"));
        }
    }

    fn command(&mut self, given: bool) -> Option<Vec<String>> {
        let words = match self.merged.get("command")? {
            Value::Array(words) => words.clone(),
            other => {
                let fault = format!("`command` must be a list of words, but is {}", kind(other));
                self.fault(fault);
                return None;
            }
        };
        if words.is_empty() {
            if given {
                self.fault("`command` is empty; leave it out to run the deployed one".into());
            }
            return None;
        }
        let mut texts = Vec::new();
        for (i, word) in words.iter().enumerate() {
            match word {
                Value::String(text) => texts.push(text.clone()),
                other => self.fault(format!(
                    "`command[{i}]` must be a text, but is {}",
                    kind(other)
                )),
            }
        }
        Some(texts)
    }

    fn environment(&mut self, layers: &[(&Map<String, Value>, &str)]) {
        for (layer, place) in layers {
            let variables = match layer.get("environment") {
                None => continue,
                Some(Value::Object(variables)) => variables,
                Some(other) => {
                    self.fault(format!(
                        "`{place}environment` must be an object of texts, but is {}",
                        kind(other)
                    ));
                    continue;
                }
            };
            for (name, value) in variables {
                let full = format!("`{place}environment.{name}`");
                if OURS.contains(&name.as_str()) {
                    self.fault(format!("{full} is set by the workflow"));
                } else if !is_variable(name) {
                    self.fault(format!("{full} is not the name of a variable"));
                } else if let Value::String(value) = value {
                    self.variables.retain(|(known, _)| known != name);
                    self.variables.push((name.clone(), value.clone()));
                } else {
                    self.fault(format!("{full} must be a text, but is {}", kind(value)));
                }
            }
        }
    }

    fn answers(&mut self, deployed: &str, layers: &[(&Map<String, Value>, &str)]) {
        for (class, answer) in USUAL {
            self.on_failure.insert(class.to_owned(), answer);
        }
        for pair in deployed.split(',').filter(|pair| !pair.is_empty()) {
            let (class, answer) = pair.split_once('=').unwrap_or((pair, ""));
            self.answer("OnFailure=", class, &Value::from(answer));
        }
        for (layer, place) in layers {
            match layer.get("onFailure") {
                None => {}
                Some(Value::Object(answers)) => {
                    for (class, answer) in answers {
                        self.answer(&format!("{place}onFailure."), class, answer);
                    }
                }
                Some(other) => self.fault(format!(
                    "`{place}onFailure` must be an object, but is {}",
                    kind(other)
                )),
            }
        }
    }

    fn answer(&mut self, place: &str, class: &str, answer: &Value) {
        let classes = USUAL.map(|(class, _)| class);
        let code = class.strip_prefix("exit:").map(str::parse::<u8>);
        if !classes.contains(&class) && !matches!(code, Some(Ok(_))) {
            let hint = match suggest::nearest(class, &classes) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!(
                    "there are {} and exit codes such as `exit:75`",
                    list(&classes)
                ),
            };
            return self.fault(format!("`{place}{class}` is no class of failures; {hint}"));
        }
        match serde_json::from_value(answer.clone()) {
            Ok(answer) => drop(self.on_failure.insert(class.to_owned(), answer)),
            Err(_) => self.fault(format!(
                "`{place}{class}` must be `retry`, `fail` or `ignore`, but is {answer}"
            )),
        }
    }

    fn text(&mut self, name: &str, most: usize) -> Option<String> {
        match self.merged.get(name)? {
            Value::String(text) if (1..=most).contains(&text.chars().count()) => Some(text.clone()),
            Value::String(_) => {
                self.fault(format!("`{name}` must have 1 to {most} characters"));
                None
            }
            other => {
                let fault = format!("`{name}` must be a text, but is {}", kind(other));
                self.fault(fault);
                None
            }
        }
    }

    fn role(&mut self) -> Option<String> {
        let role = self.text("taskRole", 2048)?;
        if !role.starts_with("arn:") || !role.contains(":role/") {
            self.fault(format!(
                "`taskRole` must be the ARN of a role, but is `{role}`"
            ));
        }
        Some(role)
    }

    fn number_if(&mut self, name: &str, least: u64, most: u64) -> Option<u64> {
        let value = self.merged.get(name)?;
        let number = value
            .as_u64()
            .filter(|number| (least..=most).contains(number));
        if number.is_none() {
            let fault =
                format!("`{name}` must be a whole number from {least} to {most}, but is {value}");
            self.fault(fault);
        }
        number
    }

    fn number(&mut self, name: &str, least: u64, most: u64, default: u64) -> u64 {
        self.number_if(name, least, most).unwrap_or(default)
    }

    fn flag(&mut self, name: &str) -> bool {
        match self.merged.get(name) {
            None => false,
            Some(Value::Bool(flag)) => *flag,
            Some(other) => {
                let fault = format!("`{name}` must be true or false, but is {}", kind(other));
                self.fault(fault);
                false
            }
        }
    }

    fn overlap(&mut self) -> Overlap {
        let value = self.merged.get("overlap").cloned();
        let overlap = value.clone().map(serde_json::from_value);
        match overlap {
            None => Overlap::Skip,
            Some(Ok(overlap)) => overlap,
            Some(Err(_)) => {
                self.fault(format!(
                    "`overlap` must be `allow`, `skip`, `queue` or `replace`, but is {}",
                    value.unwrap_or_default()
                ));
                Overlap::Skip
            }
        }
    }

    fn trigger(&mut self, top: &Map<String, Value>) -> Value {
        let trigger = match top.get("trigger") {
            None => return serde_json::json!({ "kind": "manual" }),
            Some(Value::Object(trigger)) => trigger,
            Some(other) => {
                self.fault(format!(
                    "`trigger` must be an object, but is {}",
                    kind(other)
                ));
                return Value::Null;
            }
        };
        self.unknown("trigger.", trigger, &["kind", "name", "at"]);
        for (name, value) in trigger.iter().filter(|(_, value)| !value.is_string()) {
            self.fault(format!(
                "`trigger.{name}` must be a text, but is {}",
                kind(value)
            ));
        }
        if !trigger.contains_key("kind") {
            self.fault("`trigger` has no `kind`".into());
        }
        Value::Object(trigger.clone())
    }

    fn array(&mut self) -> Option<super::wanted::Array> {
        let array = match self.merged.get("array")? {
            Value::Object(array) => array.clone(),
            other => {
                let fault = format!("`array` must be an object, but is {}", kind(other));
                self.fault(fault);
                return None;
            }
        };
        let known = [
            "items",
            "from",
            "to",
            "concurrency",
            "toleratedFailures",
            "failedOf",
        ];
        self.unknown("array.", &array, &known);
        let outer = std::mem::replace(&mut self.merged, array);
        let (concurrency, tolerated) = (
            self.number("concurrency", 1, 1000, 10),
            self.number("toleratedFailures", 0, MOST, 0),
        );
        let items = self.items();
        self.merged = outer;
        Some(super::wanted::Array {
            items: items?,
            concurrency,
            tolerated,
        })
    }

    /// What `array` says of its items; exactly one of three ways.
    fn items(&mut self) -> Option<Items> {
        let has = |name: &str| self.merged.contains_key(name);
        let ways = [has("items"), has("from") || has("to"), has("failedOf")];
        if ways.iter().filter(|way| **way).count() != 1 {
            self.fault("`array` needs either `items`, or `from` and `to`, or `failedOf`".into());
            return None;
        }
        if has("failedOf") {
            return self.text("failedOf", 80).map(Items::FailedOf);
        }
        if has("items") {
            return match self.merged.get("items") {
                Some(Value::Array(items)) if (1..=MOST).contains(&(items.len() as u64)) => {
                    Some(Items::Given(items.clone()))
                }
                _ => {
                    self.fault(format!("`array.items` must be a list of 1 to {MOST} items"));
                    None
                }
            };
        }
        let (from, to) = (
            self.number_if("from", 0, 1_000_000_000),
            self.number_if("to", 0, 1_000_000_000),
        );
        if !self.merged.contains_key("from") || !self.merged.contains_key("to") {
            self.fault("`array` needs both `from` and `to`".into());
        }
        let (from, to) = (from?, to?);
        if to < from || to - from >= MOST {
            self.fault(format!(
                "`array` goes from {from} to {to}; it must be 1 to {MOST} indexes, upwards"
            ));
            return None;
        }
        Some(Items::Range(from, to))
    }
}

/// Pipes hand over a list, of one message here.
pub(crate) fn one(input: &Value) -> &Value {
    match input.as_array().map(Vec::as_slice) {
        Some([only]) => only,
        _ => input,
    }
}

fn is_variable(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes
        .next()
        .is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_')
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn list(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}
