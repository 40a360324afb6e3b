//! All processes that run functions: one for each concurrent invocation, used again while idle.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;

use crate::process::Journal;
use crate::{Aws, Scope};

use super::super::model::Configuration;
use super::api::{Answer, Invocation};
use super::launch::launch;
use super::outcome::{Ended, Outcome, Status, answered, unanswered};
use super::platform_log::{PlatformLog, Report};
use super::unpacked::Unpacked;
use super::worker::Worker;

/// How long an idle process is kept.
const KEEP: SignedDuration = SignedDuration::from_mins(5);
/// How long the first try to get a process ready may take.
const INIT_LIMIT: Duration = Duration::from_secs(10);

/// Which code runs, and with what settings.
pub(in crate::lambda) struct Spec {
    pub(in crate::lambda) scope: Scope,
    pub(in crate::lambda) name: String,
    pub(in crate::lambda) configuration: Configuration,
    pub(in crate::lambda) zip: Bytes,
}

/// One event and what the function is told about it.
pub(in crate::lambda) struct Request {
    pub(in crate::lambda) id: String,
    pub(in crate::lambda) payload: Bytes,
    /// As the caller named the function: with a version or alias where it did.
    pub(in crate::lambda) arn: String,
    pub(in crate::lambda) client_context: Option<String>,
}

/// The processes.
pub(in crate::lambda) struct Pool {
    aws: Aws,
    idle: Mutex<Vec<Idle>>,
    load: Mutex<BTreeMap<String, Load>>,
    unpacked: Unpacked,
    filled: Notify,
}

struct Idle {
    function: String,
    revision: String,
    since: Timestamp,
    environment: Environment,
}

/// A process and the log stream that it keeps for its life.
struct Environment {
    worker: Worker,
    journal: Arc<Journal>,
}

#[derive(Default)]
struct Load {
    /// Number of invocations at this moment.
    running: i64,
    /// Counts the changes of the function, so that a process of an older one is not kept.
    epoch: u64,
}

/// Counts an invocation until it is dropped.
pub(in crate::lambda) struct Running {
    pool: Arc<Pool>,
    function: String,
    epoch: u64,
}

impl Pool {
    pub(in crate::lambda) fn new(aws: &Aws) -> Self {
        Self {
            aws: aws.clone(),
            idle: Mutex::default(),
            load: Mutex::default(),
            unpacked: Unpacked::default(),
            filled: Notify::new(),
        }
    }

    /// Ends processes that were idle for long; goes on for ever.
    pub(in crate::lambda) async fn run(self: Arc<Self>) {
        loop {
            let Some(oldest) = self.idle().first().map(|idle| idle.since) else {
                self.filled.notified().await;
                continue;
            };
            let due = oldest.saturating_add(KEEP).unwrap_or(Timestamp::MAX);
            self.aws.clock().sleep_until_background(due).await;
            let now = self.aws.clock().now();
            self.idle()
                .retain(|idle| now.duration_since(idle.since) < KEEP);
        }
    }

    /// Counts one more invocation of a function, unless so many run already.
    pub(in crate::lambda) fn enter(
        self: &Arc<Self>,
        function: &str,
        most: Option<i64>,
        most_of_all: i64,
    ) -> Option<Running> {
        let mut loads = self.load();
        let all: i64 = loads.values().map(|load| load.running).sum();
        let load = loads.entry(function.to_owned()).or_default();
        if most.is_some_and(|most| load.running >= most) || all >= most_of_all {
            return None;
        }
        load.running += 1;
        Some(Running {
            pool: Arc::clone(self),
            function: function.to_owned(),
            epoch: load.epoch,
        })
    }

    /// Ends the processes of a function: idle ones at once, others after their event.
    pub(in crate::lambda) fn retire(&self, function: &str) {
        self.load().entry(function.to_owned()).or_default().epoch += 1;
        self.idle().retain(|idle| idle.function != function);
    }

    fn take(&self, function: &str, revision: &str) -> Option<Environment> {
        let mut idle = self.idle();
        let fits = |idle: &Idle| idle.function == function && idle.revision == revision;
        while let Some(at) = idle.iter().rposition(fits) {
            let mut found = idle.remove(at).environment;
            if found.worker.alive() {
                return Some(found);
            }
        }
        None
    }

    fn put_back(&self, running: &Running, spec: &Spec, environment: Environment) {
        let epoch = self.load().get(&running.function).map(|load| load.epoch);
        if epoch != Some(running.epoch) {
            return;
        }
        self.idle().push(Idle {
            function: running.function.clone(),
            revision: spec.configuration.revision_id.clone(),
            since: self.aws.clock().now(),
            environment,
        });
        self.filled.notify_one();
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn load(&self) -> MutexGuard<'_, BTreeMap<String, Load>> {
        self.load.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(load) = self.pool.load().get_mut(&self.function) {
            load.running -= 1;
        }
    }
}

impl Running {
    /// Runs the function on one event.
    pub(in crate::lambda) async fn invoke(self, spec: &Spec, request: Request) -> Outcome {
        let pool = &self.pool;
        let _busy = pool.aws.clock().busy();
        let log = || PlatformLog {
            spec,
            now: pool.aws.clock().now(),
        };
        let mut init = None;
        let (journal, mut worker) = match pool.take(&self.function, &spec.configuration.revision_id)
        {
            Some(found) => (found.journal, Some(found.worker)),
            None => {
                let group = &spec.configuration.logging_config.log_group;
                let version = &spec.configuration.version;
                let day = pool.aws.clock().now().strftime("%Y/%m/%d");
                let stream = format!("{day}/[{version}]{}", pool.aws.ids().hex(32));
                let journal = Journal::begin(&pool.aws, &spec.scope, group, stream);
                let journal = Arc::new(journal);
                journal.line(log().init_start());
                let begun = Instant::now();
                match self.start(spec, &journal, INIT_LIMIT).await {
                    Ok(worker) => {
                        init = Some(begun.elapsed());
                        (journal, Some(worker))
                    }
                    Err(ended) => {
                        // As on AWS, the invocation itself tries once more.
                        let status = ended.status();
                        journal.line(log().init_report(begun.elapsed(), &status));
                        (journal, None)
                    }
                }
            }
        };

        journal.begin_invocation();
        journal.line(log().start(&request.id));
        let begun = Instant::now();
        let limit = Duration::from_secs(spec.configuration.timeout);
        let answer = self
            .work(spec, &journal, &mut worker, &request, limit)
            .await;
        let duration = begun.elapsed().min(limit);
        let memory = worker.as_ref().and_then(Worker::memory);
        let usable = answer.is_ok();
        let (payload, status) = match answer {
            Ok(answer) => answered(answer),
            Err(ended) => {
                let timeout = spec.configuration.timeout;
                let (payload, status, message) = unanswered(ended, &request.id, timeout);
                if let Some(line) = log().failure(&request.id, &status, &message) {
                    journal.line(line);
                }
                (payload, status)
            }
        };
        if let Some(line) = log().end(&request.id) {
            journal.line(line);
        }
        journal.line(log().report(&Report {
            request_id: &request.id,
            duration,
            init,
            memory,
            status: &status,
        }));
        let tail = journal.tail();
        journal.flush().await;
        if let (true, Some(worker)) = (usable, worker) {
            pool.put_back(&self, spec, Environment { worker, journal });
        }
        Outcome {
            payload,
            failed: status != Status::Success,
            log: tail,
        }
    }

    async fn start(
        &self,
        spec: &Spec,
        journal: &Arc<Journal>,
        limit: Duration,
    ) -> Result<Worker, Ended> {
        let mut worker = launch(&self.pool.aws, &self.pool.unpacked, spec, journal).await?;
        worker.ready(limit).await?;
        Ok(worker)
    }

    async fn work(
        &self,
        spec: &Spec,
        journal: &Arc<Journal>,
        worker: &mut Option<Worker>,
        request: &Request,
        limit: Duration,
    ) -> Result<Answer, Ended> {
        let begun = Instant::now();
        let worker = match worker {
            Some(worker) => worker,
            None => worker.insert(self.start(spec, journal, limit).await?),
        };
        let left = limit.saturating_sub(begun.elapsed());
        let ids = self.pool.aws.ids();
        // By the machine's clock, because that is the one the function compares it with.
        let deadline = Timestamp::now().as_millisecond() + left.as_millis() as i64;
        let invocation = Invocation {
            request_id: request.id.clone(),
            payload: request.payload.clone(),
            function_arn: request.arn.clone(),
            deadline,
            trace: format!(
                "Root=1-{:08x}-{};Parent={};Sampled=0",
                self.pool.aws.clock().now().as_second(),
                ids.hex(24),
                ids.hex(16)
            ),
            client_context: request.client_context.clone(),
        };
        worker.work(invocation, left).await
    }
}
