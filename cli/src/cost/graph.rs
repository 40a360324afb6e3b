//! Parts of a graph that lead back to themselves.

use std::collections::BTreeMap;

/// The strongly connected components that can be reached from a node, each after all that it leads
/// to (Tarjan's algorithm, without recursion: definitions have thousands of states).
pub(super) fn components<I: Iterator<Item = usize>>(
    from: usize,
    next: impl Fn(usize) -> I,
) -> Vec<Vec<usize>> {
    let mut number: BTreeMap<usize, usize> = BTreeMap::new();
    let mut lowest: BTreeMap<usize, usize> = BTreeMap::new();
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    let mut path = vec![(from, next(from).collect::<Vec<_>>())];
    number.insert(from, 0);
    lowest.insert(from, 0);
    open.push(from);
    while let Some((node, ahead)) = path.last_mut() {
        let node = *node;
        if let Some(to) = ahead.pop() {
            if let Some(known) = number.get(&to).copied() {
                if open.contains(&to) {
                    lower(&mut lowest, node, known);
                }
            } else {
                let count = number.len();
                number.insert(to, count);
                lowest.insert(to, count);
                open.push(to);
                path.push((to, next(to).collect()));
            }
            continue;
        }
        path.pop();
        let low = lowest.get(&node).copied().unwrap_or_default();
        if let Some((above, _)) = path.last() {
            lower(&mut lowest, *above, low);
        }
        if number.get(&node) == Some(&low) {
            let at = open.iter().position(|one| *one == node);
            found.push(open.split_off(at.unwrap_or(open.len())));
        }
    }
    found
}

fn lower(lowest: &mut BTreeMap<usize, usize>, node: usize, to: usize) {
    if let Some(low) = lowest.get_mut(&node) {
        *low = (*low).min(to);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loops_are_found_and_come_after_what_they_lead_to() {
        // 0 → 1 ⇄ 2 → 3 → 3, 0 → 4
        let next = [vec![1, 4], vec![2], vec![1, 3], vec![3], vec![]];
        let mut found = components(0, |node| next[node].clone().into_iter());
        found
            .iter_mut()
            .for_each(|component| component.sort_unstable());
        assert_eq!(found.last(), Some(&vec![0]));
        let at = |component: &[usize]| found.iter().position(|one| one == component).unwrap();
        assert!(at(&[3]) < at(&[1, 2]));
        assert_eq!(found.len(), 4);
    }
}
