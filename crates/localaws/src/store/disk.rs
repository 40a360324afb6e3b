//! The SQLite file: written in batches, read by anybody.
//!
//! Writes are queued in order and go to the file together, when somebody waits for them or a moment
//! later. So the file always holds everything up to some moment, and an answer that waits for the
//! writes made so far ([`Disk::settled`]) is one that no `kill -9` takes back.
//!
//! Who waits writes what is little by itself, for all who wait then: that takes less time than
//! waking a thread and being woken by it. The rest is written by a thread.

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, params};
use tokio::sync::watch;

use super::batch::Batch;
use super::blobs::Blob;
use super::lock;

/// Who writes more than this ahead of the file waits for it.
const QUEUE_LIMIT: usize = 64 * 1024 * 1024;

/// Writes of this weight no longer wait for others to go with.
const BATCH_LIMIT: usize = 1024 * 1024;

/// Writes of up to this weight are made by who waits for them.
const LIGHT: usize = 128 * 1024;

/// How long writes that nobody waits for stay behind. Every transaction costs, however little it
/// writes, so what an execution does by itself goes with the next call's writes.
const MOMENT: Duration = Duration::from_millis(10);

pub(super) struct Disk {
    queue: Arc<Queue>,
    reader: Mutex<Connection>,
    writer: Option<JoinHandle<()>>,
}

struct Queue {
    waiting: Mutex<Waiting>,
    /// Something waits, or the store is closed.
    work: Condvar,
    /// A batch was taken out of the queue.
    taken: Condvar,
    /// Number of the last write that was queued.
    made: AtomicU64,
    /// Number of the last write that is in the file.
    written: watch::Sender<u64>,
    /// Who holds this takes the batch and writes it.
    file: Mutex<Connection>,
}

#[derive(Default)]
struct Waiting {
    batch: Batch,
    /// The batch that is being written: readers of the file may not see it yet.
    writing: Arc<Batch>,
    /// Somebody waits for the batch.
    wanted: bool,
    closed: bool,
}

impl Disk {
    pub(super) fn open(path: &Path) -> rusqlite::Result<Self> {
        let disk = Connection::open(path)?;
        // Write-ahead logging survives `kill -9`; NORMAL may lose the last writes only when the
        // machine itself goes down, which is fine for a development tool.
        disk.execute_batch(
            "PRAGMA journal_mode = WAL;
             PRAGMA synchronous = NORMAL;
             PRAGMA wal_autocheckpoint = 4000;
             CREATE TABLE IF NOT EXISTS rows (tbl TEXT, key TEXT, value BLOB, PRIMARY KEY (tbl, key)) WITHOUT ROWID;",
        )?;
        let reader = Connection::open(path)?;
        let queue = Arc::new(Queue {
            waiting: Mutex::default(),
            work: Condvar::new(),
            taken: Condvar::new(),
            made: AtomicU64::new(0),
            written: watch::Sender::new(0),
            file: Mutex::new(disk),
        });
        let own = Arc::clone(&queue);
        let writer = thread::Builder::new().name("store".to_owned());
        let writer = writer
            .spawn(move || own.write_for_ever())
            .map_err(|error| rusqlite::Error::ToSqlConversionFailure(Box::new(error)))?;
        Ok(Self {
            queue,
            reader: Mutex::new(reader),
            writer: Some(writer),
        })
    }

    /// Queues a row, or its removal.
    pub(super) fn set(&self, table: &'static str, key: &str, value: Option<Blob>) {
        self.queue.add(|batch| batch.set(table, key, value));
    }

    /// Queues the removal of all rows whose keys begin with a prefix.
    pub(super) fn remove_all(&self, table: &'static str, prefix: &str) {
        self.queue.add(|batch| batch.remove_all(table, prefix));
    }

    /// Number of the last write that was queued.
    pub(super) fn made(&self) -> u64 {
        self.queue.made.load(Ordering::SeqCst)
    }

    /// Waits until a write is in the file.
    pub(super) async fn settled(&self, number: u64) {
        let mut written = self.queue.written.subscribe();
        while *written.borrow_and_update() < number {
            if !self.queue.write_light() {
                self.queue.want();
                // The sender lives as long as this.
                let _ = written.changed().await;
            }
        }
    }

    /// The row's value.
    pub(super) fn get(&self, table: &'static str, key: &str) -> Option<Bytes> {
        if let Some(value) = self.queue.get(table, key) {
            return value.map(|value| value.bytes());
        }
        let reader = lock(&self.reader);
        let read = reader
            .prepare_cached("SELECT value FROM rows WHERE tbl = ? AND key = ?")
            .and_then(|mut row| {
                row.query_row(params![table, key], |row| row.get::<_, Vec<u8>>(0))
                    .optional()
            });
        read.unwrap_or_else(|error| {
            tracing::error!(table, key, %error, "state cannot be read");
            None
        })
        .map(Bytes::from)
    }

    /// All rows whose keys begin with a prefix, sorted by key.
    pub(super) fn scan(&self, table: &'static str, prefix: &str) -> Vec<(String, Bytes)> {
        self.queue.flush();
        let reader = lock(&self.reader);
        let read = || -> rusqlite::Result<Vec<(String, Bytes)>> {
            let mut rows = reader.prepare_cached(
                "SELECT key, value FROM rows WHERE tbl = ? AND key >= ? AND key < ? ORDER BY key",
            )?;
            let rows = rows.query_map(params![table, prefix, after(prefix)], |row| {
                Ok((row.get(0)?, Bytes::from(row.get::<_, Vec<u8>>(1)?)))
            })?;
            rows.collect()
        };
        read().unwrap_or_else(|error| {
            tracing::error!(table, prefix, %error, "state cannot be read");
            Vec::new()
        })
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        self.queue.waiting().closed = true;
        self.queue.work.notify_all();
        if let Some(writer) = self.writer.take()
            && writer.join().is_err()
        {
            tracing::error!("the state's last writes are lost");
        }
    }
}

impl Queue {
    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        lock(&self.waiting)
    }

    fn add(&self, add: impl FnOnce(&mut Batch)) {
        let mut waiting = self.waiting();
        while waiting.batch.weight() > QUEUE_LIMIT {
            waiting = wait(&self.taken, waiting);
        }
        let before = &waiting.batch;
        let (idle, light) = (before.is_empty(), before.weight() < BATCH_LIMIT);
        add(&mut waiting.batch);
        self.made.fetch_add(1, Ordering::SeqCst);
        let heavy = waiting.batch.weight() >= BATCH_LIMIT;
        drop(waiting);
        if idle || (light && heavy) {
            self.work.notify_one();
        }
    }

    /// Lets the batch be written now.
    fn want(&self) {
        self.waiting().wanted = true;
        self.work.notify_one();
    }

    /// What is known of a row that is not in the file yet.
    fn get(&self, table: &str, key: &str) -> Option<Option<Blob>> {
        let waiting = self.waiting();
        let queued = waiting.batch.get(table, key);
        queued.or_else(|| waiting.writing.get(table, key))
    }

    /// Blocks until everything queued so far is in the file.
    fn flush(&self) {
        let number = self.made.load(Ordering::SeqCst);
        let mut waiting = self.waiting();
        while *self.written.borrow() < number {
            waiting.wanted = true;
            self.work.notify_one();
            waiting = wait(&self.taken, waiting);
        }
    }

    fn write_for_ever(&self) {
        loop {
            let mut waiting = self.waiting();
            while waiting.batch.is_empty() {
                if waiting.closed {
                    return;
                }
                waiting = wait(&self.work, waiting);
            }
            let lingers = |waiting: &mut Waiting| {
                let light = waiting.batch.weight() < BATCH_LIMIT;
                light && !waiting.wanted && !waiting.closed
            };
            drop(self.work.wait_timeout_while(waiting, MOMENT, lingers));
            self.write(&mut lock(&self.file));
        }
    }

    /// Writes what waits, unless it is much or somebody else writes: then nothing happens.
    fn write_light(&self) -> bool {
        let Ok(mut file) = self.file.try_lock() else {
            return false;
        };
        let light = self.waiting().batch.weight() <= LIGHT;
        if light {
            self.write(&mut file);
        }
        light
    }

    /// Writes what waits.
    fn write(&self, file: &mut Connection) {
        let (batch, number) = {
            let mut waiting = self.waiting();
            waiting.wanted = false;
            let batch = Arc::new(std::mem::take(&mut waiting.batch));
            waiting.writing = Arc::clone(&batch);
            (batch, self.made.load(Ordering::SeqCst))
        };
        self.taken.notify_all();
        if !batch.is_empty()
            && let Err(error) = batch.commit(file)
        {
            tracing::error!(%error, "state cannot be written");
        }
        let mut waiting = self.waiting();
        waiting.writing = Arc::default();
        // Told under the lock, or `flush` could miss it between its look and its wait.
        self.written.send_replace(number);
        drop(waiting);
        self.taken.notify_all();
    }
}

fn wait<'a>(
    until: &Condvar,
    waiting: std::sync::MutexGuard<'a, Waiting>,
) -> std::sync::MutexGuard<'a, Waiting> {
    until.wait(waiting).unwrap_or_else(PoisonError::into_inner)
}

/// A key after every key that begins with `prefix`: SQLite compares the bytes of UTF-8.
pub(super) fn after(prefix: &str) -> String {
    format!("{prefix}{}", char::MAX)
}
