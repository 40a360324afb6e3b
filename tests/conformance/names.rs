//! Names that the recorder made up and those that came out here, in both directions.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

/// Accounts of the recordings and of the embedded AWS, as they stand in ARNs.
const ACCOUNTS: (&str, &str) = (":111111111111:", ":000000000000:");

static TOKEN: LazyLock<Regex> = LazyLock::new(|| Regex::new("<[^<>\\s\"]{1,80}>").unwrap());

/// Pairs of a recorded name and the one that stands for it here.
pub(crate) struct Names {
    pairs: Vec<(String, String)>,
    /// Recorded names by placeholder.
    placeholders: Vec<(String, String)>,
}

impl Names {
    pub(crate) fn of(vector: &Value) -> Self {
        let rules = vector["normalisation"]["substitutions"].as_array();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let rules = rules.into_iter().flatten();
        Self {
            pairs: Vec::new(),
            placeholders: rules.map(|rule| (text(&rule[1]), text(&rule[0]))).collect(),
        }
    }

    /// A request as it is sent here.
    pub(crate) fn sent(&self, request: &Value) -> Value {
        let mut text = request.to_string().replace(ACCOUNTS.0, ACCOUNTS.1);
        for (recorded, actual) in &self.pairs {
            text = text.replace(recorded, actual);
        }
        serde_json::from_str(&text).unwrap()
    }

    /// An answer as it would have been recorded.
    pub(crate) fn received(&self, answer: &Value) -> Value {
        let mut text = answer.to_string();
        for (recorded, actual) in &self.pairs {
            text = text.replace(actual, recorded);
        }
        serde_json::from_str(&text.replace(ACCOUNTS.1, ACCOUNTS.0)).unwrap()
    }

    fn add(&mut self, recorded: &str, actual: &str) {
        let known = self.pairs.iter().any(|(name, _)| name == recorded);
        if recorded != actual && !known {
            self.pairs.push((recorded.to_owned(), actual.to_owned()));
        }
    }

    /// Learns names where a recorded answer has placeholders.
    pub(crate) fn learn(&mut self, expected: &Value, answer: &Value) {
        match (expected, answer) {
            (Value::Object(expected), Value::Object(answer)) => {
                for (member, expected) in expected {
                    if let Some(answer) = answer.get(member) {
                        self.learn(expected, answer);
                    }
                }
            }
            (Value::Array(expected), Value::Array(answer)) => {
                for (expected, answer) in expected.iter().zip(answer) {
                    self.learn(expected, answer);
                }
            }
            (Value::String(expected), Value::String(answer)) => self.learn_text(expected, answer),
            _ => {}
        }
    }

    fn learn_text(&mut self, expected: &str, answer: &str) {
        if !answer.starts_with("arn:") {
            return;
        }
        let answer = answer.replace(ACCOUNTS.1, ACCOUNTS.0);
        let tokens: Vec<&str> = TOKEN
            .find_iter(expected)
            .map(|token| token.as_str())
            .collect();
        let parts: Vec<String> = TOKEN.split(expected).map(regex::escape).collect();
        let pattern = Regex::new(&format!("^{}$", parts.join("([^:/]+)"))).unwrap();
        let Some(found) = pattern.captures(&answer) else {
            return;
        };
        for (token, found) in tokens.iter().zip(found.iter().skip(1).flatten()) {
            let named = self.placeholders.iter().find(|(name, _)| name == token);
            if let Some((_, recorded)) = named.cloned() {
                self.add(&recorded, found.as_str());
            }
        }
    }

    /// Learns the names of an execution whose start was not recorded: the recorder numbered them,
    /// and listed them in that order.
    pub(crate) fn learn_execution(&mut self, arn: &str) {
        let standard = arn.split(':').nth(5) == Some("execution");
        for name in arn.split(':').skip(7) {
            let unknown = |(placeholder, recorded): &&(String, String)| {
                let kind = placeholder.contains("ExecArn");
                let short = recorded.len() == 36;
                let taken = self
                    .pairs
                    .iter()
                    .any(|(name, actual)| name == recorded || actual == name);
                kind && short && !taken && standard == placeholder.starts_with("<ExecArn")
            };
            let known = self.pairs.iter().any(|(_, actual)| actual == name);
            if known {
                continue;
            }
            if let Some((_, recorded)) = self.placeholders.iter().find(unknown).cloned() {
                self.add(&recorded, name);
            }
        }
    }

    /// A text of an answer with what its placeholders stand for.
    pub(crate) fn behind(&self, text: &str) -> String {
        let rules = self.placeholders.iter();
        rules.fold(text.to_owned(), |text, (placeholder, recorded)| {
            text.replace(placeholder, recorded)
        })
    }

    /// Learns that one name stands for another.
    pub(crate) fn pair(&mut self, recorded: &str, actual: &str) {
        self.add(recorded, actual);
    }
}
