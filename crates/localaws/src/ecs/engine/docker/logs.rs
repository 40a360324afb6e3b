//! What a container writes: the engine sends frames, each with a header of eight bytes (the stream
//! and the length), in the order of writing.

use std::sync::Arc;

use http_body_util::BodyExt;
use hyper::body::Incoming;

use crate::process::Journal;

/// Longest line kept whole, in bytes: an event of CloudWatch Logs with its overhead.
const LONGEST: usize = 262_118;

/// Reads frames to their end; every line goes to the journal.
pub(super) async fn follow(mut body: Incoming, journal: Option<Arc<Journal>>) {
    let mut frames = Frames::default();
    while let Some(Ok(frame)) = body.frame().await {
        if let (Some(data), Some(journal)) = (frame.data_ref(), &journal) {
            frames.take(data, |line| journal.line(line));
        }
    }
    if let Some(journal) = &journal {
        frames.end(|line| journal.line(line));
        journal.flush().await;
    }
}

/// The bytes that do not make a frame or a line yet.
#[derive(Default)]
struct Frames {
    raw: Vec<u8>,
    line: Vec<u8>,
}

impl Frames {
    fn take(&mut self, data: &[u8], mut log: impl FnMut(String)) {
        self.raw.extend_from_slice(data);
        while let Some((header, rest)) = self.raw.split_first_chunk::<8>() {
            let length = u32::from_be_bytes([header[4], header[5], header[6], header[7]]);
            let length = usize::try_from(length).unwrap_or(usize::MAX);
            let Some(payload) = rest.get(..length) else {
                return;
            };
            for part in payload.split_inclusive(|byte| *byte == b'\n') {
                self.line.extend_from_slice(part);
                if part.ends_with(b"\n") || self.line.len() >= LONGEST {
                    log(String::from_utf8_lossy(&self.line).into_owned());
                    self.line.clear();
                }
            }
            self.raw.drain(..8 + length);
        }
    }

    fn end(&mut self, mut log: impl FnMut(String)) {
        if !self.line.is_empty() {
            log(String::from_utf8_lossy(&self.line).into_owned());
            self.line.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_found_in_frames_however_they_arrive() {
        let frame = |text: &str| {
            let length = u32::try_from(text.len()).unwrap().to_be_bytes();
            [&[1, 0, 0, 0][..], &length, text.as_bytes()].concat()
        };
        let sent = [frame("one\ntw"), frame("o\n"), frame("three")].concat();
        for size in [1, 5, sent.len()] {
            let (mut frames, mut lines) = (Frames::default(), Vec::new());
            for part in sent.chunks(size) {
                frames.take(part, |line| lines.push(line));
            }
            frames.end(|line| lines.push(line));
            assert_eq!(lines, ["one\n", "two\n", "three"]);
        }
    }
}
