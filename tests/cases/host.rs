//! The host of an execution and its children: a clock that jumps from one signal to the next, and
//! a world that answers at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use asl::{
    Action, Execution, FailedPhase, Kind, MapRunId, Outcome, Signal, Start, StartMapRun,
    StateMachine, Status,
};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::ways;
use crate::world::{Answer, Items, World};

/// What is left of a run.
pub(crate) struct Run {
    /// The execution and its children, in the words of `expected.json`.
    pub(crate) root: Value,
    /// Seconds from its start to its end, the last one not counted unless it is whole.
    pub(crate) seconds: i64,
    /// The execution and its children.
    pub(crate) executions: Vec<Execution>,
}

/// Runs an execution to its end.
pub(crate) fn run(name: &str, machine: &Arc<StateMachine>, input: &str, world: &mut World) -> Run {
    let mut host = Host {
        world,
        now: "2026-11-22T10:00:00Z".parse().unwrap(),
        due: BTreeMap::new(),
        signals: 0,
        executions: Vec::new(),
        parents: Vec::new(),
        map_runs: BTreeMap::new(),
    };
    host.start(Arc::clone(machine), start(name, "case", input), None);
    while host.executions[0].status() == Status::Running {
        let ((now, _), (execution, signal)) = host
            .due
            .pop_first()
            .unwrap_or_else(|| panic!("{name}: the execution waits for nothing"));
        host.now = now;
        let actions = host.executions[execution].feed(now, signal);
        host.perform(execution, actions);
    }
    let root = &host.executions[0];
    let seconds = root.stopped_at().unwrap().duration_since(root.started_at());
    Run {
        seconds: seconds.as_secs(),
        root: host.told(0),
        executions: host.executions,
    }
}

/// How an execution is started. Children are named `<machine>/<label>`.
fn start(machine: &str, name: &str, input: &str) -> Start {
    let arn = |what: &str| format!("arn:aws:states:eu-west-1:111122223333:{what}");
    let machine_name = machine.split('/').next().unwrap_or(machine);
    Start {
        execution_arn: arn(&format!("execution:{machine}:{name}")),
        name: name.to_owned(),
        state_machine_arn: arn(&format!("stateMachine:{machine}")),
        state_machine_name: machine_name.to_owned(),
        role_arn: format!("arn:aws:iam::111122223333:role/{machine_name}"),
        kind: Kind::Standard,
        input: input.to_owned(),
        seed: 1,
        synchronous: false,
        map_item: None,
    }
}

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
}

impl Host<'_> {
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

    fn perform(&mut self, execution: usize, actions: Vec<Action>) {
        for action in actions {
            match action {
                Action::SetTimer { timer, at } => {
                    self.tell_at(at, execution, Signal::TimerFired { timer });
                }
                Action::StartTask(asked) => {
                    let task = asked.task;
                    self.tell(execution, Signal::TaskStarted { task, worker: None });
                    let answer = match self.world.call(&asked.state, &asked.parameters) {
                        Answer::Return(result) => Signal::TaskSucceeded {
                            task,
                            output: result.to_string(),
                        },
                        Answer::Throw(thrown) => Signal::TaskFailed {
                            task,
                            phase: FailedPhase::Run,
                            error: Some(thrown.error),
                            cause: Some(thrown.cause),
                        },
                    };
                    self.tell(execution, answer);
                }
                Action::StartMapRun(asked) => {
                    let map_run = asked.map_run;
                    if asked.reader.is_some() {
                        let items = match self.world.items(&asked.state) {
                            Items::Items(items) => Ok(items),
                            Items::Throw(thrown) => Err((thrown.error, thrown.cause)),
                        };
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
                    let (error, cause) = (None, None);
                    self.tell(child.unwrap(), Signal::Stop { error, cause });
                }
                Action::WriteResults {
                    map_run, writer, ..
                } => {
                    let output = Ok(self.written(execution, map_run, &writer));
                    self.tell(execution, Signal::ResultsWritten { map_run, output });
                }
                Action::Finish(outcome) => self.finished(execution, outcome),
                Action::CancelTask { .. }
                | Action::CancelTimer { .. }
                | Action::EndMapRun { .. } => {}
            }
        }
    }

    fn start_child(&mut self, parent: Parent, input: &str, map_item: Value) {
        let (execution, map_run, index) = parent;
        let of = &self.map_runs[&(execution, map_run)];
        let above = &self.executions[execution];
        let machine = above.machine().item_processor(&of.pointer).unwrap();
        let above = above.start_parameters();
        let name = format!("00000000-0000-4000-8000-{index:012}");
        let mut start = start(
            &format!("{}/{}", above.state_machine_name, of.label),
            &name,
            input,
        );
        start.kind = of.kind;
        start.seed = above.seed + 1 + index;
        start.map_item = Some(map_item);
        self.start(machine, start, Some(parent));
    }

    fn finished(&mut self, execution: usize, outcome: Outcome) {
        if let Some((parent, map_run, index)) = self.parents[execution] {
            let finished = Signal::ChildFinished {
                map_run,
                index,
                outcome,
            };
            self.tell(parent, finished);
        }
    }

    /// What a map yields that writes its results to S3: where the manifest is.
    fn written(&self, execution: usize, map_run: MapRunId, writer: &Value) -> Value {
        let argument = |name: &str| {
            let value = writer["Arguments"][name].as_str();
            value.unwrap_or_else(|| panic!("ResultWriter has no {name}: {writer}"))
        };
        let arn = &self.map_runs[&(execution, map_run)].arn;
        let id = arn.rsplit(':').next().unwrap_or_default();
        let key = format!("{}/{id}/manifest.json", argument("Prefix"));
        json!({
            "MapRunArn": arn,
            "ResultWriterDetails": { "Bucket": argument("Bucket"), "Key": key },
        })
    }

    /// An execution and its children, in the words of `expected.json`.
    fn told(&self, at: usize) -> Value {
        let execution = &self.executions[at];
        let mut told = json!({ "status": execution.status().as_str() });
        if let Some(output) = execution.output() {
            told["output"] = serde_json::from_str(output).unwrap();
        }
        for (member, text) in [("error", execution.error()), ("cause", execution.cause())] {
            if let Some(text) = text {
                told[member] = text.into();
            }
        }
        told["states"] = ways::states(execution).into();
        let of = |parent: &Option<Parent>| parent.is_some_and(|(parent, ..)| parent == at);
        let children = (0..self.parents.len()).filter(|child| of(&self.parents[*child]));
        let children: Vec<_> = children.map(|child| self.told(child)).collect();
        if !children.is_empty() {
            told["children"] = children.into();
        }
        told
    }
}
