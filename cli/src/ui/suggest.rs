//! "Did you mean …?"

/// The name nearest to what was typed, if any is near.
pub fn suggest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let near = names
        .into_iter()
        .map(|name| (distance(typed, name), name))
        .min()?;
    let limit = typed.chars().count() / 3 + 1;
    (near.0 <= limit).then_some(near.1)
}

/// Levenshtein distance in characters.
fn distance(one: &str, two: &str) -> usize {
    let two: Vec<char> = two.chars().collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&two) {
            let above = *cell;
            let best = (diagonal + usize::from(a != *b))
                .min(above + 1)
                .min(left + 1);
            diagonal = above;
            left = best;
            *cell = best;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_is_understood() {
        let names = ["drift-detection", "fargate-job"];
        assert_eq!(suggest("drift-detectoin", names), Some("drift-detection"));
        assert_eq!(suggest("fargatejob", names), Some("fargate-job"));
        assert_eq!(suggest("saga", names), None);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
