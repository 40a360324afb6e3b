//! The comments of a document.

use document::{Kind, Node};

/// Texts of all comments, sorted.
pub(super) fn of(text: &str, root: &Node) -> Vec<String> {
    let mut scalars = Vec::new();
    collect(root, &mut scalars);
    scalars.sort_unstable();
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.trim_end().len();
        let start = start(text, at, end, &scalars);
        found.extend(start.and_then(|start| text.get(start..end).map(str::to_owned)));
        at += line.len();
    }
    found.sort();
    found
}

/// Where the comment of a line begins.
fn start(text: &str, from: usize, to: usize, scalars: &[(usize, usize)]) -> Option<usize> {
    let line = text.get(from..to)?;
    let mut marks = line.match_indices('#').map(|(at, _)| from + at);
    marks.find(|at| {
        let before = text.get(from..*at).unwrap_or_default();
        let apart = before.is_empty() || before.ends_with([' ', '\t']);
        let next = scalars.partition_point(|(start, _)| start <= at);
        let last = next.checked_sub(1).and_then(|index| scalars.get(index));
        apart && last.is_none_or(|(_, end)| end <= at)
    })
}

/// Places of all scalars and keys: what looks like a comment inside them is none.
fn collect(node: &Node, scalars: &mut Vec<(usize, usize)>) {
    match &node.kind {
        Kind::Object(members) => {
            for member in members {
                scalars.push((member.key_span.start, member.key_span.end));
                collect(&member.value, scalars);
            }
        }
        Kind::Array(items) => items.iter().for_each(|item| collect(item, scalars)),
        _ => scalars.push((node.span.start, node.span.end)),
    }
}
