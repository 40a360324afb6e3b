//! Lines between two rows: at which height each runs across, so that few cross and none hides
//! another.

use std::collections::BTreeMap;

use super::Spacing;
use super::graph::{Graph, Side, at, set};

/// Where the links run across.
pub(super) struct Tracks {
    /// Of each link: its track in its gap, from the top; `None` for a straight one.
    pub(super) track: Vec<Option<usize>>,
    /// Tracks of each gap.
    pub(super) count: Vec<usize>,
    /// Of each link: it goes all the way to where it leads. Others end where they meet it.
    pub(super) whole: Vec<bool>,
}

/// Links that leave a vertex together: they run across on one track, and part on it.
#[derive(Debug, Default)]
struct Net {
    links: Vec<usize>,
    /// Where it comes and goes: how far right, on which side, at which vertex.
    ends: Vec<(i32, Side, usize)>,
    left: i32,
    right: i32,
}

impl Net {
    /// Ends on a side.
    fn on(&self, side: Side) -> impl Iterator<Item = i32> {
        let ends = self.ends.iter().filter(move |end| end.1 == side);
        ends.map(|end| end.0)
    }

    /// Whether two can run at the same height.
    fn beside(&self, other: &Self, clearance: i32) -> bool {
        let (from, to) = (self.left.max(other.left), self.right.min(other.right));
        if from > to + clearance {
            return true;
        }
        // Lines from both sides that meet where they lead to the same state.
        from == to
            && self
                .ends
                .iter()
                .any(|end| end.0 == from && end.1 == Side::Below && other.ends.contains(end))
    }

    /// What it costs to run above another: crossings, and lines that hide each other.
    fn above(&self, other: &Self) -> i64 {
        let within = |x: i32, net: &Self| net.left < x && x < net.right;
        let mut cost = 0;
        cost += self.on(Side::Below).filter(|x| within(*x, other)).count();
        cost += other.on(Side::Above).filter(|x| within(*x, self)).count();
        let hidden = self
            .on(Side::Below)
            .filter(|x| other.on(Side::Above).any(|other| other == *x));
        i64::try_from(cost + 1000 * hidden.count()).unwrap_or(i64::MAX)
    }
}

pub(super) fn tracks(graph: &Graph, centres: &[i32], spacing: &Spacing) -> Tracks {
    let mut tracks = Tracks {
        track: vec![None; graph.links.len()],
        count: Vec::with_capacity(graph.gaps.len()),
        whole: vec![true; graph.links.len()],
    };
    for gap in &graph.gaps {
        let nets = nets(graph, centres, gap);
        let levels = levels(&nets, spacing.states / 2);
        for (net, level) in nets.iter().zip(&levels) {
            for link in &net.links {
                let (from, to) = across(graph, centres, *link);
                if from != to {
                    set(&mut tracks.track, *link, Some(*level));
                }
            }
        }
        tracks
            .count
            .push(levels.iter().map(|level| level + 1).max().unwrap_or(0));
        meet(graph, centres, gap, &mut tracks);
    }
    tracks
}

/// From where to where a link runs across.
pub(super) fn across(graph: &Graph, centres: &[i32], link: usize) -> (i32, i32) {
    let link = at(&graph.links, link);
    let (from, to) = graph.offsets(link);
    (at(centres, link.from) + from, at(centres, link.to) + to)
}

fn nets(graph: &Graph, centres: &[i32], gap: &[usize]) -> Vec<Net> {
    let mut by_source: BTreeMap<(usize, bool, bool), Net> = BTreeMap::new();
    for &index in gap {
        let link = at(&graph.links, index);
        let (from, to) = across(graph, centres, index);
        let key = (link.from, link.from_side == Side::Below, link.dashed);
        let net = by_source.entry(key).or_insert_with(|| Net {
            ends: vec![(from, link.from_side, link.from)],
            left: from,
            right: from,
            ..Net::default()
        });
        net.links.push(index);
        net.ends.push((to, link.to_side, link.to));
        net.left = net.left.min(to);
        net.right = net.right.max(to);
    }
    let nets = by_source.into_values();
    nets.filter(|net| net.left < net.right).collect()
}

/// The track of each net: one after another the net is placed that costs least above those that
/// are still to be placed, as high as those above it allow.
fn levels(nets: &[Net], clearance: i32) -> Vec<usize> {
    let mut levels = vec![0; nets.len()];
    let apart: Vec<Vec<usize>> = nets
        .iter()
        .map(|net| {
            let others = nets.iter().enumerate();
            let near = others.filter(|(_, other)| !net.beside(other, clearance));
            near.map(|(index, _)| index).collect()
        })
        .collect();
    let cost = |above: usize, below: usize| match (nets.get(above), nets.get(below)) {
        (Some(one), Some(two)) if above != below => one.above(two) - two.above(one),
        _ => 0,
    };
    let near = |net: usize| apart.get(net).into_iter().flatten().copied();
    let mut excess: Vec<i64> = (0..nets.len())
        .map(|net| near(net).map(|other| cost(net, other).max(0)).sum())
        .collect();
    let mut waiting: Vec<usize> = (0..nets.len()).collect();
    while let Some(best) = waiting
        .iter()
        .copied()
        .min_by_key(|net| (at(&excess, *net), *net))
    {
        waiting.retain(|net| *net != best);
        for other in near(best) {
            if waiting.binary_search(&other).is_ok() {
                let less = at(&excess, other) - cost(other, best).max(0);
                set(&mut excess, other, less);
                let level = at(&levels, other).max(at(&levels, best) + 1);
                set(&mut levels, other, level);
            }
        }
    }
    levels
}

/// Of the links that lead to the same point, one goes all the way.
fn meet(graph: &Graph, centres: &[i32], gap: &[usize], tracks: &mut Tracks) {
    let mut first: BTreeMap<(usize, i32), (usize, usize)> = BTreeMap::new();
    for &index in gap {
        let link = at(&graph.links, index);
        let (_, x) = across(graph, centres, index);
        let depth = match (at(&tracks.track, index), link.to_side) {
            (None, _) => 0,
            (Some(track), Side::Below) => track + 1,
            (Some(track), Side::Above) => usize::MAX - track,
        };
        let entry = first.entry((link.to, x)).or_insert((depth, index));
        let shorter = if depth < entry.0 {
            std::mem::replace(entry, (depth, index)).1
        } else {
            index
        };
        if shorter != entry.1 {
            set(&mut tracks.whole, shorter, false);
        }
    }
}
