//! Points in time: ISO 8601 in values, one of three forms on the wire.

use jiff::Timestamp;
use jiff::fmt::rfc2822;
use serde_json::{Number, Value};

use super::Mismatch;
use crate::model::TimestampFormat;

/// Reads a value's point in time: ISO 8601 text with an offset, or seconds since 1970.
pub(crate) fn parse(value: &Value) -> Result<Timestamp, Mismatch> {
    let found = match value {
        Value::String(text) => from_text(text),
        Value::Number(number) => number.as_f64().and_then(from_seconds),
        _ => None,
    };
    found.ok_or_else(|| Mismatch::new(format!("expected a timestamp, found {value}")))
}

/// Reads any of the three forms from text.
pub(crate) fn from_text(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.parse() {
        return Some(time);
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return from_seconds(seconds);
    }
    // `GMT` is an obsolete zone to this parser, but it means what HTTP means.
    let zoned = rfc2822::parse(text).ok()?;
    Some(zoned.timestamp())
}

/// Seconds since 1970 as a point in time, to the microsecond.
pub(crate) fn from_seconds(seconds: f64) -> Option<Timestamp> {
    if !seconds.is_finite() {
        return None;
    }
    // Splitting first keeps the fraction exact to the microsecond for all dates that occur.
    let whole = seconds.floor();
    let micros = ((seconds - whole) * 1e6).round();
    let total = (whole as i64)
        .checked_mul(1_000_000)?
        .checked_add(micros as i64)?;
    Timestamp::from_microsecond(total).ok()
}

/// The form that values use: `2026-11-22T10:00:00.123Z`, without a fraction when it is zero.
pub(crate) fn iso(time: Timestamp) -> Value {
    Value::String(iso_text(time))
}

fn iso_text(time: Timestamp) -> String {
    let nanos = time.subsec_nanosecond();
    let digits = match nanos {
        0 => 0,
        n if n % 1_000_000 == 0 => 3,
        n if n % 1_000 == 0 => 6,
        _ => 9,
    };
    format!("{time:.digits$}")
}

/// Text on the wire.
pub(crate) fn wire_text(time: Timestamp, format: TimestampFormat) -> String {
    match format {
        TimestampFormat::Iso8601 => iso_text(time),
        TimestampFormat::Unix => match wire_number(time) {
            Some(number) => number.to_string(),
            None => time.as_second().to_string(),
        },
        TimestampFormat::Rfc822 => rfc2822::DateTimePrinter::new()
            .timestamp_to_rfc9110_string(&time)
            .unwrap_or_else(|_| iso_text(time)),
    }
}

/// Seconds since 1970 as a JSON number.
pub(crate) fn wire_number(time: Timestamp) -> Option<Number> {
    if time.subsec_nanosecond() == 0 {
        return Some(time.as_second().into());
    }
    Number::from_f64(seconds(time))
}

/// Seconds since 1970 with their fraction.
pub(crate) fn seconds(time: Timestamp) -> f64 {
    time.as_microsecond() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_forms_of_one_time() {
        let time = parse(&Value::from("2026-11-22T10:00:00.123Z")).unwrap();
        assert_eq!(wire_text(time, TimestampFormat::Unix), "1795341600.123");
        assert_eq!(
            wire_text(time, TimestampFormat::Rfc822),
            "Sun, 22 Nov 2026 10:00:00 GMT"
        );
        assert_eq!(
            wire_text(time, TimestampFormat::Iso8601),
            "2026-11-22T10:00:00.123Z"
        );
        for text in ["1795341600.123", "2026-11-22T11:00:00.123+01:00"] {
            assert_eq!(from_text(text), Some(time), "{text}");
        }
        let whole = from_text("Sun, 22 Nov 2026 10:00:00 GMT").unwrap();
        assert_eq!(iso(whole), "2026-11-22T10:00:00Z");
    }
}
