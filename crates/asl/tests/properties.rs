//! What holds for every definition, every input, every order of answers.
//!
//! Texts, values and expressions are arbitrary; machines are made of all state types and run by a
//! host that answers in any order, late, twice, or with failures.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod machines;

use asl::{Details, Execution, Kind, Limits, Signal, Start, StateMachine, Status, format};
use jiff::Timestamp;
use machines::{Plan, definition, plan};
use proptest::prelude::*;
use serde_json::{Value, json};

fn start(input: &str) -> Start {
    Start {
        execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:m:e".into(),
        name: "e".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        kind: Kind::Standard,
        input: input.to_owned(),
        seed: 5,
        synchronous: false,
        map_item: None,
    }
}

const LIMITS: Limits = Limits {
    payload_bytes: 64 * 1024,
    events: 2_000,
    inline_concurrency: 3,
    distributed_concurrency: 3,
};

fn history(execution: &Execution) -> String {
    let events = execution.events().iter();
    events
        .map(|event| event.to_api(true).to_string() + "\n")
        .collect()
}

/// Any JSON value that a person might write.
fn json_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop_oneof![
            Just("$"),
            Just("$.a[0]"),
            Just("$$.Task.Token"),
            Just("$v"),
            Just("{% $states.input %}"),
            Just("States.UUID()"),
            Just("JSONata"),
            Just("DISTRIBUTED"),
            Just("S"),
            Just("arn:aws:states:::lambda:invoke"),
        ]
        .prop_map(Value::from),
    ];
    let key = prop_oneof![
        4 => prop::sample::select(vec![
            "StartAt", "States", "S", "Type", "Next", "End", "Choices", "Default", "Branches",
            "ItemProcessor", "ProcessorConfig", "Mode", "Items", "ItemsPath", "Parameters", "a.$",
            "Arguments", "Output", "Assign", "Retry", "Catch", "ErrorEquals", "Seconds", "Resource",
            "QueryLanguage", "Condition", "Variable", "And", "Not", "StringEquals", "Result",
        ]).prop_map(str::to_owned),
        1 => ".{0,6}",
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..7)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Pieces of expressions, put together without regard to grammar.
fn soup(pieces: &'static [&'static str]) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

const JSONATA: &[&str] = &[
    "$",
    "$$",
    "$states.input",
    "$states",
    "$v",
    ".",
    "a",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "1",
    "-1",
    "1e308",
    "'x'",
    "\"é\"",
    ",",
    ":",
    ";",
    ":=",
    "?",
    "~>",
    "function($x){",
    "$x",
    "$map(",
    "$reduce(",
    "$sum(",
    "$range(0, 2000, 1)",
    "$partition(",
    "$hash(",
    "$uuid()",
    "$random()",
    "$parse(",
    "$eval(",
    "$string(",
    "$pad(",
    "$replace(",
    "/a+/",
    " and ",
    " in ",
    "^(",
    "@$v",
    "#$i",
    "%",
    "*",
    "**",
    "..",
    "|",
    "??",
    "?:",
    "&",
    "=",
    "/* ",
    "*/",
    "$now()",
    "$toMillis(",
    "$formatNumber(",
    "$f := function($n){$f($n)}",
];

const JSONPATH: &[&str] = &[
    "$",
    "$$",
    "$v",
    "@",
    ".",
    "..",
    "[",
    "]",
    "*",
    "a",
    "0",
    "-1",
    ":",
    ",",
    "'a'",
    "\"b\"",
    "?(",
    ")",
    "(",
    "==",
    "=~",
    "<",
    "&&",
    "||",
    "!",
    " in ",
    "nin",
    "/x/",
    "1",
    "1e9",
    ".length()",
    ".min()",
    "é",
    " ",
    "~",
    "99999999999999999999",
];

const CALLS: &[&str] = &[
    "States.Format(",
    "States.Array(",
    "States.MathAdd(",
    "States.MathRandom(",
    "States.Hash(",
    "States.JsonMerge(",
    "States.ArrayRange(",
    "States.ArrayGetItem(",
    "States.ArrayPartition(",
    "States.StringToJson(",
    "States.StringSplit(",
    "States.Base64Decode(",
    "States.UUID(",
    ")",
    ",",
    "'",
    "'{}'",
    "'\\'",
    "\\{",
    "$",
    "$.a",
    "$$.Execution",
    "1",
    "-9223372036854775808",
    "1e400",
    "true",
    "null",
    " ",
    "é",
];

/// Parses and, if that works, runs with timers alone.
fn survive(text: &str, input: &str) -> Result<(), TestCaseError> {
    let (machine, found) = StateMachine::parse(text);
    for fault in &found {
        prop_assert!(text.get(fault.span.clone()).is_some(), "{fault:?}");
    }
    prop_assert_eq!(
        machine.is_none(),
        found.iter().any(asl::Diagnostic::is_error)
    );
    let _ = format(text);
    let Some(machine) = machine else {
        return Ok(());
    };
    let now = Timestamp::UNIX_EPOCH;
    let (mut execution, mut actions) = Execution::start_with(machine, start(input), LIMITS, now);
    for _ in 0..20 {
        let timer = actions.iter().find_map(|action| match action {
            asl::Action::SetTimer { timer, at } => Some((*timer, *at)),
            _ => None,
        });
        let Some((timer, at)) = timer else { break };
        actions = execution.feed(at, Signal::TimerFired { timer });
    }
    prop_assert!(execution.events().len() <= LIMITS.events);
    Ok(())
}

fn pass(field: &str, value: Value, language: &str) -> String {
    let mut state = json!({"Type": "Pass", "QueryLanguage": language, "End": true});
    state[field] = value;
    json!({"StartAt": "S", "States": {"S": state}}).to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_taken_or_refused(text in ".{0,200}", input in ".{0,40}") {
        survive(&text, &input)?;
    }

    #[test]
    fn any_value_is_taken_or_refused(mut definition in json_value(), input in json_value()) {
        survive(&definition.to_string(), &input.to_string())?;
        if definition.is_object() {
            definition["Type"] = "Task".into();
            let machine = json!({"StartAt": "S", "States": {"S": definition}});
            survive(&machine.to_string(), &input.to_string())?;
        }
    }

    #[test]
    fn any_jsonata_comes_to_an_end(source in soup(JSONATA), input in json_value()) {
        let text = format!("{{% {source} %}}");
        survive(&pass("Output", json!({"v": text}), "JSONata"), &input.to_string())?;
    }

    #[test]
    fn any_path_comes_to_an_end(source in soup(JSONPATH), input in json_value()) {
        let input = input.to_string();
        survive(&pass("InputPath", json!(source), "JSONPath"), &input)?;
        survive(&pass("ResultPath", json!(source), "JSONPath"), &input)?;
        survive(&pass("Parameters", json!({"v.$": format!("${source}")}), "JSONPath"), &input)?;
    }

    #[test]
    fn any_call_comes_to_an_end(source in soup(CALLS), input in json_value()) {
        let text = format!("States.Array({source})");
        survive(&pass("Parameters", json!({"v.$": source, "w.$": text}), "JSONPath"), &input.to_string())?;
    }
}

/// A run, and all that is needed to repeat it.
struct Run {
    execution: Execution,
    journal: Vec<(Timestamp, Signal)>,
    /// Number of events after each signal of the journal.
    lengths: Vec<usize>,
}

fn begin(plan: &Plan) -> (Execution, Vec<asl::Action>) {
    let definition = definition(plan).to_string();
    let (machine, found) = StateMachine::parse(&definition);
    assert!(machine.is_some(), "{definition}\n{found:#?}");
    let input = r#"{"list": [1, {"a": 2}, "three", null], "flag": true}"#;
    Execution::start_with(
        machine.unwrap(),
        start(input),
        LIMITS,
        Timestamp::UNIX_EPOCH,
    )
}

/// Runs to the end with answers chosen by `choices`.
fn drive(plan: &Plan, choices: &[u16]) -> Run {
    let (mut execution, actions) = begin(plan);
    let mut world = machines::World::new(choices);
    let (mut journal, mut lengths) = (Vec::new(), Vec::new());
    world.take(actions);
    loop {
        let mut next = world.next();
        if next.is_none() && execution.is_redrivable() {
            next = world.redrives();
        }
        let Some((now, signal)) = next else { break };
        journal.push((now, signal.clone()));
        let actions = execution.feed(now, signal);
        world.take(actions);
        lengths.push(execution.events().len());
        assert!(journal.len() < 20_000, "the execution does not end");
    }
    Run {
        execution,
        journal,
        lengths,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_execution_keeps_the_invariants(plan in plan(), choices in prop::collection::vec(any::<u16>(), 1..80), cut in any::<prop::sample::Index>()) {
        let run = drive(&plan, &choices);
        let events = run.execution.events();
        // Nothing is left to happen, so it is over.
        prop_assert_ne!(run.execution.status(), Status::Running);
        prop_assert!(events.len() <= LIMITS.events);
        for (event, id) in events.iter().zip(1..) {
            prop_assert_eq!(event.id, id);
            prop_assert!(event.previous_id < id);
        }
        prop_assert!(events.windows(2).all(|pair| pair[0].timestamp <= pair[1].timestamp));
        // A state is left after it was entered, by a chain of events that begins there. A redrive
        // begins a new chain in the middle of a state.
        for event in events {
            if let Details::StateExited { name, .. } = &event.details {
                let is_entry = |event: &asl::Event| {
                    matches!(&event.details, Details::StateEntered { name: entered, .. } if entered == name)
                };
                let mut at = event.previous_id;
                let entered = loop {
                    let Some(earlier) = at.checked_sub(1).and_then(|at| events.get(at as usize)) else {
                        break false;
                    };
                    match &earlier.details {
                        _ if is_entry(earlier) => break true,
                        Details::ExecutionRedriven { .. } | Details::MapRunRedriven { .. } => {
                            break events.iter().take(at as usize).any(is_entry);
                        }
                        _ => at = earlier.previous_id,
                    }
                };
                prop_assert!(entered, "{} was left without being entered", name);
            }
        }
        let last = events.last().map(|event| event.event_type().into_owned()).unwrap_or_default();
        prop_assert!(last.starts_with("Execution"), "{}", last);
        if run.execution.status() == Status::Succeeded {
            let count = |suffix: &str| events.iter().filter(|event| event.event_type().ends_with(suffix)).count();
            prop_assert!(count("StateEntered") >= count("StateExited"));
        }

        // The same journal gives the same history, byte for byte, from any point on.
        let cut = cut.index(run.journal.len() + 1);
        let (mut again, _) = begin(&plan);
        for (now, signal) in &run.journal[..cut] {
            let _ = again.feed(*now, signal.clone());
        }
        if let Some(length) = cut.checked_sub(1).and_then(|at| run.lengths.get(at)) {
            prop_assert_eq!(again.events().len(), *length);
        }
        prop_assert!(history(&run.execution).starts_with(&history(&again)));
        for (now, signal) in &run.journal[cut..] {
            let _ = again.feed(*now, signal.clone());
        }
        prop_assert_eq!(history(&run.execution), history(&again));

        // What comes after the end changes nothing.
        let answers = run.journal.iter().filter(|(_, signal)| *signal != Signal::Redrive);
        for (now, signal) in answers.take(5) {
            prop_assert!(again.feed(*now, signal.clone()).is_empty());
        }
        prop_assert_eq!(again.events().len(), events.len());
    }
}
