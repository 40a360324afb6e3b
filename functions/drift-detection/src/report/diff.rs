//! How two values of a property differ, line by line.

use serde_json::Value;

/// More lines than this are shown one below the other instead of being compared, which takes time by their square.
const COMPARED: usize = 400;
/// Values of more lines are cut; the JSON report has them whole.
const SHOWN: usize = 120;
/// Lines of more characters are cut, too.
const WIDTH: usize = 500;

/// A line of a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Line {
    /// In both values.
    Same(String),
    /// Only in the template.
    Expected(String),
    /// Only in the live resource.
    Actual(String),
    /// The rest is left out: so many lines.
    More(usize),
}

/// Whether a value is short enough to stand in a sentence.
pub(super) fn is_short(value: Option<&str>) -> bool {
    value.is_none_or(|value| {
        value.len() <= 80 && !value.contains(char::is_control) && !is_document(value)
    })
}

/// The lines of both values, JSON documents spread out first.
pub(super) fn lines(expected: Option<&str>, actual: Option<&str>) -> Vec<Line> {
    let (expected, actual) = (spread(expected), spread(actual));
    let mut lines = if expected.len().max(actual.len()) > COMPARED {
        let expected = expected.into_iter().map(Line::Expected);
        expected
            .chain(actual.into_iter().map(Line::Actual))
            .collect()
    } else {
        compare(&expected, &actual)
    };
    if lines.len() > SHOWN {
        let more = lines.len() - SHOWN;
        lines.truncate(SHOWN);
        lines.push(Line::More(more));
    }
    lines.into_iter().map(Line::shown).collect()
}

impl Line {
    /// As it may stand in a report: no longer than a line should be, and without characters that
    /// move a cursor.
    fn shown(self) -> Self {
        let shown = |text: String| {
            let end = text.char_indices().nth(WIDTH).map(|(end, _)| end);
            let rest = end.map_or("", |end| text.get(end..).unwrap_or_default());
            let head = text.strip_suffix(rest).unwrap_or(&text);
            let mut shown: String = head
                .chars()
                .map(|c| {
                    if c.is_control() && c != '\t' {
                        '\u{fffd}'
                    } else {
                        c
                    }
                })
                .collect();
            if !rest.is_empty() {
                let more = rest.chars().count();
                shown.push_str(&format!("… {more} more characters, see report.json"));
            }
            shown
        };
        match self {
            Self::Same(text) => Self::Same(shown(text)),
            Self::Expected(text) => Self::Expected(shown(text)),
            Self::Actual(text) => Self::Actual(shown(text)),
            Self::More(number) => Self::More(number),
        }
    }
}

fn is_document(value: &str) -> bool {
    serde_json::from_str::<Value>(value).is_ok_and(|value| value.is_object() || value.is_array())
}

fn spread(value: Option<&str>) -> Vec<String> {
    let Some(value) = value else {
        return Vec::new();
    };
    let spread = match serde_json::from_str::<Value>(value) {
        Ok(document) if document.is_object() || document.is_array() => {
            serde_json::to_string_pretty(&document).ok()
        }
        _ => None,
    };
    // A carriage return ends a line in Markdown, too.
    let text = spread.as_deref().unwrap_or(value).replace("\r\n", "\n");
    text.split_terminator(['\n', '\r'])
        .map(str::to_owned)
        .collect()
}

/// Longest common subsequence, by its table of lengths from the end.
fn compare(expected: &[String], actual: &[String]) -> Vec<Line> {
    let width = actual.len() + 1;
    let mut lengths = vec![0_usize; (expected.len() + 1) * width];
    let at = |lengths: &[usize], i: usize, j: usize| {
        lengths.get(i * width + j).copied().unwrap_or_default()
    };
    for (i, left) in expected.iter().enumerate().rev() {
        for (j, right) in actual.iter().enumerate().rev() {
            let length = if left == right {
                at(&lengths, i + 1, j + 1) + 1
            } else {
                at(&lengths, i + 1, j).max(at(&lengths, i, j + 1))
            };
            if let Some(cell) = lengths.get_mut(i * width + j) {
                *cell = length;
            }
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    loop {
        match (expected.get(i), actual.get(j)) {
            (Some(left), Some(right)) if left == right => {
                lines.push(Line::Same(left.clone()));
                (i, j) = (i + 1, j + 1);
            }
            (Some(left), right)
                if right.is_none() || at(&lengths, i + 1, j) >= at(&lengths, i, j + 1) =>
            {
                lines.push(Line::Expected(left.clone()));
                i += 1;
            }
            (_, Some(right)) => {
                lines.push(Line::Actual(right.clone()));
                j += 1;
            }
            _ => return lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(expected: &str, actual: &str) -> String {
        let line = |line| match line {
            Line::Same(text) => format!(" {text}"),
            Line::Expected(text) => format!("-{text}"),
            Line::Actual(text) => format!("+{text}"),
            Line::More(n) => format!("…{n}"),
        };
        lines(Some(expected), Some(actual))
            .into_iter()
            .map(line)
            .collect::<Vec<_>>()
            .join("|")
    }

    #[test]
    fn documents_are_spread_and_compared() {
        assert_eq!(
            shown(r#"{"a":1,"b":2}"#, r#"{"a":1,"b":3}"#),
            r#" {|   "a": 1,|-  "b": 2|+  "b": 3| }"#
        );
        assert_eq!(shown("a\nb\nc", "a\nc\nd"), " a|-b| c|+d");
        assert_eq!(lines(None, Some("x")), [Line::Actual("x".into())]);
    }

    #[test]
    fn no_line_of_a_value_goes_beyond_its_own() {
        assert_eq!(shown("a", "a\r# b\r\n\x1b[2J"), " a|+# b|+\u{fffd}[2J");
        assert!(!is_short(Some("a\rb")) && !is_short(Some("\x1b[2J")));
        let wide = "x".repeat(10_000);
        assert!(
            shown(&wide, "y").starts_with(&format!("-{}… 9500 more characters", "x".repeat(500)))
        );
    }

    #[test]
    fn long_values_are_cut() {
        let long: Vec<_> = (0..1000).map(|n| n.to_string()).collect();
        let lines = lines(Some(&long.join("\n")), Some("x"));
        assert_eq!(lines.last(), Some(&Line::More(1001 - SHOWN)));
    }
}
