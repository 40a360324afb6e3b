//! Checks JSON text that callers send, with the faults worded as AWS's own parser words them.

use serde::de::IgnoredAny;
use serde_json::error::Category;

/// Checks a text without building it, or says what is wrong with it.
pub(super) fn check(text: &str) -> Result<(), String> {
    serde_json::from_str::<IgnoredAny>(text)
        .map(drop)
        .map_err(|error| fault(text, &error))
}

fn fault(text: &str, error: &serde_json::Error) -> String {
    if error.classify() == Category::Eof {
        return "Unexpected end-of-input within/between JSON entries".to_owned();
    }
    let lines = text.split('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(|line| line.len() + 1)
        .sum();
    let mut at = (before + error.column().saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    let wordy = |c: &char| c.is_alphanumeric() || *c == '_' || *c == '$';
    let (head, tail) = text.split_at(at);
    let word: String = {
        let back: String = head.chars().rev().take_while(wordy).collect();
        back.chars()
            .rev()
            .chain(tail.chars().take_while(wordy))
            .collect()
    };
    let character = tail.chars().next().unwrap_or(' ');
    if error.to_string().starts_with("key must be a string") {
        return format!(
            "Unexpected character ('{character}' (code {})): was expecting double-quote to start \
             field name",
            u32::from(character)
        );
    }
    if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) {
        return format!(
            "Unexpected character ('{character}' (code {})): expected a valid value (JSON String, \
             Number, Array, Object or token 'null', 'true' or 'false')",
            u32::from(character)
        );
    }
    format!(
        "Unrecognized token '{word}': was expecting (JSON String, Number, Array, Object or token \
         'null', 'true' or 'false')"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_worded_as_recorded() {
        for (text, message) in [
            (
                "not some json",
                "Unrecognized token 'not': was expecting (JSON String, Number, Array, Object or \
                 token 'null', 'true' or 'false')",
            ),
            (
                "{'not': 'json'",
                "Unexpected character (''' (code 39)): was expecting double-quote to start field \
                 name",
            ),
        ] {
            assert_eq!(check(text).unwrap_err(), message);
        }
        assert!(check("{\"a\": [1, 2.0, null]} ").is_ok());
        assert!(
            check("{\"a\": ")
                .unwrap_err()
                .starts_with("Unexpected end-of-input")
        );
        assert!(check("ä").is_err());
    }
}
