//! What a process writes to stdout and stderr, line by line, through one pipe so that the order
//! of both is kept.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::net::unix::pipe::{self, Receiver};
use tokio::task::JoinHandle;

use super::journal::Journal;

/// Longest line kept whole, in bytes: an event of CloudWatch Logs with its overhead.
const LONGEST: usize = 262_118;

/// The reading end.
pub(crate) struct Output {
    pipe: File,
    lines: Arc<Mutex<Lines>>,
    reader: JoinHandle<()>,
}

struct Lines {
    journal: Arc<Journal>,
    partial: Vec<u8>,
}

impl Output {
    /// Makes the pipe; the second value is its writing end, for the process.
    pub(crate) fn open(journal: &Arc<Journal>) -> io::Result<(Self, OwnedFd)> {
        let (sender, receiver) = pipe::pipe()?;
        let lines = Arc::new(Mutex::new(Lines {
            journal: Arc::clone(journal),
            partial: Vec::new(),
        }));
        let output = Self {
            pipe: File::from(receiver.as_fd().try_clone_to_owned()?),
            reader: tokio::spawn(read(receiver, Arc::clone(&lines))),
            lines,
        };
        Ok((output, sender.into_blocking_fd()?))
    }

    /// Takes what is in the pipe now. The reader alone would be told of it by the operating
    /// system only a moment later, when the invocation's last log line is written already.
    pub(crate) fn drain(&self) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        let mut buffer = [0; 8192];
        while let Ok(count @ 1..) = (&self.pipe).read(&mut buffer) {
            lines.take(buffer.get(..count).unwrap_or_default());
        }
        lines.end();
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read(receiver: Receiver, lines: Arc<Mutex<Lines>>) {
    let mut buffer = vec![0; 8192];
    while receiver.readable().await.is_ok() {
        let mut lines = lines.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            match receiver.try_read(&mut buffer) {
                Ok(0) => return lines.end(),
                Ok(count) => lines.take(buffer.get(..count).unwrap_or_default()),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => return,
            }
        }
    }
}

impl Lines {
    fn take(&mut self, bytes: &[u8]) {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.partial.extend_from_slice(part);
            if part.ends_with(b"\n") || self.partial.len() >= LONGEST {
                self.end();
            }
        }
    }

    fn end(&mut self) {
        if !self.partial.is_empty() {
            let line = String::from_utf8_lossy(&self.partial).into_owned();
            self.partial.clear();
            self.journal.line(line);
        }
    }
}
