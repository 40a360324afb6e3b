//! A drawing for a terminal: boxes and lines of characters, as wide as the terminal at the most.
//! What does not fit even with narrow boxes is told as an outline.

mod canvas;
mod outline;

use super::diagram::{Diagram, Edge, Node, Shape};
use super::layout::{Area, Block, Kind, Picture, Placed, Sheet, Spacing, place};
use super::measure::{columns, wrap, wrap_to};
use super::run::Run;
use canvas::{Canvas, Frame};

/// How a drawing in text is made.
#[derive(Debug, Clone, Copy)]
pub struct TextOptions {
    /// Columns that there are.
    pub columns: usize,
    /// Only ASCII in lines and signs; names stay as they are.
    pub ascii: bool,
}

impl Default for TextOptions {
    fn default() -> Self {
        Self {
            columns: 80,
            ascii: false,
        }
    }
}

/// Tried one after another: columns of a state's text, of a label's, branches below each other.
const ATTEMPTS: &[(i32, i32, bool)] = &[
    (26, 24, false),
    (18, 18, false),
    (26, 22, true),
    (18, 16, true),
    (14, 12, true),
];

pub(super) fn draw(diagram: &Diagram, run: Option<&Run>, options: TextOptions) -> String {
    let limit = i32::try_from(options.columns).unwrap_or(i32::MAX);
    for &(state, label, stacked) in ATTEMPTS {
        let grid = Grid::new(run, options.ascii, state, label, stacked);
        let picture = place(&diagram.scope, &grid);
        if picture.width <= limit {
            return characters(&picture, options.ascii);
        }
    }
    outline::draw(diagram, run, options)
}

/// What the layout is tested on.
#[cfg(test)]
pub(super) fn grid(stacked: bool) -> impl Sheet {
    Grid::new(None, false, 26, 24, stacked)
}

fn characters(picture: &Picture<'_>, ascii: bool) -> String {
    let mut canvas = Canvas::new(picture.width, picture.height, ascii);
    for state in &picture.states {
        frame(&mut canvas, state);
    }
    for line in &picture.lines {
        canvas.line(line);
    }
    for state in &picture.states {
        let top = if state.node.shape.is_state() { 1 } else { 0 };
        canvas.texts(&state.text.lines, state.area, top);
    }
    for tag in &picture.tags {
        canvas.texts(&tag.lines, tag.area, 0);
    }
    canvas.finish()
}

fn frame(canvas: &mut Canvas, state: &Placed<'_>) {
    let kind = match state.node.shape {
        Shape::Start | Shape::End => return,
        Shape::Choice | Shape::Wait => Frame::Round,
        Shape::Succeed | Shape::Fail => Frame::Double,
        _ => Frame::Plain,
    };
    canvas.frame(state.area, kind);
    for lane in state.lanes.iter().filter(|_| state.lanes.len() > 1) {
        canvas.frame(*lane, Frame::Faint);
    }
}

/// Signs that the ASCII form has no like of, and what stands for them.
const SIGNS: &[(&str, &str)] = &[
    ("✓", "ok"),
    ("✗", "x"),
    ("…", "..."),
    ("–", "-"),
    ("≤", "<="),
    ("≥", ">="),
];

fn plain(text: &str, ascii: bool) -> String {
    let mut text = text.to_owned();
    if ascii {
        for (sign, ascii) in SIGNS {
            text = text.replace(sign, ascii);
        }
    }
    text
}

/// The cells of a terminal.
struct Grid<'r> {
    run: Option<&'r Run>,
    ascii: bool,
    state: i32,
    label: i32,
    spacing: Spacing,
}

impl<'r> Grid<'r> {
    fn new(run: Option<&'r Run>, ascii: bool, state: i32, label: i32, stacked: bool) -> Self {
        let spacing = Spacing {
            cells: true,
            states: 3,
            lines: 2,
            beside: 2,
            bend: 1,
            corner: 2,
            track: 1,
            under: 0,
            arrow: 1,
            label: 0,
            rows: 1,
            inside: (2, 1),
            lanes: 1,
            stacked,
        };
        Self {
            run,
            ascii,
            state,
            label,
            spacing,
        }
    }

    fn block(&self, parts: &[(Kind, &str, usize)], width: i32) -> Block {
        let mut block = Block::default();
        for &(kind, text, most) in parts {
            let text = plain(text, self.ascii);
            if text.is_empty() {
                continue;
            }
            let lines = match most {
                0 => wrap(&text, width, columns),
                most => wrap_to(&text, width, most, columns),
            };
            for line in lines {
                let line = plain(&line, self.ascii);
                block.width = block.width.max(columns(&line));
                block.height += 1;
                block.lines.push((kind, line));
            }
        }
        block
    }
}

impl Sheet for Grid<'_> {
    fn state(&self, node: &Node) -> Block {
        if !node.shape.is_state() {
            let sign = match (node.shape, self.ascii) {
                (Shape::Start, false) => "●",
                (_, false) => "◉",
                (Shape::Start, true) => "(*)",
                (_, true) => "(@)",
            };
            return self.block(&[(Kind::Name, sign, 0)], 3);
        }
        let note = self.run.and_then(|run| run.note(node)).unwrap_or_default();
        let detail = match node.shape {
            // Their frame does not say which of the two it is.
            Shape::Succeed => "succeed",
            Shape::Fail if node.detail.is_empty() => "fail",
            Shape::Choice => "",
            _ => &node.detail,
        };
        let parts = [
            (Kind::Name, node.name.as_str(), 0),
            (Kind::Detail, detail, 2),
            (Kind::Note, note.as_str(), 2),
        ];
        let mut block = self.block(&parts, self.state);
        block.width += 4;
        block.height += if node.inner.is_empty() { 2 } else { 1 };
        block
    }

    fn label(&self, edge: &Edge) -> Block {
        let joint = if edge.caught { ", " } else { " or " };
        let mut block = self.block(
            &[(Kind::Label, edge.when.join(joint).as_str(), 3)],
            self.label,
        );
        block.width += 2;
        block
    }

    fn spacing(&self) -> &Spacing {
        &self.spacing
    }
}

/// Where a text of some columns begins to be in the middle of an area.
fn middle(area: Area, width: i32) -> i32 {
    area.x + (area.width - width) / 2
}
