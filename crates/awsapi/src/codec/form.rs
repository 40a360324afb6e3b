//! Percent-encoding: query strings, form bodies and path segments.

/// Decodes `%xx`; in forms and queries `+` is a space.
pub(crate) fn decode(text: &str, plus_is_space: bool) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).and_then(hex_pair);
        match (byte, hex) {
            (b'%', Some(value)) => {
                out.push(value);
                at += 3;
                continue;
            }
            (b'+', _) if plus_is_space => out.push(b' '),
            _ => out.push(byte),
        }
        at += 1;
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(pair).ok()?;
    // `from_str_radix` alone would take a sign.
    let digits = text.bytes().all(|byte| byte.is_ascii_hexdigit());
    u8::from_str_radix(text, 16).ok().filter(|_| digits)
}

/// Encodes all but RFC 3986's unreserved characters and those in `keep`.
pub(crate) fn encode(text: &str, keep: &[u8]) -> String {
    let mut out = String::with_capacity(text.len());
    for &byte in text.as_bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) || keep.contains(&byte) {
            out.push(char::from(byte));
        } else {
            const HEX: [char; 16] = [
                '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F',
            ];
            let digit = |nibble: u8| HEX.get(usize::from(nibble)).copied().unwrap_or('0');
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

/// The pairs of a query string or form body, in their order.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    let pair = |part: &str| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (decode(name, true), decode(value, true))
    };
    parts.map(pair).collect()
}

/// Pairs as a query string or form body.
pub(crate) fn join(pairs: &[(String, String)]) -> String {
    let pair =
        |(name, value): &(String, String)| format!("{}={}", encode(name, &[]), encode(value, &[]));
    pairs.iter().map(pair).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_escapes_stay_as_they_are() {
        assert_eq!(decode("a%2fb%zz%+", true), "a/b%zz% ");
        assert_eq!(decode("100%25+", false), "100%+");
        assert_eq!(encode("ä/b c", b"/"), "%C3%A4/b%20c");
        let both = vec![("a b".to_owned(), "c&=d".to_owned())];
        assert_eq!(pairs(&join(&both)), both);
    }
}
