//! How fast the interpreter is, and that its cost grows in step with the work.
//!
//! `cargo bench -p asl`. Each line of a pair does ten times the work of the one before it.

#![expect(clippy::unwrap_used, reason = "a benchmark may fail")]

use std::hint::black_box;
use std::sync::Arc;

use asl::{Action, Execution, Kind, Limits, Outcome, Signal, Start, StateMachine, Status};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use serde_json::{Map, Value, json};

fn start(input: String) -> Start {
    Start {
        execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:m:e".into(),
        name: "e".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        kind: Kind::Standard,
        input,
        seed: 3,
        synchronous: false,
        map_item: None,
    }
}

const LIMITS: Limits = Limits {
    events: usize::MAX,
    payload_bytes: usize::MAX,
    inline_concurrency: 40,
    distributed_concurrency: 10_000,
};

fn machine(definition: &Value) -> Arc<StateMachine> {
    let (machine, found) = StateMachine::parse(&definition.to_string());
    assert!(machine.is_some(), "{found:?}");
    machine.unwrap()
}

/// Runs to the end; children of distributed Maps answer at once.
fn run(machine: &Arc<StateMachine>, input: &str) -> usize {
    let now = jiff::Timestamp::UNIX_EPOCH;
    let (mut execution, mut actions) =
        Execution::start_with(Arc::clone(machine), start(input.to_owned()), LIMITS, now);
    let mut answers = std::collections::VecDeque::new();
    loop {
        for action in actions.drain(..) {
            if let Action::StartChild {
                map_run,
                index,
                input: output,
                ..
            } = action
            {
                let outcome = Outcome::Succeeded { output };
                answers.push_back(Signal::ChildFinished {
                    map_run,
                    index,
                    outcome,
                });
            }
        }
        match answers.pop_front() {
            Some(signal) => actions = execution.feed(now, signal),
            None => break,
        }
    }
    assert_eq!(execution.status(), Status::Succeeded);
    execution.events().len()
}

fn loop_in_jsonpath(count: usize) -> Value {
    json!({"StartAt": "Step", "States": {
        "Step": {"Type": "Pass", "Parameters": {"i.$": "States.MathAdd($.i, 1)"}, "Next": "More?"},
        "More?": {"Type": "Choice", "Choices": [
            {"Variable": "$.i", "NumericLessThan": count, "Next": "Step"}
        ], "Default": "Done"},
        "Done": {"Type": "Succeed"}
    }})
}

fn loop_in_jsonata(count: usize) -> Value {
    json!({"QueryLanguage": "JSONata", "StartAt": "Step", "States": {
        "Step": {"Type": "Pass", "Output": {"i": "{% $states.input.i + 1 %}"}, "Next": "More?"},
        "More?": {"Type": "Choice", "Choices": [
            {"Condition": format!("{{% $states.input.i < {count} %}}"), "Next": "Step"}
        ], "Default": "Done"},
        "Done": {"Type": "Succeed"}
    }})
}

fn map(mode: &Value) -> Value {
    let mut processor = json!({"StartAt": "One", "States": {
        "One": {"Type": "Pass", "Output": {"n": "{% $states.input.n + 1 %}"}, "End": true}
    }});
    processor["ProcessorConfig"] = mode.clone();
    json!({"QueryLanguage": "JSONata", "StartAt": "Each", "States": {"Each": {
        "Type": "Map", "Items": "{% $states.input.items %}",
        "ItemSelector": {"n": "{% $states.context.Map.Item.Value %}"},
        "ItemProcessor": processor, "End": true
    }}})
}

fn parallel() -> Value {
    let branches: Vec<Value> = (0..100)
        .map(|n| {
            let name = format!("Branch {n}");
            json!({"StartAt": name, "States": {
                name.clone(): {"Type": "Pass", "Parameters": {"n": n, "input.$": "$.items"}, "End": true}
            }})
        })
        .collect();
    json!({"StartAt": "All", "States": {"All": {"Type": "Parallel", "Branches": branches, "End": true}}})
}

fn large() -> String {
    let mut states = Map::new();
    for n in 0..500 {
        let state = match n % 3 {
            0 => json!({"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters": {"FunctionName": "f", "Payload": {"a.$": "$.items[0].name", "b.$": "States.Format('{}', $.n)"}},
                "Retry": [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 2, "MaxAttempts": 3}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "State 499"}]}),
            1 => json!({"Type": "Pass", "QueryLanguage": "JSONata",
                "Output": {"n": "{% $count($states.input.items[price > 3]) + 1 %}"}}),
            _ => json!({"Type": "Wait", "Seconds": 5}),
        };
        states.insert(format!("State {n}"), state);
    }
    for n in 0..499 {
        states[&format!("State {n}")]["Next"] = format!("State {}", n + 1).into();
    }
    states["State 499"]["End"] = true.into();
    json!({"StartAt": "State 0", "States": states}).to_string()
}

fn items(count: usize) -> String {
    json!({"items": (0..count).collect::<Vec<_>>()}).to_string()
}

fn benches(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("transitions");
    group.sample_size(10);
    for count in [10_000, 100_000] {
        // Two states an iteration.
        group.throughput(Throughput::Elements(2 * count as u64));
        let jsonpath = machine(&loop_in_jsonpath(count));
        group.bench_function(format!("loop of {count} in JSONPath"), |bencher| {
            bencher.iter(|| black_box(run(&jsonpath, r#"{"i":0}"#)));
        });
        let jsonata = machine(&loop_in_jsonata(count));
        group.bench_function(format!("loop of {count} in JSONata"), |bencher| {
            bencher.iter(|| black_box(run(&jsonata, r#"{"i":0}"#)));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("items");
    group.sample_size(10);
    let inline = machine(&map(&json!({"Mode": "INLINE"})));
    let distributed = machine(&map(
        &json!({"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}),
    ));
    for count in [10_000, 100_000] {
        group.throughput(Throughput::Elements(count as u64));
        let input = items(count);
        group.bench_function(format!("inline Map over {count}"), |bencher| {
            bencher.iter(|| black_box(run(&inline, &input)));
        });
        group.bench_function(format!("distributed Map over {count}"), |bencher| {
            bencher.iter(|| black_box(run(&distributed, &input)));
        });
    }
    group.finish();

    let branches = machine(&parallel());
    let input = items(10);
    criterion.bench_function("Parallel of 100", |bencher| {
        bencher.iter(|| black_box(run(&branches, &input)));
    });

    let text = large();
    assert!(StateMachine::parse(&text).0.is_some());
    criterion.bench_function("parse 500 states", |bencher| {
        bencher.iter_batched(
            || text.clone(),
            |text| black_box(StateMachine::parse(&text)),
            BatchSize::SmallInput,
        );
    });
}

criterion_group!(interpreter, benches);
criterion_main!(interpreter);
