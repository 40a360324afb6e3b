//! Times as definitions and inputs write them.

use jiff::Timestamp;

/// RFC 3339 with a `T` and an offset: `2016-03-14T01:59:00Z`.
pub(crate) fn parse(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let digits = |part: &str, lengths: &[usize]| {
        let parts: Vec<&str> = part.split(['-', ':']).collect();
        parts.len() == lengths.len()
            && parts
                .iter()
                .zip(lengths)
                .all(|(part, n)| part.len() == *n && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let clock = time.split(['Z', '+', '.']).next()?;
    let clock = clock.get(..8).unwrap_or(clock);
    if !digits(date, &[4, 2, 2]) || !(digits(clock, &[2, 2, 2]) || digits(clock, &[2, 2])) {
        return None;
    }
    text.parse().ok()
}
