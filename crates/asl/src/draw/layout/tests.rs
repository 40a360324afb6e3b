//! What must hold of every layout, over everything that there is to lay out.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Area, Line, Picture, Placed, Sheet, place};
use crate::draw::diagram::{Diagram, Scope, Shape};
use crate::draw::{svg, text};

/// Definitions of the shipped workflows and, where they are, of the published and recorded ones.
fn corpus() -> Vec<(String, Value)> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var("FOOTWORK_SHARED").unwrap_or_else(|_| "../shared".into());
    let shared = workspace.join(shared).join("conformance");
    let folders = [
        workspace.join("workflows"),
        shared.join("validation/valid"),
        shared.join("aws-recorded"),
    ];
    let mut files = Vec::new();
    for folder in folders {
        collect(&folder, &mut files);
    }
    files.sort();
    let mut found = Vec::new();
    let mut seen = std::collections::BTreeSet::new();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let value: Value = serde_json::from_str(&text).unwrap_or_default();
        let inner = value["definition"].as_str();
        let value = inner.map_or(Some(value.clone()), |inner| {
            serde_json::from_str(inner).ok()
        });
        let value = value.unwrap_or_default();
        // Many recordings are of the same definition.
        if Diagram::read(&value).is_ok() && seen.insert(value.to_string()) {
            found.push((file.display().to_string(), value));
        }
    }
    found
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|extension| extension == "json")
        {
            files.push(path);
        }
    }
}

/// A machine whose transitions are drawn from a sequence of numbers: tangled as no real one is.
fn tangle(seed: u64, count: usize) -> Value {
    let mut number = seed;
    let mut next = |below: usize| {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(number >> 33).unwrap() % below
    };
    let name = |index: usize| format!("State {index}");
    let states: serde_json::Map<_, _> = (0..count)
        .map(|index| {
            let mut state = match next(5) {
                0 => {
                    let rules: Vec<_> = (0..=next(4))
                        .map(|rule| json!({"Condition": format!("{{% $x = {rule} %}}"), "Next": name(next(count))}))
                        .collect();
                    json!({"Type": "Choice", "Choices": rules, "Default": name(next(count))})
                }
                1 => json!({"Type": "Pass", "End": true}),
                _ => json!({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "Next": name(next(count))}),
            };
            if next(3) == 0 {
                state["Catch"] = json!([{"ErrorEquals": ["States.ALL"], "Next": name(next(count))}]);
            }
            (name(index), state)
        })
        .collect();
    json!({"StartAt": name(next(count)), "States": states})
}

fn nodes(scope: &Scope) -> usize {
    let inner = |scope: &Scope| {
        scope
            .nodes
            .iter()
            .flat_map(|node| &node.inner)
            .map(nodes)
            .sum::<usize>()
    };
    scope.nodes.len() + inner(scope)
}

fn apart(one: Area, two: Area) -> bool {
    one.x + one.width <= two.x
        || two.x + two.width <= one.x
        || one.y + one.height <= two.y
        || two.y + two.height <= one.y
}

fn within(inner: Area, outer: Area) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && inner.x + inner.width <= outer.x + outer.width
        && inner.y + inner.height <= outer.y + outer.height
}

/// The cells or pixels strictly inside that a piece of a line runs through.
fn through(from: (i32, i32), to: (i32, i32), area: Area, cells: bool) -> bool {
    let (left, right) = (from.0.min(to.0), from.0.max(to.0));
    let (top, bottom) = (from.1.min(to.1), from.1.max(to.1));
    let edge = i32::from(!cells);
    left < area.x + area.width
        && right >= area.x + edge
        && top < area.y + area.height
        && bottom >= area.y + edge
}

fn check(name: &str, scope: &Scope, picture: &Picture<'_>, cells: bool) {
    assert_eq!(
        picture.states.len(),
        nodes(scope),
        "{name}: every state is drawn once"
    );
    let whole = Area {
        width: picture.width,
        height: picture.height,
        ..Area::default()
    };
    for (index, one) in picture.states.iter().enumerate() {
        assert!(
            within(one.area, whole),
            "{name}: {} is outside",
            one.node.name
        );
        for two in picture.states.iter().skip(index + 1) {
            let nested = one.lanes.iter().any(|lane| within(two.area, *lane));
            assert!(
                nested || apart(one.area, two.area),
                "{name}: {} and {} overlap",
                one.node.name,
                two.node.name
            );
        }
        for tag in &picture.tags {
            assert!(
                !one.lanes.is_empty() || apart(one.area, tag.area),
                "{name}: {} hides {:?}",
                one.node.name,
                tag.lines
            );
        }
    }
    for (index, one) in picture.tags.iter().enumerate() {
        for two in picture.tags.iter().skip(index + 1) {
            assert!(
                apart(one.area, two.area),
                "{name}: {:?} hides {:?}",
                one.lines,
                two.lines
            );
        }
    }
    for line in &picture.lines {
        for pair in line.points.windows(2) {
            assert!(
                pair[0].0 == pair[1].0 || pair[0].1 == pair[1].1,
                "{name}: slanted"
            );
            let texts = picture
                .tags
                .iter()
                .map(|tag| (tag.area, format!("{:?}", tag.lines)));
            let states = picture.states.iter().filter(|state| state.lanes.is_empty());
            let states = states.map(|state| (state.area, state.node.name.clone()));
            for (area, what) in states.chain(texts) {
                assert!(
                    !through(pair[0], pair[1], area, cells),
                    "{name}: a line runs through {what}: {:?} {area:?}",
                    line.points
                );
            }
        }
    }
    edges(name, scope, picture, cells);
}

/// Every transition leads in connected lines from the one state to the other.
fn edges(name: &str, scope: &Scope, picture: &Picture<'_>, cells: bool) {
    let state = |node: usize| -> &Placed<'_> {
        let node = &scope.nodes[node];
        picture
            .states
            .iter()
            .find(|state| std::ptr::eq(state.node, node))
            .unwrap()
    };
    for (index, edge) in scope.edges.iter().enumerate() {
        let lines: Vec<&Line<'_>> = picture
            .lines
            .iter()
            .filter(|line| std::ptr::eq(line.scope, scope) && line.edges.contains(&index))
            .collect();
        let (from, to) = (state(edge.from).area, state(edge.to).area);
        let beside = |x: i32, area: Area| area.x <= x && x < area.x + area.width;
        let leaves = lines.iter().any(|line| {
            let first = line.points[0];
            beside(first.0, from) && first.1 == from.y + from.height
        });
        // The last of several that join brings the arrow.
        let arrives = lines.iter().any(|line| {
            let last = *line.shared.last().or(line.points.last()).unwrap();
            (line.arrow || !line.shared.is_empty())
                && beside(last.0, to)
                && last.1 == to.y - i32::from(cells)
        });
        let same_way: Vec<&Line<'_>> = picture
            .lines
            .iter()
            .filter(|line| {
                std::ptr::eq(line.scope, scope)
                    && line
                        .edges
                        .iter()
                        .any(|other| scope.edges[*other].to == edge.to)
            })
            .collect();
        assert!(
            leaves && arrives,
            "{name}: {edge:?}: {lines:?}, {from:?} {to:?}"
        );
        let tag = picture.tags.iter().find(|tag| std::ptr::eq(tag.edge, edge));
        assert_eq!(tag.is_some(), !edge.when.is_empty(), "{name}: {edge:?}");
        for line in &lines {
            let (x, y) = *line.points.last().unwrap();
            let meets = same_way.iter().any(|other| {
                !std::ptr::eq(*other, *line)
                    && other.points.windows(2).any(|pair| {
                        let (one, two) = (pair[0], pair[1]);
                        (one.0.min(two.0)..=one.0.max(two.0)).contains(&x)
                            && (one.1.min(two.1) - 1..=one.1.max(two.1) + 1).contains(&y)
                    })
            });
            let at_tag = tag.is_some_and(|tag| {
                beside(x, tag.area) && tag.area.y - 1 <= y && y <= tag.area.y + tag.area.height
            });
            assert!(
                (line.arrow && line.shared.is_empty()) || meets || at_tag,
                "{name}: {edge:?} ends nowhere: {lines:?}"
            );
        }
    }
    for node in &scope.nodes {
        for inner in &node.inner {
            edges(name, inner, picture, cells);
        }
    }
}

fn check_all(name: &str, definition: &Value) {
    let diagram = Diagram::read(definition).unwrap();
    let again = Diagram::read(definition).unwrap();
    for (sheet, cells) in [
        (&svg::paper() as &dyn Sheet, false),
        (&text::grid(false), true),
        (&text::grid(true), true),
    ] {
        let picture = place(&diagram.scope, sheet);
        check(name, &diagram.scope, &picture, cells);
    }
    assert_eq!(diagram.svg(None), again.svg(None), "{name}");
}

#[test]
fn layouts_hold_over_the_corpus() {
    let corpus = corpus();
    assert!(!corpus.is_empty());
    for (name, definition) in corpus {
        check_all(&name, &definition);
    }
}

#[test]
fn layouts_hold_over_tangles() {
    for seed in 0..60 {
        let count = 2 + usize::try_from(seed).unwrap() % 14;
        check_all(&format!("tangle {seed}"), &tangle(seed, count));
    }
}

/// Crossings that no layout of these machines needs.
#[test]
fn nothing_crosses_where_nothing_must() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workflows/drift-detection");
    let text = std::fs::read_to_string(workspace.join("workflow.asl.json")).unwrap();
    let drift: Value = serde_json::from_str(&text).unwrap();
    let diamond = json!({"StartAt": "A?", "States": {
        "A?": {"Type": "Choice", "Choices": [{"Condition": "{% $a %}", "Next": "B"}], "Default": "C"},
        "B": {"Type": "Task", "Next": "D", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}]},
        "C": {"Type": "Task", "Next": "D", "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "F"}]},
        "D": {"Type": "Choice", "Choices": [{"Condition": "{% $b %}", "Next": "A?"}], "Default": "E"},
        "E": {"Type": "Succeed"}, "F": {"Type": "Fail"}}});
    let chain: serde_json::Map<_, _> = (0..30)
        .map(|index| {
            let next = format!("S{}", index + 1);
            let catch = json!([{"ErrorEquals": ["States.ALL"], "Next": "Failed"}]);
            (
                format!("S{index}"),
                json!({"Type": "Task", "Next": next, "Catch": catch}),
            )
        })
        .chain([
            ("S30".into(), json!({"Type": "Succeed"})),
            ("Failed".into(), json!({"Type": "Fail"})),
        ])
        .collect();
    let chain = json!({"StartAt": "S0", "States": chain});
    // B's error passes what leads to D, or C's does.
    for (definition, needed) in [(drift, 3), (diamond, 1), (chain, 0)] {
        let diagram = Diagram::read(&definition).unwrap();
        let picture = place(&diagram.scope, &svg::paper());
        assert!(
            crossings(&picture) <= needed,
            "{} crossings",
            crossings(&picture)
        );
    }
}

/// Places where a line that runs down and one that runs across cross and go on.
fn crossings(picture: &Picture<'_>) -> usize {
    let pieces: Vec<_> = picture
        .lines
        .iter()
        .flat_map(|line| line.points.windows(2).map(|pair| (pair[0], pair[1])))
        .collect();
    let mut places = std::collections::BTreeSet::new();
    for (from, to) in pieces.iter().filter(|(from, to)| from.0 == to.0) {
        for (left, right) in pieces.iter().filter(|(from, to)| from.1 == to.1) {
            let (x, y) = (from.0, left.1);
            let inside = |at: i32, one: i32, two: i32| one.min(two) < at && at < one.max(two);
            if inside(x, left.0, right.0) && inside(y, from.1, to.1) {
                places.insert((x, y));
            }
        }
    }
    places.len()
}

#[test]
fn long_and_deep_machines_are_drawn() {
    let mut deep = json!({"StartAt": "x", "States": {"x": {"Type": "Succeed"}}});
    for level in 0..60 {
        deep = json!({"StartAt": "p", "States": {"p": {"Type": "Parallel", "Comment": level, "Branches": [deep], "End": true}}});
    }
    let diagram = Diagram::read(&deep).unwrap();
    let picture = place(&diagram.scope, &svg::paper());
    assert_eq!(
        picture
            .states
            .iter()
            .filter(|state| state.node.shape == Shape::Parallel)
            .count(),
        41
    );
    // Without recursion over the states: this would be deeper than a stack.
    let chain: serde_json::Map<_, _> = (0..5_000)
        .map(|index| {
            (
                format!("{index}"),
                json!({"Type": "Pass", "Next": format!("{}", index + 1)}),
            )
        })
        .collect();
    let diagram = Diagram::read(&json!({"StartAt": "0", "States": chain})).unwrap();
    assert_eq!(place(&diagram.scope, &svg::paper()).states.len(), 5_002);
}
