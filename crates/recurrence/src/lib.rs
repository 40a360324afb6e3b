//! When things recur: `rate(…)`, `cron(…)` and `at(…)`, as EventBridge rules and Scheduler write
//! them. Computes times; waits for none, and reads no clock.

mod cron;
mod day;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

pub use cron::Cron;

/// A parsed schedule expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Recurrence {
    /// Again and again after this long.
    Rate(SignedDuration),
    /// At the minutes that an expression names, on the clock of a time zone.
    Cron(Box<Cron>),
    /// Once, on the clock of a time zone.
    At(DateTime),
}

impl Recurrence {
    /// Parses an expression; `None` when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, rest) = text.trim().split_once('(')?;
        let inner = rest.strip_suffix(')')?.trim();
        match kind {
            "rate" => rate(inner).map(Self::Rate),
            "cron" => Cron::parse(inner).map(|cron| Self::Cron(Box::new(cron))),
            "at" => inner.parse().ok().map(Self::At),
            _ => None,
        }
    }

    /// Whether a rate says `1 minute` and `2 minutes`, as rules want it; Scheduler does not mind.
    pub fn is_grammatical(text: &str) -> bool {
        let words = text.trim().strip_prefix("rate(").unwrap_or_default();
        let words = words.trim_end_matches(')').split_once(' ');
        words.is_none_or(|(value, unit)| (value == "1") != unit.trim().ends_with('s'))
    }

    /// The first time after `after`. Rates count from `anchor`.
    ///
    /// A time that the zone's clock skips in spring does not come, one that it shows twice in
    /// autumn comes once, as Scheduler's user guide has it ("Daylight savings time").
    pub fn next(&self, after: Timestamp, anchor: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        match self {
            Self::Rate(every) => {
                let (every, passed) = (every.as_millis(), after.duration_since(anchor).as_millis());
                let turns = if passed < 0 { 0 } else { passed / every + 1 };
                let wait = i64::try_from(every.checked_mul(turns)?).ok()?;
                anchor.checked_add(SignedDuration::from_millis(wait)).ok()
            }
            Self::Cron(cron) => cron.next(after, zone),
            Self::At(at) => {
                let at = zone.to_ambiguous_timestamp(*at).compatible().ok()?;
                (at > after).then_some(at)
            }
        }
    }
}

fn rate(text: &str) -> Option<SignedDuration> {
    let (value, unit) = text.split_once(' ')?;
    let value = value
        .parse()
        .ok()
        .filter(|value| (1..=1_000_000).contains(value))?;
    match unit.trim() {
        "minute" | "minutes" => Some(SignedDuration::from_mins(value)),
        "hour" | "hours" => Some(SignedDuration::from_hours(value)),
        "day" | "days" => Some(SignedDuration::from_hours(24 * value)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(expression: &str, zone: &str, after: &str, count: usize) -> Vec<String> {
        let recurrence = Recurrence::parse(expression).unwrap();
        let zone = TimeZone::get(zone).unwrap();
        let anchor: Timestamp = after.parse().unwrap();
        let mut at = anchor;
        let mut times = Vec::new();
        while times.len() < count {
            let Some(next) = recurrence.next(at, anchor, &zone) else {
                break;
            };
            times.push(next.to_string());
            at = next;
        }
        times
    }

    #[test]
    fn expressions_come_true() {
        let start = "2026-11-22T10:07:00Z"; // a Sunday
        for (expression, wanted) in [
            (
                "rate(5 minutes)",
                ["2026-11-22T10:12:00Z", "2026-11-22T10:17:00Z"],
            ),
            (
                "rate(1 day)",
                ["2026-11-23T10:07:00Z", "2026-11-24T10:07:00Z"],
            ),
            (
                "cron(0/15 * * * ? *)",
                ["2026-11-22T10:15:00Z", "2026-11-22T10:30:00Z"],
            ),
            (
                "cron(0 12 * * ? *)",
                ["2026-11-22T12:00:00Z", "2026-11-23T12:00:00Z"],
            ),
            (
                "cron(5,35 14 * * ? *)",
                ["2026-11-22T14:05:00Z", "2026-11-22T14:35:00Z"],
            ),
            (
                "cron(0 18 ? * MON-FRI *)",
                ["2026-11-23T18:00:00Z", "2026-11-24T18:00:00Z"],
            ),
            (
                "cron(0 8 1 * ? *)",
                ["2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"],
            ),
            (
                "cron(0 8 L * ? *)",
                ["2026-11-30T08:00:00Z", "2026-12-31T08:00:00Z"],
            ),
            (
                "cron(0 8 1W * ? *)",
                ["2026-12-01T08:00:00Z", "2027-01-01T08:00:00Z"],
            ),
            (
                "cron(0 8 15W 5,8 ? *)",
                ["2027-05-14T08:00:00Z", "2027-08-16T08:00:00Z"],
            ),
            (
                "cron(0 8 LW * ? *)",
                ["2026-11-30T08:00:00Z", "2026-12-31T08:00:00Z"],
            ),
            (
                "cron(0 9 ? * 2#1 *)",
                ["2026-12-07T09:00:00Z", "2027-01-04T09:00:00Z"],
            ),
            (
                "cron(0 9 ? * 6L *)",
                ["2026-11-27T09:00:00Z", "2026-12-25T09:00:00Z"],
            ),
            (
                "cron(0 9 ? * 1 *)",
                ["2026-11-29T09:00:00Z", "2026-12-06T09:00:00Z"],
            ),
            (
                "cron(0 0 29 2 ? *)",
                ["2028-02-29T00:00:00Z", "2032-02-29T00:00:00Z"],
            ),
            (
                "cron(15 10 ? * 6L 2027-2028)",
                ["2027-01-29T10:15:00Z", "2027-02-26T10:15:00Z"],
            ),
            (
                "cron(0/10 8-9 ? JAN,dec sun *)",
                ["2026-12-06T08:00:00Z", "2026-12-06T08:10:00Z"],
            ),
        ] {
            assert_eq!(times(expression, "UTC", start, 2), wanted, "{expression}");
        }
        assert!(times("cron(0 0 1 1 ? 2020)", "UTC", start, 1).is_empty());
        assert!(times("at(2026-11-22T10:00:00)", "UTC", start, 1).is_empty());
        let at = times("at(2026-12-24T18:00:00)", "Europe/Berlin", start, 2);
        assert_eq!(at, ["2026-12-24T17:00:00Z"]);
    }

    #[test]
    fn clocks_that_change_skip_and_do_not_repeat() {
        let spring = times(
            "cron(30 2 * * ? *)",
            "Europe/Berlin",
            "2026-03-27T12:00:00Z",
            2,
        );
        assert_eq!(spring, ["2026-03-28T01:30:00Z", "2026-03-30T00:30:00Z"]);
        let autumn = times(
            "cron(30 2 * * ? *)",
            "Europe/Berlin",
            "2026-10-24T12:00:00Z",
            2,
        );
        assert_eq!(autumn, ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]);
    }

    #[test]
    fn nonsense_is_refused() {
        for text in [
            "",
            "rate(0 minutes)",
            "rate(5 moons)",
            "rate(5)",
            "cron(bad)",
            "cron(* * * * *)",
            "cron(0 0 * * * *)",
            "cron(0 0 ? * ? *)",
            "cron(60 0 * * ? *)",
            "cron(0 24 * * ? *)",
            "cron(0 0 0 * ? *)",
            "cron(0 0 1 13 ? *)",
            "cron(0 0 ? * 8 *)",
            "cron(0 0 ? * 2#6 *)",
            "cron(0/0 0 * * ? *)",
            "cron(0 0 1 1 ? 1969)",
            "at(tomorrow)",
            "every(1 day)",
        ] {
            assert_eq!(Recurrence::parse(text), None, "{text}");
        }
        assert!(Recurrence::is_grammatical("rate(1 minute)"));
        assert!(!Recurrence::is_grammatical("rate(1 minutes)"));
        assert!(!Recurrence::is_grammatical("rate(5 minute)"));
        assert!(Recurrence::is_grammatical("cron(0 0 * * ? *)"));
    }
}
