//! Values in words.

use std::time::Duration;

use aws_sdk_sfn::primitives::DateTime;

/// A duration as people say it: `350 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `5 d 3 h`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0 => format!("{} ms", duration.as_millis()),
        1..60 => format!("{:.1} s", duration.as_secs_f64()),
        60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3600),
    }
}

/// `1 stack`, `2 stacks`.
pub fn count(number: impl TryInto<u64>, noun: &str) -> String {
    let number = number.try_into().unwrap_or(u64::MAX);
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// A time in ISO 8601, to the millisecond that AWS keeps: on the wire it is a floating point
/// number, whose further digits mean nothing.
pub fn time(time: &DateTime) -> String {
    let milliseconds = time.secs() * 1000 + i64::from((time.subsec_nanos() + 500_000) / 1_000_000);
    let second = DateTime::from_secs(milliseconds.div_euclid(1000)).to_string();
    let rest = milliseconds.rem_euclid(1000);
    format!("{}.{rest:03}Z", second.trim_end_matches('Z'))
}

/// A time for people: in UTC, to the second.
pub fn moment(time: &DateTime) -> String {
    DateTime::from_secs(time.secs()).to_string()
}

/// Text from outside as it may go to a terminal: without characters that move its cursor.
pub fn plain(text: &str) -> String {
    text.replace(|c: char| c.is_control() && c != '\n', " ")
}

/// The beginning of a text, where it has more characters than these.
pub fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or(text)),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_well() {
        let said = [350, 4_200, 185_000, 7_800_000, 442_800_000]
            .map(|milliseconds| duration(Duration::from_millis(milliseconds)));
        assert_eq!(
            said,
            ["350 ms", "4.2 s", "3 min 5 s", "2 h 10 min", "5 d 3 h"]
        );
    }

    #[test]
    fn times_have_milliseconds() {
        for (seconds, said) in [
            (1_795_374_392.886, "2026-11-22T19:06:32.886Z"),
            (1_795_374_392.999_9, "2026-11-22T19:06:33.000Z"),
        ] {
            assert_eq!(time(&DateTime::from_secs_f64(seconds)), said);
        }
    }

    #[test]
    fn text_from_outside_moves_no_cursor() {
        assert_eq!(plain("a\x1b[2J\r\nb"), "a [2J \nb");
        assert_eq!(shorten("äöü", 2), "äö…");
    }
}
