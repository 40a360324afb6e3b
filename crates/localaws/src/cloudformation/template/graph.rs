//! Which resource needs which.

use std::collections::{BTreeMap, BTreeSet};

use super::{Resource, references};

/// For every resource those that must be there before it: what it refers to and `DependsOn`.
/// `DependsOn` a resource whose condition does not hold means nothing.
pub(super) fn dependencies(
    resources: &BTreeMap<String, Resource>,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut all = BTreeMap::new();
    for (name, resource) in resources {
        let values = resource.properties.values().chain(&resource.metadata);
        let needs: BTreeSet<String> = values
            .flat_map(references)
            .map(|reference| reference.name().to_owned())
            .chain(resource.depends_on.iter().cloned())
            .filter(|needed| resources.contains_key(needed))
            .collect();
        all.insert(name.clone(), needs);
    }
    all
}

/// Resources that can never be made, because each needs another of them.
pub(super) fn cycle(dependencies: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    let mut open = dependencies.clone();
    // What nothing open stands before is taken out, then what nothing open stands behind, until
    // only the cycles are left.
    loop {
        let free = |name: &String| {
            let needs = open.get(name);
            needs.is_none_or(|needs| needs.iter().all(|need| !open.contains_key(need)))
        };
        let needed: BTreeSet<String> = open.values().flatten().cloned().collect();
        let out: Vec<String> = open
            .keys()
            .filter(|name| free(name) || !needed.contains(*name))
            .cloned()
            .collect();
        if out.is_empty() {
            break;
        }
        for name in &out {
            open.remove(name);
        }
    }
    (!open.is_empty()).then(|| open.into_keys().collect())
}
