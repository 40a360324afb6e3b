//! Executions through the public interface: signals in, actions and history out.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

use std::sync::Arc;

use asl::{
    Action, Execution, FailedPhase, Kind, Outcome, Signal, Start, StateMachine, Status, TaskId,
};
use serde_json::{Value, json};

fn machine(definition: &Value) -> Arc<StateMachine> {
    let (machine, diagnostics) = StateMachine::parse(&definition.to_string());
    machine.unwrap_or_else(|| panic!("{diagnostics:#?}"))
}

fn begin(input: &Value) -> Start {
    Start {
        execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:m:e".into(),
        name: "e".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        kind: Kind::Standard,
        input: input.to_string(),
        seed: 7,
        synchronous: false,
        map_item: None,
    }
}

fn now() -> jiff::Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn is_send<T: Send>(value: T) -> T {
    value
}

fn types(execution: &Execution) -> Vec<String> {
    let events = execution.events().iter();
    events
        .map(|event| event.event_type().into_owned())
        .collect()
}

#[test]
fn a_task_is_retried_then_caught() {
    let machine = machine(&json!({
        "QueryLanguage": "JSONata",
        "StartAt": "Call",
        "States": {
            "Call": {
                "Type": "Task",
                "Resource": "arn:aws:states:::lambda:invoke",
                "Arguments": { "FunctionName": "f", "Payload": "{% $states.input.n + 1 %}" },
                "TimeoutSeconds": 30,
                "Retry": [{ "ErrorEquals": ["Busy"], "IntervalSeconds": 2, "MaxAttempts": 1 }],
                "Catch": [{
                    "ErrorEquals": ["States.ALL"],
                    "Assign": { "why": "{% $states.errorOutput.Error %}" },
                    "Next": "Tell"
                }],
                "End": true
            },
            "Tell": { "Type": "Pass", "Output": "{% $why %}", "End": true }
        }
    }));
    let (execution, actions) = Execution::start(machine, begin(&json!({"n": 1})), now());
    let mut execution = is_send(execution);
    let [Action::SetTimer { .. }, Action::StartTask(task)] = actions.as_slice() else {
        panic!("{actions:?}");
    };
    assert_eq!(task.parameters, json!({"FunctionName": "f", "Payload": 2}));
    let busy = |task| Signal::TaskFailed {
        task,
        phase: FailedPhase::Run,
        error: Some("Busy".into()),
        cause: None,
    };
    let actions = execution.feed(now(), busy(TaskId(0)));
    let Some(Action::SetTimer { timer, at }) = actions.last() else {
        panic!("{actions:?}");
    };
    assert_eq!(*at, "2026-11-22T10:00:02Z".parse().unwrap());
    let actions = execution.feed(*at, Signal::TimerFired { timer: *timer });
    assert!(
        matches!(actions.last(), Some(Action::StartTask(_))),
        "{actions:?}"
    );
    // An answer to the first try comes too late.
    assert_eq!(execution.feed(now(), busy(TaskId(0))), []);
    let actions = execution.feed(now(), busy(TaskId(1)));
    let output = "\"Busy\"".to_owned();
    assert_eq!(
        actions.last(),
        Some(&Action::Finish(Outcome::Succeeded { output }))
    );
    assert_eq!(execution.status(), Status::Succeeded);
    assert_eq!(
        types(&execution),
        [
            "ExecutionStarted",
            "TaskStateEntered",
            "TaskScheduled",
            "TaskFailed",
            "TaskScheduled",
            "TaskFailed",
            "TaskStateExited",
            "PassStateEntered",
            "PassStateExited",
            "ExecutionSucceeded",
        ]
    );
}

#[test]
fn a_history_never_grows_beyond_its_limit() {
    let machine = machine(&json!({
        "StartAt": "Again",
        "States": {
            "Again": { "Type": "Pass", "Next": "Enough?" },
            "Enough?": {
                "Type": "Choice",
                "Choices": [{ "Variable": "$.enough", "IsPresent": true, "Next": "Done" }],
                "Default": "Again"
            },
            "Done": { "Type": "Succeed" }
        }
    }));
    let (execution, _) = Execution::start(machine, begin(&json!({})), now());
    assert_eq!(execution.status(), Status::Failed);
    assert_eq!(execution.events().len(), 25_000);
    assert_eq!(
        execution.cause(),
        Some("The execution reached the maximum number of history events (25000).")
    );
}

#[test]
fn a_distributed_map_keeps_its_concurrency_and_its_order() {
    let machine = machine(&json!({
        "QueryLanguage": "JSONata",
        "StartAt": "All",
        "States": {
            "All": {
                "Type": "Map",
                "Items": "{% $states.input %}",
                "ItemSelector": { "item": "{% $states.context.Map.Item.Value %}" },
                "MaxConcurrency": 2,
                "ToleratedFailureCount": 1,
                "ItemProcessor": {
                    "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
                    "StartAt": "One",
                    "States": { "One": { "Type": "Succeed" } }
                },
                "End": true
            }
        }
    }));
    assert!(machine.item_processor("/States/All").is_some());
    let (mut execution, actions) = Execution::start(machine, begin(&json!(["a", "b", "c"])), now());
    let started = |actions: &[Action]| -> Vec<(u64, String)> {
        let actions = actions.iter();
        actions
            .filter_map(|action| match action {
                Action::StartChild { index, input, .. } => Some((*index, input.clone())),
                _ => None,
            })
            .collect()
    };
    assert_eq!(
        started(&actions),
        [
            (0, r#"{"item":"a"}"#.to_owned()),
            (1, r#"{"item":"b"}"#.to_owned())
        ]
    );
    let Some(map_run) = actions.iter().find_map(|action| match action {
        Action::StartMapRun(run) => Some(run.map_run),
        _ => None,
    }) else {
        panic!("{actions:?}");
    };
    let mut finish = |index, outcome| {
        let signal = Signal::ChildFinished {
            map_run,
            index,
            outcome,
        };
        execution.feed(now(), signal)
    };
    let done = |text: &str| Outcome::Succeeded {
        output: text.into(),
    };
    assert_eq!(started(&finish(1, done("2")))[0].0, 2);
    assert_eq!(started(&finish(0, done("1"))), []);
    let failed = Outcome::Failed {
        error: None,
        cause: None,
    };
    let actions = finish(2, failed);
    let output = "[1,2]".to_owned();
    assert_eq!(
        actions.last(),
        Some(&Action::Finish(Outcome::Succeeded { output }))
    );
}

#[test]
fn a_machine_times_out_and_cancels_what_it_waits_for() {
    let machine = machine(&json!({
        "StartAt": "Wait", "TimeoutSeconds": 3,
        "States": { "Wait": { "Type": "Wait", "Seconds": 25, "End": true } }
    }));
    let (mut execution, actions) = Execution::start(machine, begin(&json!({})), now());
    let [
        Action::SetTimer { timer, at },
        Action::SetTimer { timer: wait, .. },
    ] = actions.as_slice()
    else {
        panic!("{actions:?}");
    };
    let actions = execution.feed(*at, Signal::TimerFired { timer: *timer });
    assert_eq!(
        actions,
        [
            Action::CancelTimer { timer: *wait },
            Action::Finish(Outcome::TimedOut)
        ]
    );
    assert_eq!(
        (execution.status(), execution.error()),
        (Status::TimedOut, None)
    );
    let last = execution.events().last().unwrap().to_api(true);
    assert_eq!(last["previousEventId"], 0);
    assert_eq!(
        last["executionTimedOutEventDetails"],
        json!({"error": "States.Timeout"})
    );
}

#[test]
fn a_choice_without_a_match_ends_the_execution() {
    let machine = machine(&json!({
        "QueryLanguage": "JSONata", "StartAt": "C",
        "States": {
            "C": { "Type": "Choice", "Choices": [{ "Condition": "{% false %}", "Next": "D" }] },
            "D": { "Type": "Succeed" }
        }
    }));
    let (execution, _) = Execution::start(machine, begin(&json!({})), now());
    assert_eq!(
        types(&execution),
        ["ExecutionStarted", "ChoiceStateEntered", "ExecutionFailed"]
    );
    assert_eq!(execution.error(), Some("States.Runtime"));
}

#[test]
fn a_distributed_map_goes_over_the_members_of_an_object() {
    let map = |mode: Value| {
        machine(&json!({
            "StartAt": "M",
            "States": {
                "M": {
                    "Type": "Map", "End": true,
                    "ItemSelector": { "item.$": "$$.Map.Item" },
                    "ItemProcessor": {
                        "ProcessorConfig": mode,
                        "StartAt": "P", "States": { "P": { "Type": "Pass", "End": true } },
                    },
                }
            }
        }))
    };
    let distributed = map(json!({ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }));
    let (_, actions) = Execution::start(distributed, begin(&json!({ "a": 1, "b": [2] })), now());
    let inputs: Vec<&str> = actions
        .iter()
        .filter_map(|action| match action {
            Action::StartChild { input, .. } => Some(input.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        inputs,
        [
            r#"{"item":{"Index":0,"Key":"a","Value":1,"Source":"STATE_DATA"}}"#,
            r#"{"item":{"Index":1,"Key":"b","Value":[2],"Source":"STATE_DATA"}}"#,
        ]
    );
    let (inline, _) = Execution::start(map(json!({})), begin(&json!({ "a": 1 })), now());
    let cause = inline.cause().unwrap_or_default();
    assert!(
        cause.ends_with("Reference path \"$\" must point to array."),
        "{cause}"
    );
}

#[test]
fn a_refused_task_cannot_be_caught() {
    let machine = machine(&json!({
        "StartAt": "T",
        "States": {
            "T": {
                "Type": "Task", "Resource": "arn:aws:states:eu-west-1:123456789012:activity:a",
                "Catch": [{ "ErrorEquals": ["States.ALL"], "Next": "T" }], "End": true
            }
        }
    }));
    let (mut execution, _) = Execution::start(machine, begin(&json!({})), now());
    let _ = execution.feed(
        now(),
        Signal::TaskFailed {
            task: TaskId(0),
            phase: FailedPhase::Refused,
            error: None,
            cause: Some("The activity a does not exist.".into()),
        },
    );
    assert_eq!(execution.error(), Some("States.Runtime"));
    // Nor was it scheduled.
    let entered = ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"];
    assert_eq!(types(&execution), entered);
    assert_eq!(
        execution.cause(),
        Some(
            "An error occurred while executing the state 'T' (entered at the event id #2). The activity a does not exist."
        )
    );
}

#[test]
fn an_engine_that_panics_fails_the_state() {
    for picture in ["[,D1]", "[é]"] {
        let machine = machine(&json!({
            "QueryLanguage": "JSONata", "StartAt": "P",
            "States": {"P": {
                "Type": "Pass", "Output": format!("{{% $fromMillis(0, '{picture}') %}}"), "End": true
            }}
        }));
        let (execution, _) = Execution::start(machine, begin(&json!({})), now());
        assert_eq!(
            execution.error(),
            Some("States.QueryEvaluationError"),
            "{picture}"
        );
    }
}

#[test]
fn variables_have_a_limit_too() {
    let machine = machine(&json!({
        "QueryLanguage": "JSONata", "StartAt": "P",
        "States": {"P": {
            "Type": "Pass", "Assign": {"v": "{% $pad('', 300000, 'x') %}"}, "Output": "{% 1 %}", "End": true
        }}
    }));
    let (execution, _) = Execution::start(machine, begin(&json!({})), now());
    assert_eq!(execution.error(), Some("States.DataLimitExceeded"));
}

#[test]
fn what_stops_an_expression_has_no_code() {
    let cause = |expression: &str| {
        let machine = machine(&json!({
            "QueryLanguage": "JSONata", "StartAt": "P",
            "States": {"P": {"Type": "Pass", "Output": format!("{{% {expression} %}}"), "End": true}}
        }));
        let (execution, _) = Execution::start(machine, begin(&json!({})), now());
        assert_eq!(execution.error(), Some("States.QueryEvaluationError"));
        execution.cause().unwrap_or_default().to_owned()
    };
    let sum = vec!["1"; 200].join("+");
    for (expression, expected) in [
        (
            sum.as_str(),
            "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
        ),
        (
            "$sum([1..900000])",
            "threw an error during evaluation: Expression evaluation memory limit exceeded: Check for excessive memory usage",
        ),
        (
            "($f := function($n){$n + $f($n - 1)}; $f(5))",
            "threw an error during evaluation: Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
        ),
        (
            "$eval('1 + 1')",
            "threw an error during evaluation. T1006: Attempted to invoke a non-function",
        ),
    ] {
        let cause = cause(expression);
        assert!(cause.ends_with(expected), "{cause}");
    }
}
