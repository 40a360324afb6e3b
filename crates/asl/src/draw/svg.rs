//! A drawing as SVG: one file that needs no other, light or dark as the viewer prefers.

mod sheet;
mod style;

use std::fmt::Write;

use super::diagram::{Diagram, Node, Shape};
use super::layout::{Area, Block, Kind, Line, Picture, Placed, Tag, place};
use super::run::{Outcome, Run};
use sheet::{Paper, line_height};

/// Around the picture.
const MARGIN: i32 = 20;
/// Length and half the width of an arrow.
const ARROW: (i32, i32) = (8, 4);
/// Corners of lines are rounded by so much.
const ROUND: i32 = 7;

pub(super) fn draw(diagram: &Diagram, run: Option<&Run>) -> String {
    let picture = place(&diagram.scope, &Paper::new(run));
    let (width, height) = (picture.width + 2 * MARGIN, picture.height + 2 * MARGIN);
    let mut svg = Svg {
        text: String::new(),
        run,
    };
    svg.raw(format_args!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title desc\">\n"
    ));
    let title = diagram.title.as_deref().unwrap_or("State machine");
    svg.raw(format_args!(
        "<title id=\"title\">{}</title>\n",
        escape(title)
    ));
    svg.raw(format_args!(
        "<desc id=\"desc\">{}</desc>\n",
        escape(&description(diagram, run))
    ));
    svg.raw(format_args!("<style>\n{}</style>\n", style::STYLE));
    svg.raw(format_args!(
        "<rect class=\"paper\" width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n<g transform=\"translate({MARGIN} {MARGIN})\">\n"
    ));
    svg.picture(&picture);
    svg.raw(format_args!("</g>\n</svg>\n"));
    svg.text
}

/// What the layout is tested on.
#[cfg(test)]
pub(super) fn paper() -> impl super::layout::Sheet {
    Paper::new(None)
}

/// What there is to see, for those who do not see it.
fn description(diagram: &Diagram, run: Option<&Run>) -> String {
    let scope = &diagram.scope;
    let states = scope.nodes.iter().filter(|node| node.shape.is_state());
    let mut told = format!("{} states.", states.count());
    if let Some(comment) = &diagram.comment {
        told = format!("{comment} {told}");
    }
    for edge in &scope.edges {
        let (from, to) = (scope.name(edge.from), scope.name(edge.to));
        let when = match (edge.when.is_empty(), edge.caught) {
            (true, _) => String::new(),
            (false, true) => format!(" after {}", edge.when.join(", ")),
            (false, false) => format!(" if {}", edge.when.join(" or ")),
        };
        let _ = match (from, to) {
            ("", to) => write!(told, " Begins with {to}."),
            (from, "") => write!(told, " {from} ends it."),
            (from, to) => write!(told, " {from} leads to {to}{when}."),
        };
    }
    if run.is_some() {
        told.push_str(" Coloured by a run.");
    }
    told
}

/// Text as content or attribute of XML.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}

struct Svg<'r> {
    text: String,
    run: Option<&'r Run>,
}

impl Svg<'_> {
    fn raw(&mut self, text: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = self.text.write_fmt(text);
    }

    fn picture(&mut self, picture: &Picture<'_>) {
        let (boxes, states): (Vec<_>, Vec<_>) = picture
            .states
            .iter()
            .partition(|state| !state.lanes.is_empty());
        for state in boxes {
            self.state(state);
        }
        // Lines that were taken lie upon those that were not.
        for pass in [false, true] {
            for line in &picture.lines {
                if (self.took(line) == Some(true)) == pass {
                    self.line(line);
                }
            }
        }
        for tag in &picture.tags {
            self.tag(tag);
        }
        for state in states {
            self.state(state);
        }
    }

    /// Whether a line was taken; `None` without a run, or where that is not known.
    fn took(&self, line: &Line<'_>) -> Option<bool> {
        let run = self.run?;
        let edges = line
            .edges
            .iter()
            .filter_map(|edge| line.scope.edges.get(*edge));
        let took: Option<Vec<bool>> = edges.map(|edge| run.took(line.scope, edge)).collect();
        Some(took?.contains(&true))
    }

    fn line(&mut self, line: &Line<'_>) {
        let mut class = String::from(if line.dashed { "line catch" } else { "line" });
        let mut points = line.points.clone();
        let took = self.took(line);
        match took {
            Some(true) => {
                class.push_str(" taken");
                points.extend(&line.shared);
            }
            Some(false) => class.push_str(" untaken"),
            None => {}
        }
        let tip = points.last().copied().unwrap_or_default();
        // Its own tip, where another brings that of all but was not taken.
        let arrow = line.arrow && (line.shared.is_empty() || took == Some(true));
        if arrow && let Some(last) = points.last_mut() {
            last.1 -= ARROW.0 - 1;
        }
        self.raw(format_args!(
            "<path class=\"{class}\" d=\"{}\"/>\n",
            path(&points)
        ));
        if arrow {
            let ((x, y), (long, half)) = (tip, ARROW);
            self.raw(format_args!(
                "<path class=\"tip {class}\" d=\"M{x} {y}l-{half} -{long}h{}z\"/>\n",
                2 * half
            ));
        }
    }

    fn tag(&mut self, tag: &Tag<'_>) {
        let faded = self.run.and_then(|run| run.took(tag.scope, tag.edge)) == Some(false);
        let joint = if tag.edge.caught { ", " } else { " or " };
        self.raw(format_args!(
            "<g class=\"tag{}\"><title>{}</title>\n",
            if faded { " untaken" } else { "" },
            escape(&tag.edge.when.join(joint))
        ));
        self.lines(&tag.lines, tag.area, 4);
        self.raw(format_args!("</g>\n"));
    }

    /// Lines of text, each in the middle.
    fn lines(&mut self, lines: &[(Kind, String)], area: Area, top: i32) {
        let mut y = area.y + top;
        for (kind, text) in lines {
            let class = match kind {
                Kind::Name => "name",
                Kind::Detail => "detail",
                Kind::Note => "note",
                Kind::Label => "label",
            };
            let height = line_height(*kind);
            let (x, base) = (area.x + area.width / 2, y + height - height / 4);
            let text = escape(text);
            self.raw(format_args!(
                "<text class=\"{class}\" x=\"{x}\" y=\"{base}\">{text}</text>\n"
            ));
            y += height;
        }
    }

    fn state(&mut self, state: &Placed<'_>) {
        let run = self.run.filter(|_| state.node.shape.is_state());
        let outcome = run.map(|run| run.outcome(state.node));
        let class = [
            shape_class(state.node.shape),
            outcome.map_or("", outcome_class),
        ];
        let class = class.join(" ");
        self.raw(format_args!("<g class=\"{}\">", class.trim_end()));
        if state.node.shape.is_state() {
            self.raw(format_args!(
                "<title>{}</title>",
                escape(&told(state.node, self.run))
            ));
        }
        self.raw(format_args!("\n"));
        self.frame(state);
        let top = sheet::text_top(&state.text, state.lanes.is_empty());
        self.lines(&state.text.lines, state.area, top);
        self.raw(format_args!("</g>\n"));
    }

    fn frame(&mut self, state: &Placed<'_>) {
        let Area {
            x,
            y,
            width,
            height,
        } = state.area;
        match state.node.shape {
            Shape::Start | Shape::End => {
                let (x, y, radius) = (x + width / 2, y + height / 2, width / 2);
                self.raw(format_args!(
                    "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n"
                ));
                if state.node.shape == Shape::End {
                    let radius = radius - 4;
                    self.raw(format_args!(
                        "<circle class=\"dot\" cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>\n"
                    ));
                }
            }
            Shape::Choice => {
                let tip = sheet::POINT;
                let (half, flat) = (height / 2, width - 2 * tip);
                self.raw(format_args!(
                    "<path class=\"frame\" d=\"M{x} {}l{tip} -{half}h{flat}l{tip} {half}l-{tip} {half}h-{flat}z\"/>\n",
                    y + half
                ));
            }
            shape => {
                if shape == Shape::DistributedMap {
                    // Many of it: more sheets below.
                    for off in [8, 4] {
                        self.rect(
                            "frame",
                            Area {
                                x: x + off,
                                y: y + off,
                                width,
                                height,
                            },
                            6,
                        );
                    }
                }
                let round = match shape {
                    Shape::Succeed | Shape::Fail | Shape::Wait => (height / 2).min(24),
                    _ => 6,
                };
                self.rect("frame", state.area, round);
                for lane in state.lanes.iter().filter(|_| state.lanes.len() > 1) {
                    self.rect("lane", *lane, 4);
                }
            }
        }
    }

    fn rect(&mut self, class: &str, area: Area, round: i32) {
        let Area {
            x,
            y,
            width,
            height,
        } = area;
        self.raw(format_args!(
            "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"{round}\"/>\n"
        ));
    }
}

/// All that is known of a state, to be shown when it is pointed at.
fn told(node: &Node, run: Option<&Run>) -> String {
    let mut told = node.name.clone();
    for more in [Some(&node.detail), node.comment.as_ref()]
        .into_iter()
        .flatten()
    {
        if !more.is_empty() {
            told.push_str(": ");
            told.push_str(more);
        }
    }
    if let Some(note) = run.and_then(|run| run.note(node)) {
        told.push_str(" – ");
        told.push_str(&note);
    }
    told
}

fn shape_class(shape: Shape) -> &'static str {
    match shape {
        Shape::Start => "start",
        Shape::End => "end",
        Shape::Pass => "state pass",
        Shape::Task => "state task",
        Shape::Choice => "state choice",
        Shape::Wait => "state wait",
        Shape::Succeed => "state succeed",
        Shape::Fail => "state fail",
        Shape::Parallel | Shape::Map | Shape::DistributedMap => "state box",
        Shape::Missing | Shape::Unknown => "state missing",
    }
}

fn outcome_class(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Caught => "caught",
        Outcome::Failed => "failed",
        Outcome::Aborted => "aborted",
        Outcome::Running => "running",
        Outcome::NotReached => "unreached",
        Outcome::Elsewhere => "",
    }
}

/// A path with rounded corners.
fn path(points: &[(i32, i32)]) -> String {
    let mut path = String::new();
    let [first, rest @ ..] = points else {
        return path;
    };
    let _ = write!(path, "M{} {}", first.0, first.1);
    let mut from = *first;
    for (index, &corner) in rest.iter().enumerate() {
        let Some(&next) = rest.get(index + 1) else {
            let _ = write!(path, "L{} {}", corner.0, corner.1);
            break;
        };
        let near = |point: (i32, i32)| (point.0 - corner.0).abs() + (point.1 - corner.1).abs();
        let radius = ROUND.min(near(from) / 2).min(near(next) / 2);
        let toward = |point: (i32, i32)| {
            (
                corner.0 + (point.0 - corner.0).signum() * radius,
                corner.1 + (point.1 - corner.1).signum() * radius,
            )
        };
        let (begin, end) = (toward(from), toward(next));
        let _ = write!(
            path,
            "L{} {}Q{} {} {} {}",
            begin.0, begin.1, corner.0, corner.1, end.0, end.1
        );
        from = corner;
    }
    path
}

/// Height of a block's lines.
fn text_height(text: &Block) -> i32 {
    text.lines.iter().map(|(kind, _)| line_height(*kind)).sum()
}
