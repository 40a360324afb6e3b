//! The states one below another, each with where it goes: for what is too wide to draw.

use std::fmt::Write;

use super::super::diagram::{Diagram, Scope, Shape};
use super::super::measure::wrap;
use super::super::run::Run;
use super::{TextOptions, columns, plain};

pub(super) fn draw(diagram: &Diagram, run: Option<&Run>, options: TextOptions) -> String {
    let mut outline = Outline {
        text: String::new(),
        run,
        options,
    };
    outline.scope(&diagram.scope, 0);
    outline.text
}

struct Outline<'r> {
    text: String,
    run: Option<&'r Run>,
    options: TextOptions,
}

impl Outline<'_> {
    /// Writes a line, broken where it is too long; what follows stands further in.
    fn line(&mut self, indent: usize, line: &str) {
        let room = self.options.columns.saturating_sub(indent + 4).max(20);
        let line = plain(line, self.options.ascii);
        let lines = wrap(&line, i32::try_from(room).unwrap_or(i32::MAX), columns);
        for (index, line) in lines.iter().enumerate() {
            let indent = if index == 0 { indent } else { indent + 4 };
            let _ = writeln!(self.text, "{:indent$}{line}", "");
        }
    }

    fn scope(&mut self, scope: &Scope, indent: usize) {
        let arrow = if self.options.ascii { "->" } else { "→" };
        let dashed = if self.options.ascii { "..>" } else { "⇢" };
        for (index, node) in scope.nodes.iter().enumerate() {
            if !node.shape.is_state() {
                continue;
            }
            let leaving = scope.edges.iter().filter(|edge| edge.from == index);
            let begins = scope.edges.iter().any(|edge| {
                edge.to == index
                    && scope
                        .nodes
                        .get(edge.from)
                        .is_some_and(|node| node.shape == Shape::Start)
            });
            let mark = match (begins, self.options.ascii) {
                (true, false) => "● ",
                (true, true) => "* ",
                (false, _) => "",
            };
            let mut head = format!("{mark}{}", node.name);
            if !node.detail.is_empty() {
                let _ = write!(head, " [{}]", node.detail);
            }
            if let Some(note) = self.run.and_then(|run| run.note(node)) {
                let _ = write!(head, "  {note}");
            }
            self.line(indent, &head);
            for edge in leaving {
                let to = match scope.name(edge.to) {
                    "" => "end",
                    name => name,
                };
                let when = edge.when.join(if edge.caught { ", " } else { " or " });
                let (arrow, colon) = (
                    if edge.caught { dashed } else { arrow },
                    if when.is_empty() { "" } else { ": " },
                );
                self.line(indent + 2, &format!("{when}{colon}{arrow} {to}"));
            }
            for (index, inner) in node.inner.iter().enumerate() {
                if node.inner.len() > 1 {
                    self.line(indent + 2, &format!("branch {}", index + 1));
                }
                self.scope(inner, indent + 4);
            }
        }
    }
}
