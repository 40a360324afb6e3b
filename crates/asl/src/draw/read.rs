//! From a definition to states and transitions. Takes what it can; judges nothing.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::diagram::{Diagram, Edge, Node, Scope, Shape};
use super::measure::clean;
use super::rule;

/// Deeper nesting is not drawn. A definition within AWS's size hardly gets there, and what walks
/// the scopes does so by recursion.
const MAX_DEPTH: usize = 40;

pub(super) fn diagram(definition: &Value) -> Result<Diagram, String> {
    let Value::Object(machine) = definition else {
        return Err("a definition is a JSON object".into());
    };
    match machine.get("States") {
        Some(Value::Object(states)) if !states.is_empty() => {}
        Some(Value::Object(_)) => return Err("`States` is empty".into()),
        Some(_) => return Err("`States` is not an object".into()),
        None => return Err("there is no `States`".into()),
    }
    Ok(Diagram {
        title: None,
        comment: comment(machine),
        scope: scope(machine, Place::default()),
    })
}

fn text<'a>(object: &'a Map<String, Value>, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// `Comment`, as one line.
fn comment(object: &Map<String, Value>) -> Option<String> {
    let words = text(object, "Comment")?.split_whitespace();
    Some(clean(&words.collect::<Vec<_>>().join(" ")))
}

fn list<'a>(object: &'a Map<String, Value>, key: &str) -> impl Iterator<Item = &'a Value> {
    object
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

/// Collects the transitions of a scope.
struct Edges<'a> {
    nodes: HashMap<&'a str, usize>,
    missing: Vec<&'a str>,
    states: usize,
    edges: Vec<Edge>,
    known: HashMap<(usize, usize, bool), usize>,
}

impl<'a> Edges<'a> {
    fn node(&mut self, name: &'a str) -> usize {
        let next = self.states + self.missing.len();
        let Self { nodes, missing, .. } = self;
        *nodes.entry(name).or_insert_with(|| {
            missing.push(name);
            next
        })
    }

    fn add(&mut self, from: usize, to: &'a str, caught: bool, when: Option<String>) {
        let to = self.node(to);
        let index = *self
            .known
            .entry((from, to, caught))
            .or_insert(self.edges.len());
        match self.edges.get_mut(index) {
            Some(edge) => edge.when.extend(when),
            None => self.edges.push(Edge {
                from,
                to,
                caught,
                when: when.into_iter().collect(),
            }),
        }
    }
}

/// Where a scope lies.
#[derive(Debug, Clone, Copy, Default)]
struct Place {
    depth: usize,
    elsewhere: bool,
}

fn scope(machine: &Map<String, Value>, place: Place) -> Scope {
    let empty = Map::new();
    let states = machine
        .get("States")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let mut edges = Edges {
        nodes: (states.keys().map(String::as_str).zip(0..)).collect(),
        missing: Vec::new(),
        states: states.len(),
        edges: Vec::new(),
        known: HashMap::new(),
    };
    let mut nodes = Vec::new();
    let mut ending = Vec::new();
    for (index, (name, state)) in states.iter().enumerate() {
        let state = state.as_object().unwrap_or(&empty);
        let node = node(name, state, place);
        transitions(index, state, &mut edges);
        if node.shape == Shape::Succeed || state.get("End") == Some(&Value::Bool(true)) {
            ending.push(index);
        }
        nodes.push(node);
    }
    let start = text(machine, "StartAt").map(|name| edges.node(name));
    nodes.extend(edges.missing.iter().map(|name| missing(name)));
    let mut edges = edges.edges;
    // A scope of one state says by itself where it begins and ends.
    if place.depth == 0 || nodes.len() > 1 {
        let always = |from, to| Edge {
            from,
            to,
            caught: false,
            when: Vec::new(),
        };
        if let Some(start) = start {
            edges.insert(0, always(nodes.len(), start));
            nodes.push(mark(Shape::Start));
        }
        if !ending.is_empty() {
            edges.extend(ending.into_iter().map(|from| always(from, nodes.len())));
            nodes.push(mark(Shape::End));
        }
    }
    for node in &mut nodes {
        node.elsewhere = place.elsewhere;
    }
    Scope {
        nodes,
        edges,
        elsewhere: place.elsewhere,
    }
}

fn mark(shape: Shape) -> Node {
    Node {
        name: String::new(),
        shape,
        elsewhere: false,
        detail: String::new(),
        comment: None,
        inner: Vec::new(),
    }
}

fn missing(name: &str) -> Node {
    Node {
        name: clean(name),
        detail: "no such state".into(),
        ..mark(Shape::Missing)
    }
}

fn transitions<'a>(index: usize, state: &'a Map<String, Value>, edges: &mut Edges<'a>) {
    for choice in list(state, "Choices").filter_map(Value::as_object) {
        if let Some(next) = text(choice, "Next") {
            edges.add(index, next, false, Some(clean(&rule::rule(choice))));
        }
    }
    if let Some(next) = text(state, "Default") {
        edges.add(index, next, false, Some("else".into()));
    }
    if let Some(next) = text(state, "Next") {
        edges.add(index, next, false, None);
    }
    for catcher in list(state, "Catch").filter_map(Value::as_object) {
        let Some(next) = text(catcher, "Next") else {
            continue;
        };
        for error in list(catcher, "ErrorEquals").filter_map(Value::as_str) {
            edges.add(index, next, true, Some(clean(error)));
        }
    }
}

fn node(name: &str, state: &Map<String, Value>, place: Place) -> Node {
    let processor = state.get("ItemProcessor").or_else(|| state.get("Iterator"));
    let processor = processor.and_then(Value::as_object);
    let shape = match text(state, "Type") {
        Some("Pass") => Shape::Pass,
        Some("Task") => Shape::Task,
        Some("Choice") => Shape::Choice,
        Some("Wait") => Shape::Wait,
        Some("Succeed") => Shape::Succeed,
        Some("Fail") => Shape::Fail,
        Some("Parallel") => Shape::Parallel,
        Some("Map") => {
            let config = processor.and_then(|processor| processor.get("ProcessorConfig"));
            let mode = config.and_then(|config| config.get("Mode"));
            match mode.and_then(Value::as_str) {
                Some("DISTRIBUTED") => Shape::DistributedMap,
                _ => Shape::Map,
            }
        }
        _ => Shape::Unknown,
    };
    let inside: Vec<_> = match shape {
        Shape::Parallel => list(state, "Branches")
            .filter_map(Value::as_object)
            .collect(),
        Shape::Map | Shape::DistributedMap => processor.into_iter().collect(),
        _ => Vec::new(),
    };
    let inner = if place.depth < MAX_DEPTH {
        let within = Place {
            depth: place.depth + 1,
            elsewhere: place.elsewhere || shape == Shape::DistributedMap,
        };
        let scopes = inside.into_iter().map(|inner| scope(inner, within));
        scopes.filter(|scope| !scope.nodes.is_empty()).collect()
    } else {
        Vec::new()
    };
    Node {
        name: clean(name),
        shape,
        elsewhere: place.elsewhere,
        detail: clean(&detail(shape, state)),
        comment: comment(state),
        inner,
    }
}

/// What a state does, in a few words.
fn detail(shape: Shape, state: &Map<String, Value>) -> String {
    match shape {
        Shape::Task => task(state),
        Shape::Pass => "pass".into(),
        Shape::Wait => wait(state),
        Shape::Fail => text(state, "Error")
            .or_else(|| text(state, "ErrorPath"))
            .map(rule::readable)
            .unwrap_or_default(),
        Shape::Parallel => "all at the same time".into(),
        Shape::Map => at_once(state, "for each item"),
        Shape::DistributedMap => at_once(state, "an execution for each item"),
        Shape::Unknown => match text(state, "Type") {
            Some(other) => format!("type {other}?"),
            None => "no type".into(),
        },
        Shape::Start | Shape::End | Shape::Choice | Shape::Succeed | Shape::Missing => {
            String::new()
        }
    }
}

fn at_once(state: &Map<String, Value>, what: &str) -> String {
    let limit = state.get("MaxConcurrency").and_then(Value::as_u64);
    let batched = state.contains_key("ItemBatcher");
    let what = if batched {
        what.replace("each item", "each batch of items")
    } else {
        what.to_owned()
    };
    match limit {
        Some(1) => format!("{what}, one after another"),
        Some(limit) if limit > 0 => format!("{what}, {limit} at a time"),
        _ => what,
    }
}

fn wait(state: &Map<String, Value>) -> String {
    let value = |key: &str| {
        state.get(key).map(|value| match value {
            Value::String(text) => rule::readable(text),
            other => other.to_string(),
        })
    };
    if let Some(Value::Number(seconds)) = state.get("Seconds") {
        return format!("wait {seconds} s");
    }
    let seconds = value("Seconds").or_else(|| value("SecondsPath"));
    let until = value("Timestamp").or_else(|| value("TimestampPath"));
    match (seconds, until) {
        (Some(seconds), _) => format!("wait {seconds} seconds"),
        (None, Some(until)) => format!("wait until {until}"),
        (None, None) => "wait".into(),
    }
}

/// The resource without what all resources have.
fn task(state: &Map<String, Value>) -> String {
    let resource = text(state, "Resource").unwrap_or_default();
    let parts: Vec<&str> = resource.splitn(7, ':').collect();
    let (name, pattern) = match parts.as_slice() {
        ["arn", _, "states", _, _, "activity", name] => (format!("activity {name}"), None),
        ["arn", _, "lambda", _, _, "function", name] => (format!("lambda {name}"), None),
        ["arn", _, "states", _, _, "aws-sdk", action] => cut(action),
        ["arn", _, "states", _, _, service, action] => {
            let (action, pattern) = cut(action);
            let function = (*service == "lambda").then(|| function(state)).flatten();
            let name = match function {
                Some(function) => format!("lambda {function}"),
                None => format!("{service}:{action}"),
            };
            (name, pattern)
        }
        _ => (resource.to_owned(), None),
    };
    match pattern {
        Some("waitForTaskToken") => format!("{name} and wait for its token"),
        Some(_) => format!("{name} until done"),
        None => name,
    }
}

fn cut(action: &str) -> (String, Option<&str>) {
    match action.split_once('.') {
        Some((action, pattern)) => (action.to_owned(), Some(pattern)),
        None => (action.to_owned(), None),
    }
}

/// The function that `lambda:invoke` is given, if it is written there.
fn function(state: &Map<String, Value>) -> Option<String> {
    let arguments = state.get("Arguments").or_else(|| state.get("Parameters"))?;
    let name = arguments.get("FunctionName")?.as_str()?;
    if name.starts_with("{%") {
        return None;
    }
    let name = name
        .split_once(":function:")
        .map_or(name, |(_, name)| name.split(':').next().unwrap_or(name));
    let name = name.strip_prefix("${").unwrap_or(name);
    Some(name.strip_suffix('}').unwrap_or(name).to_owned())
}
