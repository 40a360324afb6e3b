//! Cells and what is drawn into them.

use unicode_segmentation::UnicodeSegmentation;

use super::super::layout::{Area, Kind, Line};
use super::super::measure::columns;
use super::middle;

/// Sides of a cell that a line touches.
const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// How the border of a box looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frame {
    Plain,
    Round,
    Double,
    Faint,
}

#[derive(Debug, Clone, Default)]
enum Cell {
    #[default]
    Empty,
    /// Lines: sides that straight ones from top to bottom, from left to right, and others touch.
    Line {
        down: bool,
        across: bool,
        other: u8,
        dashed: bool,
    },
    Text(String),
    /// The second half of a wide sign.
    Taken,
}

pub(super) struct Canvas {
    rows: Vec<Vec<Cell>>,
    ascii: bool,
}

impl Canvas {
    pub(super) fn new(width: i32, height: i32, ascii: bool) -> Self {
        let length = |length: i32| usize::try_from(length).unwrap_or(0);
        Self {
            rows: vec![vec![Cell::Empty; length(width)]; length(height)],
            ascii,
        }
    }

    fn cell(&mut self, x: i32, y: i32) -> Option<&mut Cell> {
        let (x, y) = (usize::try_from(x).ok()?, usize::try_from(y).ok()?);
        self.rows.get_mut(y)?.get_mut(x)
    }

    fn put(&mut self, x: i32, y: i32, sign: &str) {
        if let Some(cell) = self.cell(x, y) {
            *cell = Cell::Text(sign.to_owned());
        }
    }

    pub(super) fn frame(&mut self, area: Area, frame: Frame) {
        let [down, across, corners] = match (self.ascii, frame) {
            (true, Frame::Round) => ["|", "-", "..''"],
            (true, Frame::Double) => ["|", "=", "++++"],
            (true, Frame::Faint) => [":", ".", "...."],
            (true, Frame::Plain) => ["|", "-", "++++"],
            (false, Frame::Plain) => ["│", "─", "┌┐└┘"],
            (false, Frame::Round) => ["│", "─", "╭╮╰╯"],
            (false, Frame::Double) => ["║", "═", "╔╗╚╝"],
            (false, Frame::Faint) => ["┊", "┄", "┌┐└┘"],
        };
        let (right, bottom) = (area.x + area.width - 1, area.y + area.height - 1);
        for x in area.x..=right {
            self.put(x, area.y, across);
            self.put(x, bottom, across);
        }
        for y in area.y..=bottom {
            self.put(area.x, y, down);
            self.put(right, y, down);
        }
        let places = [
            (area.x, area.y),
            (right, area.y),
            (area.x, bottom),
            (right, bottom),
        ];
        for ((x, y), corner) in places.into_iter().zip(corners.chars()) {
            self.put(x, y, corner.encode_utf8(&mut [0; 4]));
        }
    }

    /// Draws a line from cell to cell; the last one becomes the arrow.
    pub(super) fn line(&mut self, line: &Line<'_>) {
        let points = &line.points;
        let mut cells: Vec<(i32, i32)> = Vec::new();
        for pair in points.windows(2) {
            if let &[from, to] = pair {
                let step = ((to.0 - from.0).signum(), (to.1 - from.1).signum());
                let mut at = from;
                while at != to {
                    cells.push(at);
                    at = (at.0 + step.0, at.1 + step.1);
                }
            }
        }
        cells.extend(points.last());
        let toward = |from: (i32, i32), to: Option<&(i32, i32)>| match to {
            Some(to) if to.0 > from.0 => RIGHT,
            Some(to) if to.0 < from.0 => LEFT,
            Some(to) if to.1 > from.1 => DOWN,
            Some(to) if to.1 < from.1 => UP,
            _ => 0,
        };
        for (index, &(x, y)) in cells.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| cells.get(before));
            let after = cells.get(index + 1);
            let from = match before {
                Some(_) => toward((x, y), before),
                None if line.leaves_up => DOWN,
                None => UP,
            };
            let to = match after {
                Some(_) => toward((x, y), after),
                // There it runs into another.
                None if !line.shared.is_empty() => 0,
                None if line.arrives_up => UP,
                None => DOWN,
            };
            self.touch(x, y, from | to, line.dashed);
        }
        if let (true, Some(&(x, y))) = (line.arrow && line.shared.is_empty(), cells.last()) {
            self.put(x, y, if self.ascii { "v" } else { "▼" });
        }
    }

    fn touch(&mut self, x: i32, y: i32, sides: u8, line_dashed: bool) {
        let Some(cell) = self.cell(x, y) else {
            return;
        };
        if matches!(cell, Cell::Empty) {
            *cell = Cell::Line {
                down: false,
                across: false,
                other: 0,
                dashed: line_dashed,
            };
        }
        if let Cell::Line {
            down,
            across,
            other,
            dashed,
        } = cell
        {
            match sides {
                _ if sides == UP | DOWN => *down = true,
                _ if sides == LEFT | RIGHT => *across = true,
                sides => *other |= sides,
            }
            *dashed &= line_dashed;
        }
    }

    /// Writes lines of text, each in the middle of an area.
    pub(super) fn texts(&mut self, lines: &[(Kind, String)], area: Area, top: i32) {
        let mut y = area.y + top;
        for (_, line) in lines {
            let mut x = middle(area, columns(line));
            for cluster in line.graphemes(true) {
                let width = columns(cluster);
                if width == 0 {
                    continue;
                }
                self.put(x, y, cluster);
                for taken in 1..width {
                    if let Some(cell) = self.cell(x + taken, y) {
                        *cell = Cell::Taken;
                    }
                }
                x += width;
            }
            y += 1;
        }
    }

    pub(super) fn finish(self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            let mut line = String::new();
            for cell in row {
                match cell {
                    Cell::Empty => line.push(' '),
                    Cell::Text(sign) => line.push_str(sign),
                    Cell::Taken => {}
                    &Cell::Line {
                        down,
                        across,
                        other,
                        dashed,
                    } => line.push(sign(down, across, other, dashed, self.ascii)),
                }
            }
            text.push_str(line.trim_end());
            text.push('\n');
        }
        text
    }
}

/// The sign for what touches a cell. Two lines that only cross do not join: the one that runs down
/// bridges the other.
fn sign(down: bool, across: bool, other: u8, dashed: bool, ascii: bool) -> char {
    let across = across && !(down && other == 0);
    let mut sides = other;
    sides |= if down { UP | DOWN } else { 0 };
    sides |= if across { LEFT | RIGHT } else { 0 };
    if ascii {
        return match (sides, dashed) {
            (3, false) => '|',
            (3, true) => ':',
            (12, false) => '-',
            (12, true) => '.',
            _ => '+',
        };
    }
    match (sides, dashed) {
        (1..=3, false) => '│',
        (1..=3, true) => '┊',
        (4 | 8 | 12, false) => '─',
        (4 | 8 | 12, true) => '┄',
        (5, _) => '╯',
        (6, _) => '╮',
        (9, _) => '╰',
        (10, _) => '╭',
        (7, _) => '┤',
        (11, _) => '├',
        (13, _) => '┴',
        (14, _) => '┬',
        _ => '┼',
    }
}
