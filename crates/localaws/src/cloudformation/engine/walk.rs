//! Visits the nodes of a graph, each after those that it needs, independent ones at the same time.

use std::collections::{BTreeMap, BTreeSet};
use std::future::Future;

use futures_util::stream::{FuturesUnordered, StreamExt};

/// For every node those that come before it.
pub(super) type Graph = BTreeMap<String, BTreeSet<String>>;

/// What became of a walk.
#[derive(Debug, Default)]
pub(super) struct Walked {
    /// Nodes whose step failed, in the order of failing.
    pub(super) failed: Vec<String>,
}

/// Runs `step` for every node. After `halt` says so nothing new begins, but what has begun is
/// waited for: a resource that is being made cannot be forgotten.
pub(super) async fn walk<F, R>(
    mut graph: Graph,
    mut step: F,
    mut halt: impl FnMut(&Walked) -> bool,
) -> Walked
where
    F: FnMut(String) -> R,
    R: Future<Output = (String, bool)>,
{
    let names: BTreeSet<String> = graph.keys().cloned().collect();
    for needs in graph.values_mut() {
        needs.retain(|need| names.contains(need));
    }
    let mut running = FuturesUnordered::new();
    let mut walked = Walked::default();
    loop {
        if !halt(&walked) {
            let ready: Vec<String> = graph
                .iter()
                .filter(|(_, needs)| needs.is_empty())
                .map(|(name, _)| name.clone())
                .collect();
            for name in ready {
                graph.remove(&name);
                running.push(step(name));
            }
        }
        let Some((name, done)) = running.next().await else {
            return walked;
        };
        if done {
            for needs in graph.values_mut() {
                needs.remove(&name);
            }
        } else {
            walked.failed.push(name);
        }
    }
}

/// The same graph the other way round: for every node those that need it.
pub(super) fn reversed(graph: &Graph) -> Graph {
    let mut turned: Graph = graph
        .keys()
        .map(|name| (name.clone(), BTreeSet::new()))
        .collect();
    for (name, needs) in graph {
        for need in needs {
            if let Some(before) = turned.get_mut(need) {
                before.insert(name.clone());
            }
        }
    }
    turned
}
