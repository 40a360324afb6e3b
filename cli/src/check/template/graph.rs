//! Resources that wait for one another.

use std::collections::{BTreeMap, BTreeSet};

use super::View;
use super::function::{self, Reference};
use crate::check::Checked;

/// Tells every circle of resources once, at the first of them.
pub(super) fn check(view: &View<'_>, checked: &mut Checked) {
    let edges = edges(view);
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for resource in view.section("Resources") {
        let name = resource.key.as_str();
        if told.contains(name) {
            continue;
        }
        let Some(circle) = circle(name, &edges) else {
            continue;
        };
        told.extend(circle.iter().copied());
        let way = circle.iter().chain([&name]).map(|name| format!("`{name}`"));
        let message = format!(
            "resources wait for one another: {}",
            way.collect::<Vec<_>>().join(" → ")
        );
        let span = resource.key_span.clone();
        let finding = view
            .template
            .file
            .error(span, "CIRCULAR_DEPENDENCY", message);
        checked
            .findings
            .push(finding.at(format!("/Resources/{name}")));
    }
}

/// What each resource waits for.
fn edges<'t>(view: &View<'t>) -> BTreeMap<&'t str, BTreeSet<&'t str>> {
    let names: BTreeMap<&str, &'t str> = view.names("Resources").map(|name| (name, name)).collect();
    let known = |name: &str| names.get(name).copied();
    let mut edges = BTreeMap::new();
    for resource in view.section("Resources") {
        let mut to = BTreeSet::new();
        function::walk(&resource.value, &mut |name, argument, _| {
            let references = function::references(name, argument).unwrap_or_default();
            to.extend(references.iter().filter_map(|reference| match reference {
                Reference::Name(name) | Reference::Attribute(name, _) => known(name),
            }));
        });
        if let Some(depends_on) = resource.value.get("DependsOn") {
            to.extend(depends_on.as_str().and_then(known));
            let items = depends_on.items().iter();
            to.extend(items.filter_map(|item| item.as_str().and_then(known)));
        }
        edges.insert(resource.key.as_str(), to);
    }
    edges
}

/// The shortest way from a resource back to itself.
fn circle<'t>(
    start: &'t str,
    edges: &BTreeMap<&'t str, BTreeSet<&'t str>>,
) -> Option<Vec<&'t str>> {
    let mut came_from: BTreeMap<&str, &str> = BTreeMap::new();
    let mut next = std::collections::VecDeque::from([start]);
    while let Some(at) = next.pop_front() {
        for to in edges.get(at).into_iter().flatten() {
            if *to == start {
                let mut way = vec![at];
                let mut step = at;
                while step != start {
                    step = came_from.get(step)?;
                    way.push(step);
                }
                way.reverse();
                return Some(way);
            }
            if !came_from.contains_key(to) {
                came_from.insert(to, at);
                next.push_back(to);
            }
        }
    }
    None
}
