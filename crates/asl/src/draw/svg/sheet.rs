//! Sizes of texts and distances in pixels.

use super::super::diagram::{Edge, Node, Shape};
use super::super::layout::{Block, Kind, Sheet, Spacing};
use super::super::measure::{pixels, wrap, wrap_to};
use super::super::run::Run;
use super::text_height;

/// Of the two slanted sides of a Choice.
pub(super) const POINT: i32 = 16;
/// Above and below the texts of a state.
const PAD: i32 = 10;
/// Above the texts of a box, and below them.
const HEAD: i32 = 8;

/// Lines are broken at these widths.
const STATE: i32 = 180;
const LABEL: i32 = 176;

pub(super) fn line_height(kind: Kind) -> i32 {
    match kind {
        Kind::Name => 18,
        Kind::Detail | Kind::Note => 15,
        Kind::Label => 14,
    }
}

fn size(kind: Kind) -> i32 {
    match kind {
        Kind::Name => 14,
        _ => 11,
    }
}

/// Where the texts of a state begin.
pub(super) fn text_top(text: &Block, single: bool) -> i32 {
    if single {
        (text.height - text_height(text)) / 2
    } else {
        HEAD
    }
}

pub(super) struct Paper<'r> {
    run: Option<&'r Run>,
    spacing: Spacing,
}

impl<'r> Paper<'r> {
    pub(super) fn new(run: Option<&'r Run>) -> Self {
        let spacing = Spacing {
            cells: false,
            states: 32,
            lines: 14,
            beside: 14,
            bend: 2,
            corner: 18,
            track: 12,
            under: 14,
            arrow: 22,
            label: 10,
            rows: 34,
            inside: (18, 18),
            lanes: 14,
            stacked: false,
        };
        Self { run, spacing }
    }
}

/// Lines of one kind, broken, with their greatest width.
fn broken(kind: Kind, text: &str, width: i32, most: Option<usize>) -> (i32, Vec<(Kind, String)>) {
    if text.is_empty() {
        return (0, Vec::new());
    }
    let measure = |text: &str| pixels(text, size(kind));
    let lines = match most {
        Some(most) => wrap_to(text, width, most, measure),
        None => wrap(text, width, measure),
    };
    let widest = lines.iter().map(|line| measure(line)).max().unwrap_or(0);
    (widest, lines.into_iter().map(|line| (kind, line)).collect())
}

impl Sheet for Paper<'_> {
    fn state(&self, node: &Node) -> Block {
        if !node.shape.is_state() {
            return Block {
                width: 18,
                height: 18,
                lines: Vec::new(),
            };
        }
        let note = self.run.and_then(|run| run.note(node)).unwrap_or_default();
        let mut block = Block::default();
        for (kind, text, most) in [
            (Kind::Name, &node.name, None),
            (Kind::Detail, &node.detail, Some(3)),
            (Kind::Note, &note, Some(3)),
        ] {
            let (width, lines) = broken(kind, text, STATE, most);
            block.width = block.width.max(width);
            block.lines.extend(lines);
        }
        let height = text_height(&block);
        if node.inner.is_empty() {
            let tip = match node.shape {
                Shape::Choice | Shape::Wait | Shape::Succeed | Shape::Fail => POINT,
                _ => 14,
            };
            block.width = (block.width + 2 * tip).max(100);
            // Even, so that the tips of a Choice are in the middle.
            block.height = (height + 2 * PAD + 1) & !1;
        } else {
            block.width += 28;
            block.height = height + HEAD + 12;
        }
        block
    }

    fn label(&self, edge: &Edge) -> Block {
        let mut block = Block::default();
        let most = if edge.when.len() > 1 { 2 } else { 3 };
        for (index, when) in edge.when.iter().take(4).enumerate() {
            let more = index + 1 < edge.when.len();
            let text = match (more, edge.caught, index) {
                (true, ..) if index == 3 => format!("{} more", edge.when.len() - 3),
                (true, true, _) => format!("{when},"),
                (true, false, _) => format!("{when} or"),
                _ => when.clone(),
            };
            let (width, lines) = broken(Kind::Label, &text, LABEL, Some(most));
            block.width = block.width.max(width);
            block.lines.extend(lines);
        }
        block.width += 8;
        block.height = text_height(&block) + 7;
        block
    }

    fn spacing(&self) -> &Spacing {
        &self.spacing
    }
}
