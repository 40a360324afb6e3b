//! Whatever comes in, nothing panics.

use asl::{Action, Execution, Kind, Limits, Signal, Start, StateMachine, Status, format};
use serde_json::{Value, json};

const MACHINE: &str = r#"{
  "QueryLanguage": "JSONPath", "StartAt": "A", "TimeoutSeconds": 9,
  "States": {
    "A": {"Type": "Pass", "Parameters": {"x.$": "States.Format('{}', $.a[?(@.b == 'c')])"}, "ResultPath": "$.r", "Next": "B"},
    "B": {"Type": "Choice", "Choices": [{"And": [{"Variable": "$.r.x", "StringMatches": "a*"}, {"Not": {"Variable": "$.n", "IsPresent": true}}], "Next": "C"}], "Default": "D"},
    "C": {"Type": "Map", "ItemsPath": "$.l", "ItemProcessor": {"StartAt": "E", "States": {"E": {"Type": "Wait", "Seconds": 1, "End": true}}}, "End": true},
    "D": {"Type": "Parallel", "QueryLanguage": "JSONata", "Output": "{% $states.result[0].x & $string($uuid()) %}", "Branches": [{"StartAt": "F", "States": {"F": {"Type": "Fail", "Error": "e"}}}], "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "G"}], "End": true},
    "G": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "Parameters": {"t.$": "$$.Task.Token", "u.$": "$..b[0:2]"}, "HeartbeatSeconds": 3, "Retry": [{"ErrorEquals": ["e"], "JitterStrategy": "FULL"}], "End": true}
  }
}"#;

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

/// Runs on timers alone, for at most a few steps.
fn drive(text: &str, input: &str) {
    let (Some(machine), _) = StateMachine::parse(text) else {
        return;
    };
    let now = jiff::Timestamp::UNIX_EPOCH;
    let limits = Limits {
        events: 500,
        ..Limits::default()
    };
    let (mut execution, mut actions) =
        Execution::start_with(machine, start(input.into()), limits, now);
    for _ in 0..50 {
        let Some((timer, at)) = actions.iter().find_map(|action| match action {
            Action::SetTimer { timer, at } => Some((*timer, *at)),
            _ => None,
        }) else {
            break;
        };
        actions = execution.feed(at, Signal::TimerFired { timer });
    }
    let events = execution.events();
    assert!(
        events
            .iter()
            .zip(1..)
            .all(|(event, id)| event.id == id && event.previous_id < id)
    );
}

#[test]
fn damaged_definitions_are_refused_or_run() {
    let pieces = [
        "\"",
        "{",
        "}",
        "[",
        "]",
        ",",
        "$",
        "$$",
        "{%",
        "%}",
        "\\",
        "'",
        "(",
        ")",
        "..",
        "?(@",
        "-1",
        "1e999",
        "null",
        "States.Array(",
        "\"Next\": \"A\"",
        "é",
        "\u{1F600}",
        "\0",
        "~>",
        "function($x){$x($x)}",
        ":",
        "*",
    ];
    assert!(StateMachine::parse(MACHINE).0.is_some());
    let mut seed = 1_u64;
    let mut next = |bound: usize| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % bound.max(1)
    };
    for _ in 0..3_000 {
        let mut text = MACHINE.to_owned();
        for _ in 0..=next(3) {
            let mut from = next(text.len());
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            let mut to = (from + next(6)).min(text.len());
            while !text.is_char_boundary(to) {
                to += 1;
            }
            text.replace_range(from..to, pieces[next(pieces.len())]);
        }
        let _ = format(&text);
        drive(&text, r#"{"a": [{"b": "c"}], "l": [1, 2]}"#);
        drive(&text, "[");
    }
}

#[test]
fn deep_things_are_refused() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
    for text in [
        deep("[", "]"),
        deep("{\"a\":", "}"),
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Parameters": {"x.$": deep("States.Array(", ")")}}}})
        .to_string(),
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "InputPath": format!("$[?{}]", deep("(", ")"))}}})
        .to_string(),
        json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "InputPath": format!("$[?({}@.a)]", "!".repeat(50_000))}}})
        .to_string(),
        json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {"A": {"Type": "Pass", "End": true,
            "Output": format!("{{% {} %}}", deep("(", ")"))}}})
        .to_string(),
    ] {
        assert!(StateMachine::parse(&text).0.is_none());
    }
}

#[test]
fn values_that_grow_without_end_are_stopped() {
    let loop_of = |step: Value| {
        json!({"StartAt": "A", "States": {
            "A": {"Type": "Pass", "Parameters": step, "Next": "B"},
            "B": {"Type": "Choice", "Choices": [{"Variable": "$.end", "IsPresent": true, "Next": "C"}], "Default": "A"},
            "C": {"Type": "Succeed"}
        }})
    };
    let nest = loop_of(json!({"a.$": "$"}));
    let (machine, _) = StateMachine::parse(&nest.to_string());
    let (execution, _) = Execution::start(
        machine.unwrap(),
        start("{}".into()),
        jiff::Timestamp::UNIX_EPOCH,
    );
    assert_eq!(execution.status(), Status::Failed);
    assert_eq!(execution.error(), Some("States.Runtime"));
    let double = loop_of(json!({"a.$": "States.Format('{}{}', $.a, $.a)"}));
    let (machine, _) = StateMachine::parse(&double.to_string());
    let input = json!({"a": "0123456789"}).to_string();
    let (execution, _) =
        Execution::start(machine.unwrap(), start(input), jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(execution.error(), Some("States.DataLimitExceeded"));
}

/// Paths that visit the same values over and over, in a value that is as deep as a reader takes.
#[test]
fn paths_that_visit_too_much_are_stopped() {
    let mut input = json!({"a": 1});
    for _ in 0..100 {
        input = json!({"a": input, "b": [1, 2]});
    }
    for path in [
        "$..*..*..*..*..*..*",
        "$..[?(@..[?(@..[?(@..[?(@..a)])])])]",
        "$..a..a..a..a..a..a..a",
    ] {
        let text = json!({"StartAt": "A", "States": {"A": {"Type": "Pass", "InputPath": path, "End": true}}});
        let (machine, found) = StateMachine::parse(&text.to_string());
        let machine = machine.unwrap_or_else(|| unreachable!("{found:?}"));
        let start = start(input.to_string());
        let (execution, _) = Execution::start(machine, start, jiff::Timestamp::UNIX_EPOCH);
        assert_eq!(execution.error(), Some("States.Runtime"), "{path}");
    }
}

/// As deep as the expression's own parser lets it be.
#[test]
fn deep_expressions_are_walked() {
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("$not(", ")"),
        ("function($x){", "}"),
        ("{'a': ", "}"),
    ] {
        for depth in [50, 300, 900, 2_000] {
            let source = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let text = json!({"QueryLanguage": "JSONata", "StartAt": "A", "States": {
                "A": {"Type": "Pass", "Output": format!("{{% {source} %}}"), "End": true}
            }});
            drive(&text.to_string(), "{}");
        }
    }
}
