//! A drawing as a Mermaid flowchart. Not a state diagram: those have no dashed arrows, and a
//! Catch must not look like a Next.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::diagram::{Diagram, Node, Scope, Shape};
use super::run::{Outcome, Run};

/// Colours that are readable on a light and on a dark page.
const CLASSES: &[(&str, &str)] = &[
    ("succeeded", "fill:#2c8a43,stroke:#1d6330,color:#ffffff"),
    ("caught", "fill:#b36b0c,stroke:#7d4a06,color:#ffffff"),
    ("failed", "fill:#c93a2e,stroke:#8f271e,color:#ffffff"),
    ("running", "fill:#1f6fca,stroke:#154d8e,color:#ffffff"),
    ("aborted", "fill:#59636e,stroke:#3b424a,color:#ffffff"),
    ("unreached", "stroke-dasharray:3 3,opacity:0.6"),
];

pub(super) fn draw(diagram: &Diagram, run: Option<&Run>) -> String {
    let mut chart = Chart {
        text: String::from("flowchart TD\n"),
        run,
        names: BTreeSet::new(),
        classes: Vec::new(),
    };
    chart.scope(&diagram.scope, 1);
    for (class, style) in CLASSES {
        let members = chart.classes.iter().filter(|(_, of)| of == class);
        let members: Vec<_> = members.map(|(id, _)| id.as_str()).collect();
        if !members.is_empty() {
            let members = members.join(",");
            let _ = writeln!(
                chart.text,
                "  classDef {class} {style}\n  class {members} {class}"
            );
        }
    }
    chart.text
}

struct Chart<'r> {
    text: String,
    run: Option<&'r Run>,
    names: BTreeSet<String>,
    classes: Vec<(String, &'static str)>,
}

/// Words that end or begin something else in the language.
const RESERVED: &[&str] = &[
    "call",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "end",
    "finish",
    "flowchart",
    "graph",
    "href",
    "interpolate",
    "linkstyle",
    "start",
    "style",
    "subgraph",
    "bt",
    "lr",
    "rl",
    "tb",
    "td",
];

impl Chart<'_> {
    /// A name in the chart's own language: stays the same when other states change.
    fn id(&mut self, name: &str) -> String {
        let mut id = String::new();
        for character in name.chars().take(40) {
            if character.is_ascii_alphanumeric() {
                id.push(character.to_ascii_lowercase());
            } else if !id.is_empty() && !id.ends_with('_') {
                id.push('_');
            }
        }
        let id = id.trim_end_matches('_');
        let id = match id {
            "" => "state".to_owned(),
            id if RESERVED.contains(&id) || id.starts_with(|c: char| c.is_ascii_digit()) => {
                format!("state_{id}")
            }
            id => id.to_owned(),
        };
        let mut unique = id.clone();
        let mut number = 2;
        while !self.names.insert(unique.clone()) {
            unique = format!("{id}_{number}");
            number += 1;
        }
        unique
    }

    fn line(&mut self, depth: usize, line: &str) {
        let _ = writeln!(self.text, "{:1$}{line}", "", depth * 2);
    }

    fn scope(&mut self, scope: &Scope, depth: usize) {
        let mut ids = vec![None; scope.nodes.len()];
        // The marks of a scope come after its states; the chart is read from its beginning.
        let starts = |node: &Node| node.shape == Shape::Start;
        let nodes = scope.nodes.iter().enumerate();
        let (first, others): (Vec<_>, Vec<_>) = nodes.partition(|(_, node)| starts(node));
        for (index, node) in first.into_iter().chain(others) {
            // What lies in a box shows by itself where it begins.
            if !node.shape.is_state() && depth > 1 {
                continue;
            }
            let id = match node.shape {
                Shape::Start => "start".to_owned(),
                Shape::End => "finish".to_owned(),
                _ => self.id(&node.name),
            };
            self.node(node, &id, depth);
            if let Some(place) = ids.get_mut(index) {
                *place = Some(id);
            }
        }
        for edge in &scope.edges {
            let id = |node: usize| ids.get(node).cloned().flatten();
            let (Some(from), Some(to)) = (id(edge.from), id(edge.to)) else {
                continue;
            };
            let arrow = if edge.caught { "-.->" } else { "-->" };
            let joint = if edge.caught { ", " } else { " or " };
            let label = match edge.when.is_empty() {
                true => String::new(),
                false => format!("|\"{}\"|", label(&shorten(&edge.when.join(joint), 60))),
            };
            self.line(depth, &format!("{from} {arrow}{label} {to}"));
        }
    }

    fn node(&mut self, node: &Node, id: &str, depth: usize) {
        self.names.insert(id.to_owned());
        let mut text = label(&node.name);
        let note = self.run.and_then(|run| run.note(node));
        if let Some(note) = note {
            let _ = write!(text, "<br/>{}", label(&note));
        }
        let run = self.run.filter(|_| node.shape.is_state());
        if let Some(class) = run.and_then(|run| class(run.outcome(node))) {
            self.classes.push((id.to_owned(), class));
        }
        if !node.inner.is_empty() {
            let detail = label(&node.detail);
            self.line(depth, &format!("subgraph {id}[\"{text}: {detail}\"]"));
            self.line(depth + 1, "direction TB");
            for (index, scope) in node.inner.iter().enumerate() {
                if node.inner.len() == 1 {
                    self.scope(scope, depth + 1);
                    continue;
                }
                let lane = self.id(&format!("{id} {}", index + 1));
                self.line(depth + 1, &format!("subgraph {lane}[\" \"]"));
                self.line(depth + 2, "direction TB");
                self.scope(scope, depth + 2);
                self.line(depth + 1, "end");
            }
            self.line(depth, "end");
            return;
        }
        let (open, close) = match node.shape {
            Shape::Start | Shape::End => {
                let word = if node.shape == Shape::Start {
                    "Start"
                } else {
                    "End"
                };
                return self.line(depth, &format!("{id}(({word}))"));
            }
            Shape::Choice => ("{", "}"),
            Shape::Wait => ("(", ")"),
            Shape::Succeed | Shape::Fail => ("([", "])"),
            _ => ("[", "]"),
        };
        self.line(depth, &format!("{id}{open}\"{text}\"{close}"));
    }
}

fn class(outcome: Outcome) -> Option<&'static str> {
    Some(match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Caught => "caught",
        Outcome::Failed => "failed",
        Outcome::Aborted => "aborted",
        Outcome::Running => "running",
        Outcome::NotReached => "unreached",
        Outcome::Elsewhere => return None,
    })
}

fn shorten(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
        None => text.to_owned(),
    }
}

/// Text between quotes. Whatever could be markup, Markdown or the end of the text is written as a
/// numbered entity; Mermaid reads those last of all.
fn label(text: &str) -> String {
    let mut told = String::with_capacity(text.len());
    let mut before = ' ';
    for (index, character) in text.chars().enumerate() {
        let list = index < 4
            && matches!(character, '.' | ')')
            && text.chars().take(index).all(|c| c.is_ascii_digit());
        let risky = match character {
            '"' | '#' | '&' | '<' | '>' | '`' | '*' | '~' | '\\' | ';' | '|' => true,
            '_' => !before.is_alphanumeric(),
            '-' | '+' => index == 0,
            // A link by itself, or a number that begins a list.
            ':' | '@' => text.contains("://") || text.contains('@'),
            _ => list && index > 0,
        };
        if risky {
            let _ = write!(told, "#{};", u32::from(character));
        } else {
            told.push(character);
        }
        before = character;
    }
    told
}
