//! Filter patterns over text: terms, `"phrases"`, `?any`, `-not`, `%regex%`; patterns in braces
//! look into JSON and are next door. Space-delimited patterns (`[ip, user, …]`) are refused.
//!
//! Rules: "Filter pattern syntax for metric filters" in the CloudWatch Logs user guide.

use regex::Regex;

use crate::AwsError;

use super::json_pattern::{self, JsonPattern};
use super::model::invalid;
use super::space_pattern::SpacePattern;

/// A parsed filter pattern.
#[derive(Debug)]
pub(super) enum Pattern {
    /// Matches by the words in the text.
    Terms(Terms),
    /// Matches by the members of a JSON text.
    Json(JsonPattern),
    /// Matches by the fields of a text.
    Space(SpacePattern),
}

/// Which words must, may or must not occur. Case matters.
#[derive(Debug, Default)]
pub(super) struct Terms {
    all: Vec<Term>,
    any: Vec<Term>,
    none: Vec<Term>,
}

#[derive(Debug)]
enum Term {
    Text(String),
    Regex(Regex),
}

impl Term {
    fn occurs(&self, message: &str) -> bool {
        match self {
            Self::Text(text) => message.contains(text),
            Self::Regex(regex) => regex.is_match(message),
        }
    }
}

impl Pattern {
    pub(super) fn parse(source: &str) -> Result<Self, AwsError> {
        let source = source.trim();
        if source.starts_with('{') {
            return JsonPattern::parse(source).map(Self::Json);
        }
        if source.starts_with('[') {
            return SpacePattern::parse(source).map(Self::Space);
        }
        Terms::parse(source).map(Self::Terms)
    }

    pub(super) fn matches(&self, message: &str) -> bool {
        match self {
            Self::Terms(terms) => terms.match_text(message),
            Self::Json(json) => json.matches(message),
            Self::Space(space) => space.matches(message),
        }
    }

    /// What `$.member` or `$field` stands for in a message.
    pub(super) fn selected(&self, message: &str, selector: &str) -> Option<String> {
        match self {
            Self::Terms(_) => None,
            Self::Json(_) => json_pattern::selected(message, selector),
            Self::Space(space) => {
                let fields = space.fields(message)?;
                let field = fields.get(selector.strip_prefix('$')?)?;
                field.as_str().map(str::to_owned)
            }
        }
    }
}

impl Terms {
    fn parse(source: &str) -> Result<Self, AwsError> {
        let mut terms = Self::default();
        let mut rest = source;
        while let Some(first) = rest.chars().next() {
            if first.is_whitespace() {
                rest = rest.trim_start();
                continue;
            }
            let (kind, after_sign) = match first {
                '?' | '-' if rest.len() > 1 => (first, &rest[1..]),
                _ => ('+', rest),
            };
            let (term, after) = term(after_sign)?;
            rest = after;
            match kind {
                '?' => terms.any.push(term),
                '-' => terms.none.push(term),
                _ => terms.all.push(term),
            }
        }
        Ok(terms)
    }

    fn match_text(&self, message: &str) -> bool {
        // AWS leaves `?` terms out of account when there are others.
        let alone = self.all.is_empty() && self.none.is_empty();
        self.all.iter().all(|term| term.occurs(message))
            && !self.none.iter().any(|term| term.occurs(message))
            && (!alone || self.any.is_empty() || self.any.iter().any(|term| term.occurs(message)))
    }
}

/// The term at the beginning of a text, and what follows it.
fn term(source: &str) -> Result<(Term, &str), AwsError> {
    for (quote, what) in [('"', "quoted term"), ('%', "regular expression")] {
        if let Some(inner) = source.strip_prefix(quote) {
            let Some(end) = inner.find(quote) else {
                return Err(invalid(format!("Invalid filter pattern: unclosed {what}")));
            };
            let (text, after) = (&inner[..end], &inner[end + 1..]);
            let term = match quote {
                '%' => Term::Regex(Regex::new(text).map_err(|error| {
                    invalid(format!(
                        "Invalid filter pattern: regular expression: {error}"
                    ))
                })?),
                _ => Term::Text(text.to_owned()),
            };
            return Ok((term, after));
        }
    }
    let end = source.find(char::is_whitespace).unwrap_or(source.len());
    Ok((Term::Text(source[..end].to_owned()), &source[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_documented() {
        let text = "[ERROR 400] BAD REQUEST for order 7";
        let json = r#"{"level":"warn","n":12.5,"user":{"ip":"10.0.0.7"},"tags":["a","b"],"ok":true,"gone":null}"#;
        let access =
            r#"127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /a,b.gif HTTP/1.0" 404 1534"#;
        let table = [
            ("", text, true),
            ("ERROR", text, true),
            ("error", text, false),
            ("ERROR order", text, true),
            ("ERROR absent", text, false),
            (r#""BAD REQUEST""#, text, true),
            (r#""REQUEST BAD""#, text, false),
            ("?absent ?order", text, true),
            ("?absent ?missing", text, false),
            ("ERROR -order", text, false),
            ("ERROR -absent", text, true),
            ("ERROR ?absent", text, true),
            (r"%ERROR \d{3}%", text, true),
            (r"%ERROR \d{4}%", text, false),
            (r#"{ $.level = "warn" }"#, json, true),
            (r#"{ $.level = warn }"#, json, true),
            (r#"{ $.level != "warn" }"#, json, false),
            (r#"{ $.level = "w*" }"#, json, true),
            (r#"{ $.level = "x*" || $.n > 12 }"#, json, true),
            (r#"{ $.n >= 12.5 && $.n < 13 && $.n != 12 }"#, json, true),
            (
                r#"{ ($.n = 1 || $.n = 12.5) && $.user.ip = "10.0.*" }"#,
                json,
                true,
            ),
            (r#"{ $.tags[1] = "b" }"#, json, true),
            (r#"{ $.tags[*] = "a" }"#, json, true),
            (r#"{ $['user']['ip'] = "10.0.0.7" }"#, json, true),
            ("{ $.ok IS TRUE }", json, true),
            ("{ $.gone IS NULL }", json, true),
            ("{ $.level NOT EXISTS }", json, false),
            ("{ $.missing NOT EXISTS }", json, true),
            ("{ $.missing != 1 }", json, false),
            (r#"{ $.level = %^wa% }"#, json, true),
            (r#"{ $.level = "warn" }"#, text, false),
            ("[ip, id, user, time, request, status, bytes]", access, true),
            ("[ip, id, user, time, request, status]", access, false),
            ("[ip, ..., status = 4*, bytes]", access, true),
            (
                "[ip, ..., status = 4* && status != 404, bytes]",
                access,
                false,
            ),
            (
                "[..., status = 404 || status = 410, bytes > 1000]",
                access,
                true,
            ),
            ("[..., bytes < 1000]", access, false),
            (
                r#"[ip, id, user, time, request = "GET /a,b*", ...]"#,
                access,
                true,
            ),
            (r"[ip = %^127\.0%, ...]", access, true),
        ];
        for (pattern, message, expected) in table {
            let parsed = Pattern::parse(pattern).unwrap();
            assert_eq!(parsed.matches(message), expected, "{pattern} on {message}");
        }
        for wrong in [
            "\"open",
            "{ $.a = }",
            "{ $.a = 1",
            "{ a = 1 }",
            "%(%",
            "[..., a, ...]",
            "[a = 1",
            "[a > x]",
        ] {
            assert!(Pattern::parse(wrong).is_err(), "{wrong}");
        }
    }
}
