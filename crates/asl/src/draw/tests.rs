//! Drawings of names that nobody would choose, and how a run shows in them.

use serde_json::{Value, json};

use super::{Diagram, Outcome, Run, TextOptions};

/// Names that break careless drawings.
const HOSTILE: &[&str] = &[
    "<script>alert(1)</script>",
    "\"quotes\" & 'apostrophes' ]]>",
    "1. a list; %% no comment -->",
    "*bold* `code` _under_ #35; |pipe|",
    "end",
    "🚀 emoji 👩‍👩‍👧‍👦 family",
    "مرحبا بالعالم",
    "日本語の状態の名前はとても長いことがあります",
    "line\nbreak\ttab",
    "escape \u{1b}[31m and \u{202e}turned",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "",
];

fn hostile() -> Diagram {
    let next = |index: usize| HOSTILE.get(index + 1).copied().unwrap_or("missing <state>");
    let states: serde_json::Map<String, Value> = HOSTILE
        .iter()
        .enumerate()
        .map(|(index, name)| {
            let state = json!({"Type": "Choice", "Comment": name,
                "Choices": [{"Variable": "$.x", "StringEquals": name, "Next": next(index)}],
                "Default": next(0)});
            ((*name).to_owned(), state)
        })
        .collect();
    Diagram::read(&json!({"StartAt": HOSTILE[0], "States": states}))
        .unwrap()
        .titled("<title>")
}

/// Names and attributes of the elements, checked to be closed in order.
fn well_formed(svg: &str) {
    let mut open = Vec::new();
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').unwrap();
        assert!(!text.contains('>'), "{text}");
        for entity in text.split('&').skip(1) {
            let (name, _) = entity.split_once(';').unwrap();
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{name}");
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name.to_owned()));
        } else if !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap().to_owned());
        }
    }
    assert!(open.is_empty(), "{open:?}");
}

#[test]
fn hostile_names_stay_texts() {
    let diagram = hostile();
    let svg = diagram.svg(None);
    // The style sheet has selectors with `>`.
    let (head, rest) = svg.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    well_formed(&format!("{head}{body}"));
    let text = diagram.text(None, TextOptions::default());
    let mermaid = diagram.mermaid(None);
    for drawing in [&svg, &text, &mermaid] {
        let control = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202a}'..='\u{202e}');
        assert!(!drawing.contains(control));
    }
    for line in mermaid.lines().filter(|line| line.contains('"')) {
        assert_eq!(line.matches('"').count() % 2, 0, "{line}");
        assert!(!line.contains("<script"), "{line}");
    }
    assert!(
        !mermaid.lines().any(|line| line.trim() == "end"),
        "nothing is nested here"
    );
}

#[test]
fn texts_fit_their_terminal() {
    for columns in [40, 80, 200] {
        for ascii in [false, true] {
            let text = hostile().text(None, TextOptions { columns, ascii });
            let widest = text.lines().map(super::measure::columns).max().unwrap();
            assert!(
                widest <= i32::try_from(columns).unwrap(),
                "{widest} of {columns}:\n{text}"
            );
        }
    }
}

/// A retry, a Catch, a Parallel that fails in one branch, a Map with a failed item: the events as
/// AWS writes them.
fn history() -> Vec<Value> {
    let events: &[(u64, &str, &str)] = &[
        (0, "ExecutionStarted", ""),
        (0, "TaskStateEntered", "Fetch"),
        (2, "TaskScheduled", ""),
        (3, "TaskFailed", "Busy"),
        (4, "TaskScheduled", ""),
        (5, "TaskSucceeded", ""),
        (6, "TaskStateExited", "Fetch"),
        (7, "ParallelStateEntered", "Both"),
        (8, "ParallelStateStarted", ""),
        (9, "TaskStateEntered", "Left"),
        (9, "TaskStateEntered", "Right"),
        (10, "TaskScheduled", ""),
        (11, "TaskScheduled", ""),
        (12, "TaskFailed", "Broken"),
        (14, "ParallelStateFailed", ""),
        (15, "ParallelStateExited", "Both"),
        (16, "MapStateEntered", "Each"),
        (17, "MapStateStarted", "3"),
        (18, "MapIterationStarted", "Each"),
        (19, "PassStateEntered", "Item"),
        (20, "PassStateExited", "Item"),
        (21, "MapIterationSucceeded", "Each"),
        (18, "MapIterationStarted", "Each"),
        (23, "PassStateEntered", "Item"),
    ];
    let value = |(id, (previous, kind, detail)): (u64, &(u64, &str, &str))| {
        let details = match *detail {
            "" => json!({}),
            text => json!({"name": text, "error": text, "length": text.parse().unwrap_or(0)}),
        };
        json!({"id": id, "previousEventId": previous, "type": kind, "timestamp": id as f64 / 2.0,
            "xEventDetails": details})
    };
    (1..).zip(events).map(value).collect()
}

fn parallel() -> Value {
    let task = |more: Value| {
        let mut task = json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"});
        task.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        task
    };
    json!({"StartAt": "Fetch", "States": {
        "Fetch": task(json!({"Next": "Both"})),
        "Both": {"Type": "Parallel", "Next": "Done", "Catch": [{"ErrorEquals": ["Broken"], "Next": "Each"}],
            "Branches": [
                {"StartAt": "Left", "States": {"Left": task(json!({"End": true}))}},
                {"StartAt": "Right", "States": {"Right": task(json!({"End": true}))}}]},
        "Each": {"Type": "Map", "End": true, "ItemProcessor":
            {"StartAt": "Item", "States": {"Item": {"Type": "Pass", "End": true}}}},
        "Done": {"Type": "Succeed"}}})
}

#[test]
fn a_history_becomes_a_run() {
    let run = Run::from_history(&history());
    let outcome = |name: &str| run.states.get(name).map(super::StateRun::outcome);
    let found = ["Fetch", "Both", "Left", "Right", "Each", "Item", "Done"].map(outcome);
    let expected = [
        Some(Outcome::Succeeded),
        Some(Outcome::Caught),
        Some(Outcome::Failed),
        Some(Outcome::Aborted),
        Some(Outcome::Running),
        Some(Outcome::Running),
        None,
    ];
    assert_eq!(found, expected);
    assert_eq!(run.states["Fetch"].retries, 1);
    assert_eq!(run.states["Both"].error.as_deref(), Some("Broken"));
    let items = run.states["Each"].items.unwrap();
    assert_eq!((items.total, items.succeeded, items.failed), (3, 1, 0));
    let taken =
        |from: &str, to: &str, caught| run.transitions.contains(&(from.into(), to.into(), caught));
    assert!(
        taken("Fetch", "Both", false)
            && taken("Both", "Each", true)
            && !taken("Both", "Done", false)
    );
    // Each wants 2.5 s of Fetch: entered at 1 s, left at 3.5 s.
    assert_eq!(run.states["Fetch"].duration.unwrap().as_millis(), 2500);
}

/// Events with their ids, those that led to them, types and names.
fn outcomes(events: &[(u64, &str, &str)]) -> Vec<(String, Outcome, u64)> {
    let events: Vec<Value> = (1..)
        .zip(events)
        .map(|(id, (previous, kind, name))| {
            let details = match *name {
                "" => json!({}),
                name => json!({"name": name}),
            };
            json!({"id": id, "previousEventId": previous, "type": kind, "xEventDetails": details})
        })
        .collect();
    let states = Run::from_history(&events).states.into_iter();
    states
        .map(|(name, state)| (name, state.outcome(), state.retries))
        .collect()
}

#[test]
fn what_runs_again_is_told() {
    let redriven = outcomes(&[
        (0, "ExecutionStarted", ""),
        (0, "TaskStateEntered", "A"),
        (2, "TaskScheduled", ""),
        (3, "TaskFailed", ""),
        (4, "ExecutionFailed", ""),
        (5, "ExecutionRedriven", ""),
        (6, "TaskScheduled", ""),
        (7, "TaskSucceeded", ""),
        (8, "TaskStateExited", "A"),
        (9, "ExecutionSucceeded", ""),
    ]);
    assert_eq!(redriven, [("A".into(), Outcome::Succeeded, 1)]);
    // A Map that begins again: AWS writes no event of its failure.
    let again = outcomes(&[
        (0, "ExecutionStarted", ""),
        (0, "MapStateEntered", "M"),
        (2, "MapStateStarted", ""),
        (3, "MapIterationStarted", "M"),
        (4, "FailStateEntered", "F"),
        (5, "MapIterationFailed", "M"),
        (5, "MapStateStarted", ""),
        (7, "MapIterationStarted", "M"),
        (8, "FailStateEntered", "F"),
        (9, "MapIterationFailed", "M"),
        (9, "MapStateFailed", ""),
        (11, "ExecutionFailed", ""),
    ]);
    let expected = [
        ("F".into(), Outcome::Failed, 0),
        ("M".into(), Outcome::Failed, 1),
    ];
    assert_eq!(again, expected);
}

#[test]
fn a_run_shows_in_every_form() {
    let run = Run::from_history(&history());
    let diagram = Diagram::read(&parallel()).unwrap();
    let drawings = [
        diagram.svg(Some(&run)),
        diagram.text(Some(&run), TextOptions::default()),
        diagram.mermaid(Some(&run)),
    ];
    for drawing in drawings {
        for note in [
            "✓ 1 retry, 2.5 s",
            "! caught Broken",
            "✗ failed Broken",
            "1 of 3",
            "… running",
        ] {
            assert!(drawing.contains(note), "`{note}` is not in\n{drawing}");
        }
    }
    let mermaid = diagram.mermaid(Some(&run));
    assert!(mermaid.contains("class done unreached"), "{mermaid}");
}

/// The drawing of a small machine with everything in it, as it looks in a terminal.
#[test]
fn a_small_machine_looks_like_this() {
    let diagram = Diagram::read(&parallel()).unwrap();
    let text = diagram.text(None, TextOptions::default());
    assert_eq!(text, include_str!("tests/parallel.txt"), "\n{text}");
    let ascii = diagram.text(
        None,
        TextOptions {
            columns: 80,
            ascii: true,
        },
    );
    assert!(
        ascii.is_ascii() && ascii.lines().count() == text.lines().count(),
        "{ascii}"
    );
    assert_eq!(diagram.mermaid(None), include_str!("tests/parallel.mmd"));
}
