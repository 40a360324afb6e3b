//! Lines of a laid out document, made from the places of its nodes.
//!
//! A member of an object is laid out with the comments above it and behind it, so that they move
//! with it. Comments that stand deeper than what follows them stay with what is before them.

use document::{Kind, Member, Node, yaml};

use super::super::order::{Role, rank};

/// The document in its canonical layout.
pub(super) fn lay_out(text: &str, root: &Node) -> String {
    let source = Source { text };
    let is_block = matches!(source.form(root), Form::Block);
    let (mut lines, from) = match (is_block, &root.kind) {
        (true, Kind::Object(members)) => {
            let first = members.first().map_or(0, |member| member.key_span.start);
            let (head, lead) = source.head(first);
            let mut lines = head;
            let (body, from) = source.members(members, Role::Other.of(root), 0, first, lead);
            lines.extend(body);
            (lines, from)
        }
        // A document in braces has the layout that somebody chose.
        _ => return format!("{}\n", text.trim_end()),
    };
    let tail = source.gap(from);
    lines.extend(tail.lines.into_iter().map(|line| line.at(0)));
    let mut out = String::with_capacity(text.len());
    for line in without_empty_runs(lines) {
        if !line.text.is_empty() {
            out.extend(std::iter::repeat_n(' ', line.indent));
            out.push_str(&line.text);
        }
        out.push('\n');
    }
    out
}

/// A line to be written. Empty ones between members are dropped where there are several, those in
/// texts are not.
#[derive(Debug, Clone)]
struct Line {
    indent: usize,
    text: String,
    in_text: bool,
}

impl Line {
    fn new(indent: usize, text: impl Into<String>) -> Self {
        Self {
            indent,
            text: text.into(),
            in_text: false,
        }
    }

    fn of_text(indent: usize, text: &str) -> Self {
        Self {
            in_text: true,
            ..Self::new(indent, text)
        }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.in_text
    }

    fn at(self, indent: usize) -> Self {
        Self { indent, ..self }
    }
}

fn without_empty_runs(lines: Vec<Line>) -> Vec<Line> {
    let mut kept: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        if !line.is_empty() || kept.last().is_some_and(|last| !last.is_empty()) {
            kept.push(line);
        }
    }
    while kept.last().is_some_and(Line::is_empty) {
        kept.pop();
    }
    kept
}

/// How a value is written.
enum Form {
    /// By indentation.
    Block,
    /// A text after `|` or `>`.
    BlockText,
    /// A scalar in quotes or plain, an alias.
    Scalar,
    /// In braces or brackets.
    Flow,
    /// Not at all.
    Empty,
}

/// What stands between two things: comments and empty lines.
#[derive(Default)]
struct Gap {
    /// With the columns where they begin.
    lines: Vec<Line>,
    /// Where the next thing begins.
    end: usize,
}

/// A value, laid out behind its key or dash.
struct Laid {
    /// What goes on in the same line.
    inline: String,
    /// The lines below.
    below: Vec<Line>,
    /// Where the text goes on.
    end: usize,
}

struct Source<'t> {
    text: &'t str,
}

impl Source<'_> {
    fn slice(&self, from: usize, to: usize) -> &str {
        self.text.get(from..to).unwrap_or_default()
    }

    fn rest(&self, from: usize) -> &str {
        self.text.get(from..).unwrap_or_default()
    }

    fn column(&self, at: usize) -> usize {
        let before = self.slice(0, at);
        at - before.rfind('\n').map_or(0, |newline| newline + 1)
    }

    fn form(&self, node: &Node) -> Form {
        let written = self.slice(node.span.start, node.span.end);
        let bare = written.get(yaml::properties(written)..).unwrap_or_default();
        match (&node.kind, bare.chars().next()) {
            (_, Some('*')) => Form::Scalar,
            (_, Some('{' | '[')) => Form::Flow,
            (Kind::Object(_) | Kind::Array(_), _) => Form::Block,
            (_, Some('|' | '>')) => Form::BlockText,
            (_, None) if written.is_empty() => Form::Empty,
            _ => Form::Scalar,
        }
    }

    /// Comments and empty lines from here on.
    fn gap(&self, from: usize) -> Gap {
        let mut gap = Gap {
            end: from,
            ..Gap::default()
        };
        let mut fresh = self.column(from) == 0;
        loop {
            let rest = self.rest(gap.end);
            let blank = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let line = rest.get(blank..).unwrap_or_default();
            let length = line.find('\n').unwrap_or(line.len());
            let content = line.get(..length).unwrap_or_default().trim_end();
            let at_start = fresh && blank == 0;
            let is_mark = at_start && (content.starts_with("---") || content == "...");
            if line.is_empty() || !(content.is_empty() || content.starts_with('#') || is_mark) {
                gap.end += blank;
                return gap;
            }
            if fresh || !content.is_empty() {
                gap.lines.push(Line::new(blank, content));
            }
            fresh = true;
            gap.end = (gap.end + blank + length + 1).min(self.text.len());
        }
    }

    /// The comment that ends a line, and where the line ends.
    fn comment(&self, from: usize) -> (Option<&str>, usize) {
        let rest = self.rest(from);
        let line = rest.split('\n').next().unwrap_or_default();
        let content = line.trim();
        let is_comment = content.starts_with('#') && line.starts_with([' ', '\t']);
        if is_comment {
            (Some(content), from + line.len())
        } else {
            (None, from)
        }
    }

    /// What stands before the first member: what an empty line parts from it stays on top.
    fn head(&self, first: usize) -> (Vec<Line>, Vec<Line>) {
        let mut lines = self.gap(0).lines;
        lines.retain(|line| line.indent <= first || !line.text.is_empty());
        let is_last_of_head = |line: &Line| line.is_empty() || line.text.starts_with("---");
        let head = lines.iter().rposition(is_last_of_head);
        let lead = lines.split_off(head.map_or(0, |at| at + 1));
        (lines, lead)
    }

    /// Members of an object whose first key is at `first`, below the lines `lead`.
    fn members(
        &self,
        members: &[Member],
        role: Role,
        indent: usize,
        first: usize,
        lead: Vec<Line>,
    ) -> (Vec<Line>, usize) {
        let column = self.column(first);
        let mut from = first;
        let mut chunks: Vec<(usize, Vec<Line>)> = Vec::with_capacity(members.len());
        let mut lead: Vec<Line> = lead.into_iter().map(|line| line.at(indent)).collect();
        for (index, member) in members.iter().enumerate() {
            if index > 0 {
                lead = self.between(&mut from, column, indent, chunks.last_mut());
            }
            let key = self.slice(member.key_span.start, member.key_span.end);
            let after = self.rest(member.key_span.end);
            let colon = after.find(':').map_or(0, |at| at + 1);
            let value = self.value(
                &member.value,
                role.below(&member.key),
                (indent, column),
                member.key_span.end + colon,
            );
            lead.push(Line::new(indent, format!("{key}:{}", value.inline)));
            lead.extend(value.below);
            chunks.push((rank(role, &member.key), std::mem::take(&mut lead)));
            from = value.end;
        }
        chunks.sort_by_key(|(rank, _)| *rank);
        let mut lines: Vec<Line> = chunks.into_iter().flat_map(|(_, lines)| lines).collect();
        // An object begins with something.
        let empty = lines.iter().take_while(|line| line.is_empty()).count();
        lines.drain(..empty);
        (lines, from)
    }

    /// The lines before the next member or item; those that stand deeper go to the one before.
    fn between(
        &self,
        from: &mut usize,
        column: usize,
        indent: usize,
        before: Option<&mut (usize, Vec<Line>)>,
    ) -> Vec<Line> {
        let gap = self.gap(*from);
        *from = gap.end;
        let is_deeper = |line: &Line| line.text.is_empty() || line.indent > column;
        let deeper = gap.lines.iter().take_while(|line| is_deeper(line)).count();
        let mut lines = gap.lines;
        let mut lead = lines.split_off(deeper);
        // Empty lines at the end part the two, and belong to the next.
        while lines.last().is_some_and(|line| line.text.is_empty()) {
            lead.extend(lines.pop());
            lead.rotate_right(1);
        }
        if let Some((_, before)) = before {
            before.extend(lines.into_iter().map(|line| line.at(indent + 2)));
        }
        lead.into_iter().map(|line| line.at(indent)).collect()
    }

    fn items(&self, items: &[Node], indent: usize, from: usize) -> (Vec<Line>, usize) {
        let gap = self.gap(from);
        let column = self.column(gap.end);
        let mut lead: Vec<Line> = gap.lines.into_iter().map(|line| line.at(indent)).collect();
        let mut from = gap.end;
        let mut chunks: Vec<(usize, Vec<Line>)> = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                lead = self.between(&mut from, column, indent, chunks.last_mut());
            }
            // The dash.
            from += 1;
            let mut value = self.value(item, Role::Other, (indent, column), from);
            let is_block = matches!(self.form(item), Form::Block);
            if is_block && value.inline.is_empty() && !value.below.is_empty() {
                let first = value.below.remove(0);
                lead.push(Line::new(indent, format!("- {}", first.text)));
            } else {
                lead.push(Line::new(indent, format!("-{}", value.inline)));
            }
            lead.extend(value.below);
            chunks.push((0, std::mem::take(&mut lead)));
            from = value.end;
        }
        let mut lines: Vec<Line> = chunks.into_iter().flat_map(|(_, lines)| lines).collect();
        let empty = lines.iter().take_while(|line| line.is_empty()).count();
        lines.drain(..empty);
        (lines, from)
    }

    /// A value behind a key or dash at this (new and old) column, which ends at `from`.
    fn value(&self, node: &Node, role: Role, at: (usize, usize), from: usize) -> Laid {
        let (indent, column) = at;
        let mut inline = String::new();
        match self.form(node) {
            Form::Block => {
                let mut from = from;
                let written = self.slice(node.span.start, node.span.end);
                let properties = written.get(..yaml::properties(written)).unwrap_or_default();
                let properties = properties.lines().next().unwrap_or_default();
                let words = properties.split(" #").next().unwrap_or_default().trim_end();
                if !words.is_empty() {
                    inline = format!(" {words}");
                    from = node.span.start + words.len();
                }
                let (comment, end) = self.comment(from);
                if let Some(comment) = comment {
                    inline = format!("{inline} {comment}");
                }
                let (below, end) = match &node.kind {
                    Kind::Object(members) => {
                        let gap = self.gap(end);
                        self.members(members, role.of(node), indent + 2, gap.end, gap.lines)
                    }
                    Kind::Array(items) => self.items(items, indent + 2, end),
                    _ => (Vec::new(), end),
                };
                Laid { inline, below, end }
            }
            Form::BlockText => self.block_text(node, indent, column),
            Form::Empty => {
                let (comment, end) = self.comment(from);
                let inline = comment.map_or_else(String::new, |comment| format!(" {comment}"));
                Laid {
                    inline,
                    below: Vec::new(),
                    end,
                }
            }
            Form::Scalar | Form::Flow => self.inline(node, indent, column, from),
        }
    }

    /// A scalar or what is in braces. Its further lines are moved as far as its first one.
    fn inline(&self, node: &Node, indent: usize, column: usize, from: usize) -> Laid {
        let is_flow = matches!(self.form(node), Form::Flow);
        let mut below: Vec<Line> = Vec::new();
        let (comment, end) = self.comment(from);
        let between = self.gap(end).lines;
        let mut inline = String::new();
        let mut apart = false;
        if let Some(comment) = comment {
            inline = format!(" {comment}");
            apart = true;
        }
        let comments = between.into_iter().filter(|line| !line.text.is_empty());
        below.extend(comments.map(|line| line.at(indent + 2)));
        apart |= !below.is_empty();
        let written = self.slice(node.span.start, node.span.end);
        for (index, line) in written.split('\n').enumerate() {
            let content = line.trim();
            let old = line.len() - line.trim_start().len();
            match index {
                0 if apart => below.push(Line::new(indent + 2, content)),
                0 => inline = format!(" {content}"),
                _ if is_flow && !content.is_empty() => {
                    let moved = (old + indent).saturating_sub(column);
                    below.push(Line::of_text(moved.max(indent + 1), content));
                }
                _ => below.push(Line::of_text(indent + 2, content)),
            }
        }
        let (comment, end) = self.comment(node.span.end);
        if let Some(comment) = comment {
            match below.last_mut() {
                Some(last) => last.text = format!("{} {comment}", last.text),
                None => inline = format!("{inline} {comment}"),
            }
        }
        Laid { inline, below, end }
    }

    fn block_text(&self, node: &Node, indent: usize, column: usize) -> Laid {
        let written = self.slice(node.span.start, node.span.end);
        let mut lines = written.split('\n');
        let header = lines.next().unwrap_or_default().trim_end();
        let marks = header.split(" #").next().unwrap_or_default();
        let mut content: Vec<&str> = lines.collect();
        let mut end = node.span.end;
        if marks.contains('+') {
            // Empty lines at the end count.
            let rest = self.rest(end);
            let kept = rest.len() - rest.trim_start().len();
            let empty = rest.get(..kept).unwrap_or_default();
            let lines = empty.matches('\n').count();
            content.extend(std::iter::repeat_n("", lines.saturating_sub(1)));
            end += empty.rfind('\n').map_or(0, |newline| newline + 1);
        }
        let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let full = content.iter().filter(|line| !line.trim().is_empty());
        let is_explicit = marks.contains(|c: char| c.is_ascii_digit());
        let old = if is_explicit {
            column + 2
        } else {
            full.map(|line| spaces(line)).next().unwrap_or(0)
        };
        let below = content.iter().map(|line| {
            let deeper = spaces(line) as isize - old as isize;
            let moved = usize::try_from(indent as isize + 2 + deeper).unwrap_or(0);
            let text = line.trim_start_matches(' ');
            if text.is_empty() && deeper <= 0 {
                Line::of_text(0, "")
            } else if text.is_empty() {
                Line::of_text(0, &" ".repeat(moved))
            } else {
                Line::of_text(moved, text)
            }
        });
        Laid {
            inline: format!(" {header}"),
            below: below.collect(),
            end,
        }
    }
}
