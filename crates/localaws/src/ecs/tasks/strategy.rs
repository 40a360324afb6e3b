//! Which capacity provider gets which of the tasks of a call.

use serde_json::Value;

use crate::ecs::names::last;
use crate::params::Params;

/// The provider of each task: bases are filled first, then weights tell the proportions.
pub(super) fn distribute(strategy: &[Value], count: i64) -> Vec<String> {
    let number = |item: &Value, name: &str| item.number(name).unwrap_or(0);
    let mut given = vec![0_i64; strategy.len()];
    let mut providers = Vec::new();
    for _ in 0..count {
        let items = || strategy.iter().zip(&given).enumerate();
        let base = items().find(|(_, (item, given))| **given < number(item, "base"));
        // What each would have for its weight with one more: the least goes first.
        let share = |item: &Value, given: i64| {
            let weight = number(item, "weight");
            let more = given - number(item, "base") + 1;
            (weight > 0).then(|| more as f64 / weight as f64)
        };
        let weighted = items().filter_map(|(at, (item, given))| Some((at, share(item, *given)?)));
        let weighted = weighted.min_by(|(_, one), (_, other)| one.total_cmp(other));
        let at = base
            .map(|(at, _)| at)
            .or(weighted.map(|(at, _)| at))
            .unwrap_or(0);
        if let Some(given) = given.get_mut(at) {
            *given += 1;
        }
        let name = strategy
            .get(at)
            .and_then(|item| item.text("capacityProvider"));
        providers.push(last(name.unwrap_or("FARGATE")).to_owned());
    }
    providers
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bases_come_first_and_then_weights() {
        let spot = |weight: i64, base: i64| json!({ "capacityProvider": "FARGATE_SPOT", "weight": weight, "base": base });
        let demand = |weight: i64, base: i64| json!({ "capacityProvider": "FARGATE", "weight": weight, "base": base });
        for (strategy, count, wanted) in [
            (vec![spot(1, 0)], 1, 1),
            (vec![demand(1, 0), spot(3, 0)], 4, 3),
            (vec![spot(1, 0), demand(1, 2)], 4, 1),
            (vec![demand(0, 0), spot(1, 0)], 2, 2),
        ] {
            let providers = distribute(&strategy, count);
            let spots = providers
                .iter()
                .filter(|name| *name == "FARGATE_SPOT")
                .count();
            assert_eq!(
                (providers.len(), spots),
                (count as usize, wanted),
                "{strategy:?}"
            );
        }
    }
}
