//! The host of an execution and its children: a clock that jumps from one signal to the next, and
//! a world that answers when it says.

mod told;

use std::collections::BTreeMap;
use std::sync::Arc;

use asl::{
    Action, Execution, FailedPhase, Kind, MapRunId, Outcome, Pattern, Resource, Signal, Start,
    StartMapRun, StartTask, StateMachine, Status,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::world::{Answer, End, World};

/// How an execution is started.
pub(crate) struct Begin<'a> {
    pub(crate) machine: &'a Arc<StateMachine>,
    /// Name of the state machine.
    pub(crate) name: &'a str,
    /// Name of the execution.
    pub(crate) execution: &'a str,
    pub(crate) input: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) kind: Kind,
}

/// What is left when an execution is over, or waits for what never comes.
pub(crate) struct Played {
    /// The execution and its children, in the words of `expected.json`.
    pub(crate) result: Value,
    /// Whole seconds from start to end; none if it has no end.
    pub(crate) seconds: Option<i64>,
    /// The execution, then its children in the order of their starts.
    pub(crate) executions: Vec<Execution>,
    /// What it called, and what it got: state, resource, result.
    pub(crate) results: Vec<(String, Resource, Value)>,
}

/// Runs an execution until nothing more will happen.
pub(crate) fn play(begin: &Begin<'_>, world: &mut World) -> Played {
    let mut host = Host {
        world,
        now: begin.at,
        due: BTreeMap::new(),
        signals: 0,
        executions: Vec::new(),
        parents: Vec::new(),
        map_runs: BTreeMap::new(),
        results: Vec::new(),
    };
    let start = start(begin.name, begin.execution, begin.input, begin.kind);
    host.start(Arc::clone(begin.machine), start, None);
    while host.running() {
        let Some(((now, _), (execution, signal))) = host.due.pop_first() else {
            break;
        };
        host.now = now;
        if let Some(told) = host.executions.get_mut(execution) {
            let actions = told.feed(now, signal);
            host.perform(execution, actions);
        }
    }
    let root = host.executions.first();
    let seconds = root.and_then(|root| {
        let stopped = root.stopped_at()?;
        Some(stopped.duration_since(root.started_at()).as_secs())
    });
    Played {
        seconds,
        result: told::told(&host.executions, &host.parents, 0),
        executions: host.executions,
        results: host.results,
    }
}

/// Children are named `<machine>/<label>`.
fn start(machine: &str, name: &str, input: &str, kind: Kind) -> Start {
    let arn = |what: &str| format!("arn:aws:states:eu-west-1:111122223333:{what}");
    let machine_name = machine.split('/').next().unwrap_or(machine);
    Start {
        execution_arn: arn(&format!("execution:{machine}:{name}")),
        name: name.to_owned(),
        state_machine_arn: arn(&format!("stateMachine:{machine}")),
        state_machine_name: machine_name.to_owned(),
        role_arn: format!("arn:aws:iam::111122223333:role/{machine_name}"),
        kind,
        input: input.to_owned(),
        seed: 1,
        map_item: None,
        synchronous: false,
    }
}

/// Which execution, which of its map runs, which child of that.
type Parent = (usize, MapRunId, u64);

struct Host<'a> {
    world: &'a mut World,
    now: Timestamp,
    /// By time, then by order. Timers stay when they are cancelled: the interpreter ignores them.
    due: BTreeMap<(Timestamp, usize), (usize, Signal)>,
    signals: usize,
    /// In the order in which they started.
    executions: Vec<Execution>,
    parents: Vec<Option<Parent>>,
    map_runs: BTreeMap<(usize, MapRunId), StartMapRun>,
    results: Vec<(String, Resource, Value)>,
}

impl Host<'_> {
    fn running(&self) -> bool {
        let root = self.executions.first();
        root.is_some_and(|root| root.status() == Status::Running)
    }

    fn start(&mut self, machine: Arc<StateMachine>, start: Start, parent: Option<Parent>) {
        let (execution, actions) = Execution::start(machine, start, self.now);
        self.executions.push(execution);
        self.parents.push(parent);
        self.perform(self.executions.len() - 1, actions);
    }

    fn tell_at(&mut self, at: Timestamp, execution: usize, signal: Signal) {
        self.signals += 1;
        let key = (at.max(self.now), self.signals);
        self.due.insert(key, (execution, signal));
    }

    fn tell(&mut self, execution: usize, signal: Signal) {
        self.tell_at(self.now, execution, signal);
    }

    fn tell_after(&mut self, seconds: f64, execution: usize, signal: Signal) {
        let after = SignedDuration::try_from_secs_f64(seconds).unwrap_or_default();
        let at = self.now.checked_add(after).unwrap_or(Timestamp::MAX);
        self.tell_at(at, execution, signal);
    }

    fn perform(&mut self, execution: usize, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::SetTimer { timer, at } => {
                    self.tell_at(at, execution, Signal::TimerFired { timer });
                }
                Action::StartTask(asked) => self.call(execution, &asked),
                Action::StartMapRun(asked) => {
                    let map_run = asked.map_run;
                    if asked.reader.is_some() {
                        let items = self.world.items(&asked.state);
                        let items = items.map_err(|thrown| (thrown.error, thrown.cause));
                        self.tell(execution, Signal::ItemsRead { map_run, items });
                    }
                    self.map_runs.insert((execution, map_run), *asked);
                }
                Action::StartChild {
                    map_run,
                    index,
                    input,
                    map_item,
                } => self.start_child((execution, map_run, index), &input, map_item),
                Action::StopChild { map_run, index } => {
                    let child = Some((execution, map_run, index));
                    let child = self.parents.iter().position(|parent| *parent == child);
                    if let Some(child) = child {
                        let (error, cause) = (None, None);
                        self.tell(child, Signal::Stop { error, cause });
                    }
                }
                Action::WriteResults {
                    map_run, writer, ..
                } => {
                    let output = self.written(execution, map_run, &writer);
                    self.tell(execution, Signal::ResultsWritten { map_run, output });
                }
                Action::Finish(outcome) => self.finished(execution, outcome),
                // Nobody redrives a case.
                Action::RedriveMapRun { .. }
                | Action::RedriveChild { .. }
                | Action::CancelTask { .. }
                | Action::CancelTimer { .. }
                | Action::SizeMapRun { .. }
                | Action::EndMapRun { .. } => {}
            }
        }
    }

    fn call(&mut self, execution: usize, asked: &StartTask) {
        let task = asked.task;
        let Answer {
            end,
            after,
            submitted,
            heartbeats,
        } = self.world.call(&asked.state, &asked.parameters);
        self.tell(execution, Signal::TaskStarted { task, worker: None });
        if waits(&asked.resource) {
            let output = submitted.to_string();
            self.tell(execution, Signal::TaskSubmitted { task, output });
        }
        for seconds in heartbeats {
            self.tell_after(seconds, execution, Signal::TaskHeartbeat { task });
        }
        let signal = match end {
            End::Return(result) => {
                let output = result.to_string();
                let call = (asked.state.clone(), asked.resource.clone(), result);
                self.results.push(call);
                Signal::TaskSucceeded { task, output }
            }
            End::Throw(thrown) => Signal::TaskFailed {
                task,
                phase: FailedPhase::Run,
                error: Some(thrown.error),
                cause: Some(thrown.cause),
            },
            End::Never => return,
        };
        self.tell_after(after, execution, signal);
    }

    fn start_child(&mut self, parent: Parent, input: &str, map_item: Value) {
        let (execution, map_run, index) = parent;
        let (Some(of), Some(above)) = (
            self.map_runs.get(&(execution, map_run)),
            self.executions.get(execution),
        ) else {
            return;
        };
        let Some(machine) = above.machine().item_processor(&of.pointer) else {
            return;
        };
        let above = above.start_parameters();
        let mut start = start(
            &format!("{}/{}", above.state_machine_name, of.label),
            &format!("00000000-0000-4000-8000-{index:012}"),
            input,
            of.kind,
        );
        start.seed = above.seed + 1 + index;
        start.map_item = Some(map_item);
        self.start(machine, start, Some(parent));
    }

    fn finished(&mut self, execution: usize, outcome: Outcome) {
        if let Some(Some((parent, map_run, index))) = self.parents.get(execution).copied() {
            let finished = Signal::ChildFinished {
                map_run,
                index,
                outcome,
            };
            self.tell(parent, finished);
        }
    }

    /// What a map yields that writes its results to S3: where the manifest is.
    fn written(
        &self,
        execution: usize,
        map_run: MapRunId,
        writer: &Value,
    ) -> Result<Value, (String, String)> {
        let arguments = writer.get("Arguments").or_else(|| writer.get("Parameters"));
        let argument = |name: &str| arguments?.get(name)?.as_str();
        let run = self.map_runs.get(&(execution, map_run));
        let (Some(run), Some(bucket)) = (run, argument("Bucket")) else {
            let cause = format!("ResultWriter has no Bucket: {writer}");
            return Err(("States.ResultWriterFailed".to_owned(), cause));
        };
        let id = run.arn.rsplit(':').next().unwrap_or_default();
        let prefix = argument("Prefix").unwrap_or_default();
        let slash = if prefix.is_empty() { "" } else { "/" };
        Ok(json!({
            "MapRunArn": run.arn,
            "ResultWriterDetails": {
                "Bucket": bucket,
                "Key": format!("{prefix}{slash}{id}/manifest.json"),
            },
        }))
    }
}

/// Whether a task goes on after its service accepted it.
fn waits(resource: &Resource) -> bool {
    match resource {
        Resource::Optimised { pattern, .. } | Resource::Sdk { pattern, .. } => {
            *pattern != Pattern::RequestResponse
        }
        Resource::Lambda { .. } | Resource::Activity { .. } => false,
    }
}
