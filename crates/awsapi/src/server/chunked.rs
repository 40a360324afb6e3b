//! The body framing of S3's SDKs: `Content-Encoding: aws-chunked`.
//!
//! Chunks have a hexadecimal size, may carry a signature, and end with a chunk of size 0 and
//! trailing headers. Signatures are not checked.

use bytes::{Bytes, BytesMut};
use http::HeaderMap;

use crate::codec::rest::{header, insert};

/// A body without its framing, and the headers that came behind it.
#[derive(Debug, PartialEq)]
pub(super) struct Unwrapped {
    pub(super) body: Bytes,
    pub(super) trailers: HeaderMap,
}

/// Whether a body is framed.
pub(super) fn is_chunked(headers: &HeaderMap) -> bool {
    let encoded = header(headers, "content-encoding").is_some_and(|all| {
        let mut parts = all.split(',');
        parts.any(|part| part.trim().eq_ignore_ascii_case("aws-chunked"))
    });
    // Signed chunks need not say so in the encoding.
    let signed = header(headers, "x-amz-content-sha256");
    encoded || signed.is_some_and(|hash| hash.starts_with("STREAMING-"))
}

/// Takes the framing off; nothing if the body is not well formed.
pub(super) fn unwrap(framed: &Bytes) -> Option<Unwrapped> {
    let mut body = BytesMut::with_capacity(framed.len());
    let mut at = 0;
    loop {
        let (head, next) = line(framed, at)?;
        let size = std::str::from_utf8(head).ok()?.split(';').next()?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            let trailers = trailers(framed, next);
            return Some(Unwrapped {
                body: body.freeze(),
                trailers,
            });
        }
        let end = next.checked_add(size)?;
        body.extend_from_slice(framed.get(next..end)?);
        at = match framed.get(end..) {
            Some([b'\r', b'\n', ..]) => end + 2,
            _ => return None,
        };
    }
}

fn trailers(framed: &Bytes, mut at: usize) -> HeaderMap {
    let mut trailers = HeaderMap::new();
    while let Some((text, next)) = line(framed, at) {
        at = next;
        if let Some((name, value)) = std::str::from_utf8(text)
            .ok()
            .and_then(|t| t.split_once(':'))
        {
            // A trailer that is no header says nothing.
            let _ = insert(&mut trailers, name.trim(), value.trim());
        }
    }
    trailers
}

/// The line that begins at `at`, and where the next one begins.
fn line(framed: &Bytes, at: usize) -> Option<(&[u8], usize)> {
    let rest = framed.get(at..).filter(|rest| !rest.is_empty())?;
    match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) => {
            let text = rest.get(..end)?;
            Some((text.strip_suffix(b"\r").unwrap_or(text), at + end + 1))
        }
        None => Some((rest, framed.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_chunks_and_trailers() {
        let framed = Bytes::from_static(
            b"5;chunk-signature=ab\r\nhello\r\n6\r\n\r\nwrld\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
        );
        let found = unwrap(&framed).unwrap();
        assert_eq!(&found.body[..], b"hello\r\nwrld");
        assert_eq!(found.trailers["x-amz-checksum-crc32"], "AAAAAA==");
        assert_eq!(unwrap(&Bytes::from_static(b"5\r\nhel")), None);
        assert_eq!(unwrap(&Bytes::from_static(b"0\r\n\r\n")).unwrap().body, "");
    }
}
