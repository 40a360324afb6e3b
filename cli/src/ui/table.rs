//! Tables and lists on a terminal.

use comfy_table::{ColumnConstraint, ContentArrangement, Table, presets::NOTHING};

/// Width of prose where there is no terminal, and the most on a wide one.
const PROSE: u16 = 80;
/// Columns up to this width are not broken: names, ARNs and times are there to be copied.
const UNBROKEN: u16 = 40;

/// Rows under a head, aligned, without lines. Where a terminal is too narrow, prose is wrapped.
pub fn table<const N: usize>(
    head: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
) -> String {
    let mut table = Table::new();
    table
        .load_style(NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic);
    table.set_header(head);
    for row in rows {
        table.add_row(row);
    }
    for (column, width) in table.column_max_content_widths().into_iter().enumerate() {
        let Some(column) = table.column_mut(column) else {
            continue;
        };
        column.set_padding((0, 2));
        if width <= UNBROKEN {
            column.set_constraint(ColumnConstraint::ContentWidth);
        }
    }
    let text = table.to_string();
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n")
}

/// Things with a text each, the text below the thing, indented and as wide as one likes to read.
pub fn entries(entries: impl IntoIterator<Item = (String, String)>) -> String {
    let width = usize::from(Table::new().width().unwrap_or(PROSE).min(PROSE));
    let mut lines = Vec::new();
    for (head, text) in entries {
        lines.push(format!("  {head}"));
        let mut line = String::new();
        for word in text.split_whitespace() {
            if !line.is_empty() && 6 + line.chars().count() + 1 + word.chars().count() > width {
                lines.push(format!("      {line}"));
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(format!("      {line}"));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_is_wrapped() {
        let text = entries([("name (text)".to_owned(), "word ".repeat(40))]);
        assert!(text.starts_with("  name (text)\n      word word"));
        assert!(
            text.lines().all(|line| line.chars().count() <= 80),
            "{text}"
        );
    }
}
