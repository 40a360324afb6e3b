//! How long a scalar of YAML really is, and the tag and anchor before a value.
//!
//! The parser's span begins with these, and goes on over blanks and comments to the next thing.

use saphyr_parser::ScalarStyle;

/// Bytes of a scalar at the head of the text that the parser says is its own.
pub(super) fn scalar(spanned: &str, style: ScalarStyle) -> usize {
    let before = properties(spanned);
    let spanned = spanned.get(before..).unwrap_or_default();
    before + bare(spanned, style)
}

/// Bytes of the tag and the anchor at the head of a value, with the blanks behind them.
#[must_use]
pub fn properties(value: &str) -> usize {
    let mut rest = value;
    while rest.starts_with(['!', '&']) {
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        rest = rest.get(word..).unwrap_or_default();
        rest = rest.trim_start();
        while rest.starts_with('#') {
            let line = rest.find('\n').unwrap_or(rest.len());
            rest = rest.get(line..).unwrap_or_default().trim_start();
        }
    }
    value.len() - rest.len()
}

/// Where a block scalar begins, whose span may begin with its content: at its `|` or `>`, which
/// ends the line before, but for a comment.
pub(super) fn header(text: &str, start: usize) -> usize {
    if text
        .get(start..)
        .unwrap_or_default()
        .starts_with(['!', '&', '|', '>'])
    {
        return start;
    }
    let before = text.get(..start).unwrap_or_default().trim_end();
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    let marks = before.get(line..).unwrap_or_default();
    let mut marks = marks.match_indices(['|', '>']).map(|(at, _)| line + at);
    marks
        .find(|at| is_header(before.get(at + 1..).unwrap_or_default()))
        .unwrap_or(start)
}

/// Whether only indentation, chomping and a comment follow.
fn is_header(rest: &str) -> bool {
    let rest = rest.trim_start_matches(|c: char| c.is_ascii_digit() || c == '+' || c == '-');
    let end = rest.trim_start();
    end.is_empty() || (end.len() < rest.len() && end.starts_with('#'))
}

fn bare(spanned: &str, style: ScalarStyle) -> usize {
    match style {
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            closing(spanned).unwrap_or(spanned.len())
        }
        ScalarStyle::Plain => plain(spanned),
        ScalarStyle::Literal | ScalarStyle::Folded => spanned.trim_end().len(),
    }
}

/// A plain scalar ends before the first comment; its lines may be several.
fn plain(spanned: &str) -> usize {
    let comment = spanned.match_indices('#').map(|(at, _)| at).find(|at| {
        let before = spanned.get(..*at).unwrap_or_default();
        before.ends_with([' ', '\t', '\n', '\r'])
    });
    let plain = comment.and_then(|at| spanned.get(..at)).unwrap_or(spanned);
    plain.trim_end().len()
}

/// Where a quoted scalar ends: after the first quote that is neither doubled nor escaped.
fn closing(spanned: &str) -> Option<usize> {
    let quote = spanned.chars().next()?;
    let mut rest = spanned.char_indices().skip(1).peekable();
    while let Some((at, character)) = rest.next() {
        if character == '\\' && quote == '"' {
            rest.next();
        } else if character == quote {
            if quote == '\'' && rest.peek().is_some_and(|(_, next)| *next == quote) {
                rest.next();
                continue;
            }
            return Some(at + 1);
        }
    }
    None
}
