//! Forms of parameters that regular expressions cannot tell: schedules, time zones, JSON of a kind.
//!
//! A template names them in its metadata, under `footwork::Formats`: the parameter and its form.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use recurrence::Recurrence;
use serde_json::Value;

/// What a value of a form does not meet, in words; `zone` is the time zone of the schedules. Empty
/// values are those of optional parameters.
pub(super) fn unmet(format: &str, value: &str, zone: Option<&str>) -> Option<String> {
    if value.is_empty() {
        return None;
    }
    match format {
        "schedule" => schedule(value, zone),
        "time-zone" => {
            let known = TimeZone::get(value).is_ok();
            (!known)
                .then(|| "there is no such time zone; it is one such as `Europe/Berlin`".to_owned())
        }
        "words" => json(value, "an array of texts", |value| {
            let words = value.as_array();
            words.is_some_and(|words| words.iter().all(Value::is_string))
        }),
        "texts" => json(value, "an object of texts", |value| {
            let texts = value.as_object();
            texts.is_some_and(|texts| texts.values().all(Value::is_string))
        }),
        "object" => json(value, "an object", Value::is_object),
        _ => None,
    }
}

fn json(value: &str, what: &str, fits: impl Fn(&Value) -> bool) -> Option<String> {
    match serde_json::from_str(value) {
        Ok(value) if fits(&value) => None,
        Ok(_) => Some(format!("it is {what}, as JSON")),
        Err(error) => Some(format!("it is {what}, as JSON ({error})")),
    }
}

fn schedule(value: &str, zone: Option<&str>) -> Option<String> {
    let Some(recurrence) = Recurrence::parse(value) else {
        let form = match value.split_once('(').map(|(kind, _)| kind) {
            Some("cron") => {
                "cron has six fields: minutes, hours, day of month, month, day of week, year; one \
                 of the two days is `?`"
            }
            Some("rate") => "a rate is a number and minutes, hours or days: `rate(2 hours)`",
            Some("at") => "a time is written `at(2027-01-01T00:00:00)`",
            _ => "a schedule is `rate(…)`, `cron(…)` or `at(…)`",
        };
        return Some(form.to_owned());
    };
    // An unknown zone is a fault of its own.
    let zone = zone.and_then(|zone| TimeZone::get(zone).ok());
    let now = Timestamp::now();
    let next = recurrence.next(now, now, &zone.unwrap_or(TimeZone::UTC));
    next.is_none()
        .then(|| "it never comes: all its times are over, or no day is like that".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_told_apart() {
        for (format, value, fault) in [
            ("schedule", "", None),
            ("schedule", "cron(0 3 * * ? *)", None),
            ("schedule", "rate(1 day)", None),
            ("schedule", "cron(0 3 * * *)", Some("six fields")),
            ("schedule", "cron(0 3 31 2 ? *)", Some("never comes")),
            ("schedule", "at(2020-01-01T00:00:00)", Some("never comes")),
            ("schedule", "at(noon)", Some("at(2027")),
            ("schedule", "rate(5)", Some("a number and")),
            ("time-zone", "Europe/Berlin", None),
            ("time-zone", "Europe/Berlim", Some("no such time zone")),
            ("words", r#"["a","b"]"#, None),
            ("words", r#"["a",1]"#, Some("an array of texts")),
            ("words", "[a]", Some("an array of texts, as JSON (")),
            ("texts", r#"{"A":1}"#, Some("an object of texts")),
            ("object", "{}", None),
            ("new", "anything", None),
        ] {
            let said = unmet(format, value, Some("UTC"));
            match fault {
                None => assert_eq!(said, None, "{value}"),
                Some(fault) => assert!(said.clone().unwrap().contains(fault), "{value}: {said:?}"),
            }
        }
    }
}
