//! A host that answers tasks from a vector's mocks, in virtual time.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;

use asl::{
    Action, Execution, FailedPhase, Integrations, Kind, Outcome, Resource, Signal, Start,
    StartTask, StateMachine, TaskId, TimerId,
};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::reader;

/// Signals after which a run is given up.
const PATIENCE: usize = 100_000;

/// The outcomes that are left, by state.
type Mocks = HashMap<String, VecDeque<Value>>;

pub(super) fn run(vector: &Value, apis: Option<&Arc<dyn Integrations>>) -> Result<Value, String> {
    let definition = vector["definition"].as_str().unwrap_or_default();
    let apis = apis.cloned().unwrap_or_else(|| refusals(vector));
    let (machine, diagnostics) = StateMachine::parse_with(definition, apis);
    let machine = machine.ok_or_else(|| {
        let faults: Vec<String> = diagnostics.iter().map(ToString::to_string).collect();
        format!("refused: {}", faults.join("; "))
    })?;
    let names = &vector["names"];
    let text = |name: &str, other: &str| names[name].as_str().unwrap_or(other).to_owned();
    let input = match vector["input"].as_str() {
        Some(input) => input.to_owned(),
        None => "{}".to_owned(),
    };
    let start = Start {
        execution_arn: text(
            "executionArn",
            "arn:aws:states:us-east-1:111111111111:execution:m:e",
        ),
        name: text("executionName", "e"),
        state_machine_arn: text(
            "stateMachineArn",
            "arn:aws:states:us-east-1:111111111111:stateMachine:m",
        ),
        state_machine_name: text("stateMachineName", "m"),
        role_arn: text("roleArn", "arn:aws:iam::111111111111:role/r"),
        kind: if vector["type"] == "EXPRESS" {
            Kind::Express
        } else {
            Kind::Standard
        },
        input,
        seed: 1,
        synchronous: vector["expected"]["sync_response"].is_object(),
        map_item: None,
    };
    let now = vector["clock"]
        .as_str()
        .and_then(|clock| clock.parse().ok())
        .unwrap_or_else(|| "2024-06-01T12:00:00.123Z".parse().unwrap());
    let mut mocks = Mocks::new();
    for (state, outcomes) in vector["mocks"].as_object().into_iter().flatten() {
        let outcomes = outcomes.as_array().into_iter().flatten().cloned();
        mocks.insert(state.clone(), outcomes.collect());
    }
    let mut host = Host::new(vector, mocks);
    let execution = host.drive(&machine, start, now)?;
    Ok(super::run_of(&execution))
}

/// Stands for the knowledge of APIs, where nobody has it: a task that AWS refused to start is
/// refused here too.
#[derive(Debug)]
struct Refusals(Option<String>);

impl Integrations for Refusals {
    fn refusal(&self, _: &Resource, _: &Value) -> Option<String> {
        self.0.clone()
    }
}

/// The recorded reason, where the task that was refused is the only one.
fn refusals(vector: &Value) -> Arc<dyn Integrations> {
    let last = vector["expected"]["events"]
        .as_array()
        .and_then(|events| events.last());
    let cause = last.and_then(|event| event["executionFailedEventDetails"]["cause"].as_str());
    let why = cause
        .and_then(|cause| cause.split_once("could not be used to start the Task: ["))
        .and_then(|(_, why)| why.strip_suffix(']'))
        .filter(|_| vector["mocks"].as_object().is_none_or(Map::is_empty));
    Arc::new(Refusals(why.map(str::to_owned)))
}

struct Host<'v> {
    vector: &'v Value,
    mocks: Mocks,
}

/// What a task will be told, in order.
struct Script {
    task: TaskId,
    signals: VecDeque<Signal>,
}

impl Script {
    fn no_activity(task: TaskId, arn: &str) -> Self {
        let refusal = Signal::TaskFailed {
            task,
            phase: FailedPhase::Refused,
            error: None,
            cause: Some(format!("The activity {arn} does not exist.")),
        };
        Self {
            task,
            signals: VecDeque::from([refusal]),
        }
    }
}

impl<'v> Host<'v> {
    fn new(vector: &'v Value, mocks: Mocks) -> Self {
        Self { vector, mocks }
    }

    fn drive(
        &mut self,
        machine: &Arc<StateMachine>,
        start: Start,
        mut now: Timestamp,
    ) -> Result<Execution, String> {
        let (mut execution, actions) = Execution::start(machine.clone(), start, now);
        let mut timers: BTreeMap<(Timestamp, TimerId), ()> = BTreeMap::new();
        let mut scripts: VecDeque<Script> = VecDeque::new();
        let mut other: VecDeque<Signal> = VecDeque::new();
        let mut actions = VecDeque::from(actions);
        let mut runs: HashMap<asl::MapRunId, String> = HashMap::new();
        for _ in 0..PATIENCE {
            while let Some(action) = actions.pop_front() {
                match action {
                    Action::StartTask(task) => scripts.push_back(self.script(&task)?),
                    Action::CancelTask { task } => scripts.retain(|script| script.task != task),
                    Action::SetTimer { timer, at } => {
                        timers.insert((at, timer), ());
                    }
                    Action::CancelTimer { timer } => {
                        timers.retain(|(_, known), ()| *known != timer)
                    }
                    Action::StartMapRun(run) => {
                        if let Some(reader) = &run.reader {
                            let items = reader::read(reader, self.vector);
                            let map_run = run.map_run;
                            other.push_back(Signal::ItemsRead { map_run, items });
                        }
                        runs.insert(run.map_run, run.pointer.clone());
                    }
                    Action::StartChild {
                        map_run,
                        index,
                        input,
                        map_item,
                    } => {
                        let child = machine
                            .item_processor(&runs[&map_run])
                            .ok_or("there is no processor")?;
                        let start = Start {
                            input,
                            map_item: Some(map_item),
                            ..execution.start_parameters().clone()
                        };
                        let child = self.drive(&child, start, now)?;
                        let outcome = match child.output() {
                            Some(output) => Outcome::Succeeded {
                                output: output.to_owned(),
                            },
                            None => Outcome::Failed {
                                error: child.error().map(str::to_owned),
                                cause: child.cause().map(str::to_owned),
                            },
                        };
                        other.push_back(Signal::ChildFinished {
                            map_run,
                            index,
                            outcome,
                        });
                    }
                    Action::WriteResults { map_run, .. } => {
                        let output = Ok(json!({"MapRunArn": "arn", "ResultWriterDetails": {}}));
                        other.push_back(Signal::ResultsWritten { map_run, output });
                    }
                    Action::StopChild { .. }
                    | Action::EndMapRun { .. }
                    | Action::SizeMapRun { .. }
                    | Action::RedriveMapRun { .. }
                    | Action::RedriveChild { .. } => {}
                    Action::Finish(_) => return Ok(execution),
                }
            }
            let signal = if let Some(signal) = other.pop_front() {
                signal
            } else if let Some(mut script) = scripts.pop_front() {
                let Some(signal) = script.signals.pop_front() else {
                    continue;
                };
                scripts.push_back(script);
                signal
            } else if let Some(((at, timer), ())) = timers.pop_first() {
                now = now.max(at);
                Signal::TimerFired { timer }
            } else {
                return Err("the execution waits for nothing".to_owned());
            };
            actions.extend(execution.feed(now, signal));
        }
        Err("the execution does not end".to_owned())
    }

    fn script(&mut self, start: &StartTask) -> Result<Script, String> {
        let task = start.task;
        let outcomes = self.mocks.get_mut(&start.state);
        let outcome = match (outcomes.and_then(VecDeque::pop_front), &start.resource) {
            (Some(outcome), _) => outcome,
            // Nobody scheduled its task: the activity was not there any more.
            (None, Resource::Activity { arn }) => return Ok(Script::no_activity(task, arn)),
            (None, _) => return Err(format!("there is no mock for `{}`", start.state)),
        };
        let mut signals = VecDeque::new();
        if matches!(start.resource, Resource::Activity { .. }) {
            signals.push_back(Signal::TaskScheduled { task });
        }
        let event = outcome["event"].as_str().unwrap_or_default();
        let worker = match &start.resource {
            Resource::Activity { .. } => self.recorded_worker(),
            _ => Some(None),
        };
        if let Some(worker) = worker {
            signals.push_back(Signal::TaskStarted { task, worker });
        }
        if let Some(submitted) = outcome.get("submitted") {
            let output = submitted.to_string();
            signals.push_back(Signal::TaskSubmitted { task, output });
        }
        if let Some(output) = outcome.get("return") {
            let output = output.to_string();
            signals.push_back(Signal::TaskSucceeded { task, output });
        } else if let Some(output) = outcome["return_raw"].as_str() {
            let output = output.to_owned();
            signals.push_back(Signal::TaskSucceeded { task, output });
        } else if !event.ends_with("TimedOut") {
            let text = |name: &str| outcome["throw"][name].as_str().map(str::to_owned);
            signals.push_back(Signal::TaskFailed {
                task,
                phase: FailedPhase::Run,
                error: text("error"),
                cause: text("cause"),
            });
        }
        Ok(Script { task, signals })
    }

    /// Who took the activity's task, if the recording has somebody do so.
    #[expect(
        clippy::option_option,
        reason = "nobody is not somebody without a name"
    )]
    fn recorded_worker(&self) -> Option<Option<String>> {
        let events = self.vector["expected"]["events"].as_array()?;
        let started = events
            .iter()
            .find(|event| event["type"] == "ActivityStarted")?;
        let worker = started["activityStartedEventDetails"]["workerName"].as_str();
        Some(worker.map(str::to_owned))
    }
}
