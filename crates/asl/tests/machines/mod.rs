//! Random machines, and a world that answers them in random order.

use std::collections::{BTreeMap, VecDeque};

use asl::{Action, FailedPhase, MapRunId, Outcome, Pattern, Resource, Signal, TaskId, TimerId};
use jiff::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a machine does, state after state.
#[derive(Debug, Clone)]
pub(crate) struct Plan(Vec<Step>);

#[derive(Debug, Clone)]
enum Step {
    Pass,
    Assign,
    Wait,
    Task {
        pattern: &'static str,
        retries: u64,
        is_caught: bool,
        has_timeout: bool,
        is_jsonata: bool,
    },
    /// On to the end if the flag is set, else to the next state.
    Choice,
    Fail,
    Succeed,
    Parallel(Vec<Plan>, bool),
    Map {
        body: Box<Plan>,
        is_distributed: bool,
        concurrency: u64,
        tolerated: u64,
        is_caught: bool,
    },
}

pub(crate) fn plan() -> impl Strategy<Value = Plan> {
    let task = (
        prop::sample::select(vec!["", ".sync", ".waitForTaskToken", "activity"]),
        0_u64..3,
        any::<bool>(),
        any::<bool>(),
        any::<bool>(),
    )
        .prop_map(
            |(pattern, retries, is_caught, has_timeout, is_jsonata)| Step::Task {
                pattern,
                retries,
                is_caught,
                has_timeout,
                is_jsonata,
            },
        );
    let leaf = prop_oneof![
        3 => Just(Step::Pass),
        2 => Just(Step::Assign),
        2 => Just(Step::Wait),
        6 => task,
        2 => Just(Step::Choice),
        1 => Just(Step::Fail),
        1 => Just(Step::Succeed),
    ];
    let steps = leaf.prop_recursive(3, 24, 4, |inner| {
        let body = prop::collection::vec(inner, 1..4).prop_map(Plan);
        prop_oneof![
            (prop::collection::vec(body.clone(), 1..4), any::<bool>())
                .prop_map(|(branches, is_caught)| Step::Parallel(branches, is_caught)),
            (body, any::<bool>(), 0_u64..4, 0_u64..3, any::<bool>()).prop_map(
                |(body, is_distributed, concurrency, tolerated, is_caught)| Step::Map {
                    body: Box::new(body),
                    is_distributed,
                    concurrency,
                    tolerated,
                    is_caught,
                }
            ),
        ]
    });
    prop::collection::vec(steps, 1..6).prop_map(Plan)
}

/// The plan as a definition.
pub(crate) fn definition(plan: &Plan) -> Value {
    program(plan, &mut 0)
}

fn program(plan: &Plan, names: &mut usize) -> Value {
    let own: Vec<String> = plan
        .0
        .iter()
        .map(|_| {
            *names += 1;
            format!("S{names}")
        })
        .collect();
    *names += 1;
    let end = format!("S{names}");
    let mut states = serde_json::Map::new();
    for (index, step) in plan.0.iter().enumerate() {
        let next = own.get(index + 1).unwrap_or(&end);
        let mut state = self::state(step, &end, names);
        match step {
            Step::Choice => state["Default"] = next.as_str().into(),
            Step::Fail | Step::Succeed => {
                // All that follows must stay reachable.
                let name = format!("{} or not", own[index]);
                states.insert(
                    own[index].clone(),
                    json!({"Type": "Choice", "Default": next, "Choices": [
                        {"Variable": "$.flag", "BooleanEquals": true, "Next": name}
                    ]}),
                );
                states.insert(name, state);
                continue;
            }
            _ => state["Next"] = next.as_str().into(),
        }
        states.insert(own[index].clone(), state);
    }
    states.insert(end, json!({"Type": "Succeed"}));
    json!({"StartAt": own[0], "States": states})
}

fn state(step: &Step, end: &str, names: &mut usize) -> Value {
    let catch = |is_caught: bool| match is_caught {
        true => json!([{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": end}]),
        false => json!([]),
    };
    match step {
        Step::Pass => json!({"Type": "Pass", "Result": {"x": 1}, "ResultPath": "$.flag"}),
        Step::Assign => json!({"Type": "Pass", "QueryLanguage": "JSONata",
            "Assign": {"v": "{% $uuid() %}"},
            "Output": "{% $merge([{'flag': true}, $type($states.input) = 'object' ? $states.input : {}]) %}"}),
        Step::Wait => json!({"Type": "Wait", "Seconds": 3}),
        Step::Task {
            pattern,
            retries,
            is_caught,
            has_timeout,
            is_jsonata,
        } => {
            let mut state = json!({
                "Type": "Task",
                "Resource": match *pattern {
                    ".sync" => "arn:aws:states:::states:startExecution.sync".to_owned(),
                    "activity" => "arn:aws:states:eu-west-1:123456789012:activity:a".to_owned(),
                    pattern => format!("arn:aws:states:::sqs:sendMessage{pattern}"),
                },
                "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": retries, "JitterStrategy": "FULL"}],
            });
            if *is_jsonata {
                state["QueryLanguage"] = "JSONata".into();
                state["Output"] = "{% {'flag': $states.result.flag, 'list': [1, 2]} %}".into();
                if *is_caught {
                    state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": end,
                        "Assign": {"why": "{% $states.errorOutput %}"}}]);
                }
            } else {
                state["ResultSelector"] = json!({"flag.$": "$.flag"});
                state["Catch"] = catch(*is_caught);
            }
            if *has_timeout {
                state["TimeoutSeconds"] = 20.into();
                state["HeartbeatSeconds"] = 5.into();
            }
            state
        }
        Step::Choice => json!({"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.flag", "IsPresent": true}, {"Variable": "$.flag", "BooleanEquals": true}], "Next": end}
        ]}),
        Step::Fail => json!({"Type": "Fail", "Error": "Busy"}),
        Step::Succeed => json!({"Type": "Succeed"}),
        Step::Parallel(branches, is_caught) => {
            let branches: Vec<Value> = branches.iter().map(|plan| program(plan, names)).collect();
            json!({"Type": "Parallel", "Branches": branches, "Catch": catch(*is_caught),
                "ResultSelector": {"flag": true, "list.$": "$"},
                "Retry": [{"ErrorEquals": ["Busy"], "MaxAttempts": 1}]})
        }
        Step::Map {
            body,
            is_distributed,
            concurrency,
            tolerated,
            is_caught,
        } => {
            let mut processor = program(body, names);
            if *is_distributed {
                processor["ProcessorConfig"] =
                    json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"});
            }
            json!({"Type": "Map", "ItemProcessor": processor, "MaxConcurrency": concurrency,
                "ItemSelector": {"flag.$": "$$.Map.Item.Value", "list": [1, 2, 3]},
                "ItemsPath": "$.list", "ToleratedFailureCount": tolerated,
                "ResultPath": "$.list", "Catch": catch(*is_caught)})
        }
    }
}

/// Everything that may happen next, in an order that the choices decide.
pub(crate) struct World {
    choices: VecDeque<u16>,
    used: usize,
    now: Timestamp,
    timers: BTreeMap<TimerId, Timestamp>,
    tasks: BTreeMap<TaskId, Pattern>,
    children: Vec<(MapRunId, u64, String)>,
    is_over: bool,
}

impl World {
    pub(crate) fn new(choices: &[u16]) -> Self {
        Self {
            choices: choices.iter().copied().collect(),
            used: 0,
            now: Timestamp::UNIX_EPOCH,
            timers: BTreeMap::new(),
            tasks: BTreeMap::new(),
            children: Vec::new(),
            is_over: false,
        }
    }

    pub(crate) fn take(&mut self, actions: Vec<Action>) {
        for action in actions {
            assert!(!self.is_over, "{action:?} comes after the end");
            match action {
                Action::StartTask(task) => {
                    let pattern = match task.resource {
                        Resource::Optimised { pattern, .. } => pattern,
                        _ => Pattern::RequestResponse,
                    };
                    self.tasks.insert(task.task, pattern);
                }
                Action::CancelTask { task } => {
                    self.tasks.remove(&task);
                }
                Action::SetTimer { timer, at } => {
                    self.timers.insert(timer, at);
                }
                Action::CancelTimer { timer } => {
                    self.timers.remove(&timer);
                }
                Action::StartChild {
                    map_run,
                    index,
                    input,
                    ..
                }
                | Action::RedriveChild {
                    map_run,
                    index,
                    input,
                    ..
                } => self.children.push((map_run, index, input)),
                Action::StopChild { map_run, index } => self
                    .children
                    .retain(|(run, at, _)| (*run, *at) != (map_run, index)),
                Action::StartMapRun(_)
                | Action::SizeMapRun { .. }
                | Action::RedriveMapRun { .. }
                | Action::EndMapRun { .. }
                | Action::WriteResults { .. } => {}
                Action::Finish(_) => self.is_over = true,
            }
        }
    }

    /// The next choice; when they are used up, they come round again, until all goes well.
    fn choose(&mut self, bound: usize) -> usize {
        self.used += 1;
        let Some(choice) = self.choices.pop_front() else {
            return 0;
        };
        if self.used < 400 {
            self.choices.push_back(choice);
        }
        usize::from(choice) % bound.max(1)
    }

    /// Whether an execution that did not succeed is redriven.
    pub(crate) fn redrives(&mut self) -> Option<(Timestamp, Signal)> {
        if self.choose(3) != 1 {
            return None;
        }
        self.is_over = false;
        Some((self.now, Signal::Redrive))
    }

    /// What happens next, if anything can.
    pub(crate) fn next(&mut self) -> Option<(Timestamp, Signal)> {
        if self.is_over {
            return None;
        }
        let total = self.tasks.len() + self.children.len() + usize::from(!self.timers.is_empty());
        if total == 0 {
            return None;
        }
        let at = self.choose(total);
        if let Some((task, pattern)) = self
            .tasks
            .iter()
            .nth(at)
            .map(|(task, pattern)| (*task, *pattern))
        {
            return Some((self.now, self.answer(task, pattern)));
        }
        let at = at - self.tasks.len().min(at);
        if at < self.children.len() {
            let (map_run, index, input) = self.children.remove(at);
            let outcome = match self.choose(5) {
                1 => Outcome::Failed {
                    error: Some("Busy".into()),
                    cause: None,
                },
                2 => Outcome::TimedOut,
                _ => Outcome::Succeeded { output: input },
            };
            return Some((
                self.now,
                Signal::ChildFinished {
                    map_run,
                    index,
                    outcome,
                },
            ));
        }
        let (timer, due) = self
            .timers
            .iter()
            .min_by_key(|(_, due)| **due)
            .map(|(timer, due)| (*timer, *due))?;
        self.timers.remove(&timer);
        self.now = self.now.max(due);
        Some((self.now, Signal::TimerFired { timer }))
    }

    fn answer(&mut self, task: TaskId, pattern: Pattern) -> Signal {
        let fail = |phase, error: Option<&str>| Signal::TaskFailed {
            task,
            phase,
            error: error.map(str::to_owned),
            cause: Some("because".into()),
        };
        let output = r#"{"flag": true}"#.to_owned();
        match self.choose(14) {
            // Whether it was scheduled before or not, and whether it is an activity or not.
            12 => Signal::TaskScheduled { task },
            13 => {
                self.tasks.remove(&task);
                fail(FailedPhase::Refused, None)
            }
            1 => Signal::TaskStarted { task, worker: None },
            2 if pattern != Pattern::RequestResponse => Signal::TaskSubmitted { task, output },
            3 => Signal::TaskHeartbeat { task },
            4 => {
                self.tasks.remove(&task);
                fail(FailedPhase::Run, Some("Busy"))
            }
            5 => {
                self.tasks.remove(&task);
                fail(FailedPhase::Submit, None)
            }
            6 => {
                self.tasks.remove(&task);
                fail(FailedPhase::Start, Some("States.TaskFailed"))
            }
            7 => {
                self.tasks.remove(&task);
                Signal::TaskSucceeded {
                    task,
                    output: "not JSON".into(),
                }
            }
            // Somebody else's task: nothing may come of it.
            8 => Signal::TaskSucceeded {
                task: TaskId(task.0 + 1_000_000),
                output,
            },
            _ => {
                self.tasks.remove(&task);
                Signal::TaskSucceeded { task, output }
            }
        }
    }
}
