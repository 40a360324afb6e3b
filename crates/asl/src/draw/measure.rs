//! How long texts are, and where their lines break.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Text that can stand in any picture: control characters, those that turn the direction of
/// writing, and what XML forbids are replaced, so that a name can neither end a line nor command a
/// terminal.
pub(super) fn clean(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '\t' | '\n' | '\r' => ' ',
            '\u{61c}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{fffe}'
            | '\u{ffff}' => '\u{fffd}',
            other if other.is_control() => '\u{fffd}',
            other => other,
        })
        .collect()
}

/// Columns of a terminal.
pub(super) fn columns(text: &str) -> i32 {
    i32::try_from(text.width()).unwrap_or(i32::MAX)
}

/// Advance widths of DejaVu Sans from space to tilde, in thousandths of the size. Of the fonts
/// that systems show sans-serif text in it is the widest, so text measured by it fits in all.
const ADVANCES: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636,
    636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632,
    575, 775, 752, 295, 295, 656, 557, 863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685,
    611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278, 579,
    278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
];

/// Pixels of a text of a size, rather too many than too few.
pub(super) fn pixels(text: &str, size: i32) -> i32 {
    let thousandths: i32 = text
        .graphemes(true)
        .map(|cluster| {
            let mut characters = cluster.chars();
            match (characters.next(), characters.next()) {
                (Some(one), None) if one.is_ascii() => {
                    let index = (one as usize).saturating_sub(32);
                    ADVANCES.get(index).copied().unwrap_or(1000).into()
                }
                // Emoji are wider than high in some fonts; a cluster of several is one glyph only
                // where the font has it.
                _ => match columns(cluster) {
                    0 => 0,
                    1 => 850,
                    wide => 650 * wide,
                },
            }
        })
        .sum();
    thousandths * size / 1000 + 1
}

/// Breaks a text into lines of at most `width`: at blanks; within a word that is too long after
/// signs and before capitals, and anywhere if nothing else helps.
pub(super) fn wrap(text: &str, width: i32, measure: impl Fn(&str) -> i32) -> Vec<String> {
    let mut lines = vec![String::new()];
    let fits = |text: &str| measure(text.trim_end()) <= width;
    for word in text.split_inclusive(' ') {
        if append(&mut lines, word, &fits) {
            continue;
        }
        for piece in pieces(word) {
            if append(&mut lines, piece, &fits) {
                continue;
            }
            for cluster in piece.graphemes(true) {
                if !append(&mut lines, cluster, &fits) {
                    lines.push(cluster.to_owned());
                }
            }
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    lines.retain(|line| !line.is_empty());
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

/// Puts a part of a text at the end of the last line, or on a line of its own, if it fits.
fn append(lines: &mut Vec<String>, part: &str, fits: &impl Fn(&str) -> bool) -> bool {
    if let Some(last) = lines.last_mut()
        && fits(&format!("{last}{part}"))
    {
        last.push_str(part);
        return true;
    }
    if fits(part) {
        lines.push(part.to_owned());
        return true;
    }
    false
}

/// As [`wrap`], with what is beyond the last line left out.
pub(super) fn wrap_to(
    text: &str,
    width: i32,
    most: usize,
    measure: impl Fn(&str) -> i32,
) -> Vec<String> {
    let mut lines = wrap(text, width, &measure);
    if lines.len() > most {
        lines.truncate(most);
        if let Some(last) = lines.last_mut() {
            while measure(&format!("{last}…")) > width {
                let Some((at, _)) = last.grapheme_indices(true).next_back() else {
                    break;
                };
                last.truncate(at);
            }
            last.truncate(last.trim_end().len());
            last.push('…');
        }
    }
    lines
}

/// Parts of a word between which a line may end.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut begin = 0;
    let mut before: Option<char> = None;
    for (at, character) in text.char_indices() {
        let joint = before.is_some_and(|before| match before {
            '-' | '_' | '.' | ':' | '/' | ',' | '&' => character.is_alphanumeric(),
            _ => before.is_lowercase() && character.is_uppercase(),
        });
        if joint {
            pieces.extend(text.get(begin..at));
            begin = at;
        }
        before = Some(character);
    }
    pieces.extend(text.get(begin..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_where_words_do() {
        let broken = |text, width| wrap(text, width, columns);
        assert_eq!(broken("Wait for detection", 10), ["Wait for", "detection"]);
        assert_eq!(broken("ProcessAllRecords", 10), ["ProcessAll", "Records"]);
        assert_eq!(broken("aaaaaaa", 3), ["aaa", "aaa", "a"]);
        assert_eq!(broken("日本語の状態", 4), ["日本", "語の", "状態"]);
        assert_eq!(broken("", 4), [""]);
        assert_eq!(
            wrap_to("one two three four", 7, 2, columns),
            ["one two", "three…"]
        );
    }

    #[test]
    fn nothing_commands_a_terminal() {
        assert_eq!(clean("a\u{1b}[31m\nb\u{202e}c"), "a\u{fffd}[31m b\u{fffd}c");
    }
}
