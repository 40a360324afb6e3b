//! What the fuzz targets share: a definition is parsed, formatted and run on timers alone.

use asl::{Action, Execution, Kind, Limits, Signal, Start, StateMachine};
use serde_json::{Value, json};

/// Limits that keep a single case short.
const LIMITS: Limits = Limits {
    payload_bytes: 64 * 1024,
    events: 500,
    inline_concurrency: 4,
    distributed_concurrency: 4,
};

/// libFuzzer's hook ends the process at a panic; what the language catches is no finding. What it
/// does not catch still is one.
fn let_panics_be_caught() {
    static ONCE: std::sync::Once = std::sync::Once::new();
    ONCE.call_once(|| std::panic::set_hook(Box::new(|_| {})));
}

/// Parses a definition and, if it is one, runs it for a few steps.
pub fn survive(definition: &str, input: &str) {
    let_panics_be_caught();
    let (machine, found) = StateMachine::parse(definition);
    for fault in &found {
        assert!(definition.get(fault.span.clone()).is_some(), "{fault:?}");
    }
    let _ = asl::format(definition);
    let Some(machine) = machine else { return };
    let _ = machine.variable_references();
    let start = Start {
        execution_arn: "arn:aws:states:eu-west-1:123456789012:execution:m:e".into(),
        name: "e".into(),
        state_machine_arn: "arn:aws:states:eu-west-1:123456789012:stateMachine:m".into(),
        state_machine_name: "m".into(),
        role_arn: "arn:aws:iam::123456789012:role/r".into(),
        kind: Kind::Standard,
        input: input.to_owned(),
        seed: 1,
        synchronous: false,
        map_item: None,
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let (mut execution, mut actions) = Execution::start_with(machine, start, LIMITS, now);
    for _ in 0..20 {
        let timer = actions.iter().find_map(|action| match action {
            Action::SetTimer { timer, at } => Some((*timer, *at)),
            _ => None,
        });
        let Some((timer, at)) = timer else { return };
        actions = execution.feed(at, Signal::TimerFired { timer });
    }
}

/// A machine of one Pass state with one field.
#[must_use]
pub fn pass(language: &str, field: &str, value: Value) -> String {
    let mut state = json!({"Type": "Pass", "QueryLanguage": language, "End": true});
    state[field] = value;
    json!({"StartAt": "S", "States": {"S": state}}).to_string()
}

/// The input of expressions: something of every type.
pub const INPUT: &str = r#"{"a": [1, -2.5, "x", null, {"b": true}], "b": {"a": "é"}, "n": 3}"#;
