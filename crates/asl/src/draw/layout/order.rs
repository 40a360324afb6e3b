//! Who stands beside whom in a row: the order with few crossings.

use super::graph::{Graph, Role, Side, at, set};

/// Rounds of sweeping; more hardly help.
const ROUNDS: usize = 10;

/// Links beyond which a layout is sought in two rounds: such a picture is beyond help.
const MANY: usize = 12_000;

/// Orders the rows. Rows that do without crossings as they are stay so.
pub(super) fn order(graph: &mut Graph) {
    let mut best = crossings(graph);
    let mut kept = graph.rows.clone();
    let ends = ends(graph);
    let rounds = if graph.links.len() > MANY { 2 } else { ROUNDS };
    for round in 0..rounds {
        if best == 0 {
            break;
        }
        if round > 0 {
            sweep(graph, &ends, round % 2 == 1);
        }
        while transpose(graph, &ends) {}
        let now = crossings(graph);
        if now < best {
            best = now;
            kept.clone_from(&graph.rows);
        }
    }
    graph.rows = kept;
    place(graph);
    ways(graph, &ends, best);
}

/// Links beyond which ways are not tried on the other side: it takes too long.
const FEW: usize = 1_500;

/// Tries each way past states on the far left and on the far right: single exchanges do not get a
/// long way there, since half of it there is worse than none.
fn ways(graph: &mut Graph, ends: &[[Vec<usize>; 2]], mut best: usize) {
    if graph.links.len() > FEW {
        return;
    }
    for way in chains(graph) {
        for right in [true, false] {
            if best == 0 {
                return;
            }
            let kept = graph.rows.clone();
            for row in &mut graph.rows {
                // Stable: the way goes to one end, all else keeps its order.
                row.sort_by_key(|vertex| (at(&way, *vertex)) == right);
            }
            place(graph);
            while transpose(graph, ends) {}
            let now = crossings(graph);
            if now < best {
                best = now;
            } else {
                graph.rows = kept;
                place(graph);
            }
        }
    }
}

/// Bends and labels that hang together: of each such way, which vertices belong to it.
fn chains(graph: &Graph) -> Vec<Vec<bool>> {
    let passing = |vertex: usize| !matches!(graph.v(vertex).role, Role::Node(_));
    let mut chain: Vec<usize> = (0..graph.vertices.len()).collect();
    // Links lead from one vertex of a way to the next, so a few rounds find them all.
    loop {
        let mut joined = false;
        for link in &graph.links {
            if passing(link.from) && passing(link.to) {
                let (one, two) = (at(&chain, link.from), at(&chain, link.to));
                if one != two {
                    set(&mut chain, link.from, one.min(two));
                    set(&mut chain, link.to, one.min(two));
                    joined = true;
                }
            }
        }
        if !joined {
            break;
        }
    }
    let heads =
        (0..chain.len()).filter(|vertex| passing(*vertex) && at(&chain, *vertex) == *vertex);
    let members = |head: usize| chain.iter().map(move |of| *of == head).collect();
    heads.map(members).collect()
}

fn place(graph: &mut Graph) {
    let rows = std::mem::take(&mut graph.rows);
    for row in &rows {
        for (place, vertex) in row.iter().enumerate() {
            if let Some(vertex) = graph.vertices.get_mut(*vertex) {
                vertex.place = place;
            }
        }
    }
    graph.rows = rows;
}

/// Of each vertex: the links in the gap above it, and in the gap below.
fn ends(graph: &Graph) -> Vec<[Vec<usize>; 2]> {
    let mut ends = vec![[Vec::new(), Vec::new()]; graph.vertices.len()];
    for (index, link) in graph.links.iter().enumerate() {
        for (vertex, side) in [(link.from, link.from_side), (link.to, link.to_side)] {
            let gap = usize::from(side == Side::Above);
            if let Some(list) = ends.get_mut(vertex).and_then(|ends| ends.get_mut(gap)) {
                list.push(index);
            }
        }
    }
    ends
}

/// Ends of a link on the rim of its gap, walked clockwise from the top left: two links cross
/// exactly when their ends alternate on the rim. So links that turn within a gap are counted, too.
fn rim(graph: &Graph, link: usize) -> (i64, i64) {
    let link = at(&graph.links, link);
    let point = |vertex: usize, side: Side| {
        let place = i64::try_from(graph.v(vertex).place).unwrap_or(0);
        match side {
            Side::Above => place,
            Side::Below => i64::from(i32::MAX) - place,
        }
    };
    let from = point(link.from, link.from_side);
    let to = point(link.to, link.to_side);
    (from.min(to), from.max(to))
}

fn cross(one: (i64, i64), two: (i64, i64)) -> bool {
    (one.0 < two.0 && two.0 < one.1 && one.1 < two.1)
        || (two.0 < one.0 && one.0 < two.1 && two.1 < one.1)
}

fn crossings(graph: &Graph) -> usize {
    graph.gaps.iter().map(|gap| in_gap(graph, gap)).sum()
}

fn in_gap(graph: &Graph, gap: &[usize]) -> usize {
    let mut rims: Vec<_> = gap.iter().map(|link| rim(graph, *link)).collect();
    rims.sort_unstable();
    let mut count = 0;
    for (index, &one) in rims.iter().enumerate() {
        let later = rims.get(index + 1..).unwrap_or_default();
        let near = later.iter().take_while(|two| two.0 < one.1);
        count += near.filter(|two| cross(one, **two)).count();
    }
    count
}

/// Sorts each row by the middle of what each vertex is linked to in the row before.
fn sweep(graph: &mut Graph, ends: &[[Vec<usize>; 2]], down: bool) {
    let count = graph.rows.len();
    for step in 0..count {
        let row = if down { step } else { count - 1 - step };
        let mut keyed: Vec<(i64, usize)> = Vec::new();
        for &vertex in graph.rows.get(row).into_iter().flatten() {
            let list = ends
                .get(vertex)
                .and_then(|ends| ends.get(usize::from(!down)));
            let mut places: Vec<_> = list
                .into_iter()
                .flatten()
                .map(|link| {
                    let link = at(&graph.links, *link);
                    let other = if link.from == vertex {
                        link.to
                    } else {
                        link.from
                    };
                    i64::try_from(graph.v(other).place).unwrap_or(0)
                })
                .collect();
            places.sort_unstable();
            let own = i64::try_from(graph.v(vertex).place).unwrap_or(0);
            let middle = match places.len() {
                0 => own * 2,
                length => at(&places, (length - 1) / 2) + at(&places, length / 2),
            };
            keyed.push((middle, vertex));
        }
        keyed.sort_by_key(|(middle, _)| *middle);
        for (place, (_, vertex)) in keyed.iter().enumerate() {
            if let Some(vertex) = graph.vertices.get_mut(*vertex) {
                vertex.place = place;
            }
        }
        let sorted = keyed.into_iter().map(|(_, vertex)| vertex).collect();
        set(&mut graph.rows, row, sorted);
    }
}

/// Exchanges neighbours where that saves crossings; says whether it did.
fn transpose(graph: &mut Graph, ends: &[[Vec<usize>; 2]]) -> bool {
    let mut better = false;
    for row in 0..graph.rows.len() {
        let length = graph.rows.get(row).map_or(0, Vec::len);
        for place in 1..length {
            let Some(&[left, right]) = graph
                .rows
                .get(row)
                .and_then(|row| row.get(place - 1..=place))
                .and_then(|pair| pair.first_chunk::<2>())
            else {
                continue;
            };
            let before = between(graph, ends, left, right);
            if before == 0 {
                continue;
            }
            exchange(graph, left, right);
            if between(graph, ends, left, right) < before {
                better = true;
                if let Some(row) = graph.rows.get_mut(row) {
                    row.swap(place - 1, place);
                }
            } else {
                exchange(graph, left, right);
            }
        }
    }
    better
}

fn exchange(graph: &mut Graph, left: usize, right: usize) {
    let (one, two) = (graph.v(left).place, graph.v(right).place);
    for (vertex, place) in [(left, two), (right, one)] {
        if let Some(vertex) = graph.vertices.get_mut(vertex) {
            vertex.place = place;
        }
    }
}

/// Crossings between the links of two neighbours: only those change when they are exchanged.
fn between(graph: &Graph, ends: &[[Vec<usize>; 2]], left: usize, right: usize) -> usize {
    let mut count = 0;
    let (Some(left), Some(right)) = (ends.get(left), ends.get(right)) else {
        return 0;
    };
    for (ones, twos) in left.iter().zip(right) {
        let twos: Vec<_> = twos.iter().map(|link| (*link, rim(graph, *link))).collect();
        for one in ones {
            let rim = rim(graph, *one);
            let others = twos.iter().filter(|(two, _)| two != one);
            count += others.filter(|(_, two)| cross(rim, *two)).count();
        }
    }
    count
}
