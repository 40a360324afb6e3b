//! Numbers of transitions with unknowns in them: items of a Map, rounds of a loop.

use std::collections::BTreeMap;

/// A sum of products of unknowns, with counts as factors. Unknowns are numbered and not negative.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Polynomial {
    /// Factor by product: the unknowns of the product, in order.
    terms: BTreeMap<Vec<usize>, u64>,
}

impl Polynomial {
    /// A number.
    pub fn constant(number: u64) -> Self {
        let mut terms = BTreeMap::new();
        if number > 0 {
            terms.insert(Vec::new(), number);
        }
        Self { terms }
    }

    /// An unknown.
    pub fn unknown(index: usize) -> Self {
        Self {
            terms: BTreeMap::from([(vec![index], 1)]),
        }
    }

    /// The sum.
    #[must_use]
    pub fn plus(mut self, other: &Self) -> Self {
        for (unknowns, factor) in &other.terms {
            let sum = self.terms.entry(unknowns.clone()).or_default();
            *sum = sum.saturating_add(*factor);
        }
        self
    }

    /// The product.
    #[must_use]
    pub fn times(&self, other: &Self) -> Self {
        let mut terms = BTreeMap::new();
        for (left, one) in &self.terms {
            for (right, two) in &other.terms {
                let mut unknowns = [left.as_slice(), right.as_slice()].concat();
                unknowns.sort_unstable();
                let sum: &mut u64 = terms.entry(unknowns).or_default();
                *sum = sum.saturating_add(one.saturating_mul(*two));
            }
        }
        Self { terms }
    }

    /// The least that is at least both, whatever the unknowns are: the larger one where one always
    /// is, else the larger factor of each product.
    #[must_use]
    pub fn or(mut self, other: &Self) -> Self {
        for (unknowns, factor) in &other.terms {
            let larger = self.terms.entry(unknowns.clone()).or_default();
            *larger = (*larger).max(*factor);
        }
        self
    }

    /// Its value with these values of the unknowns; `None` if one that it has is missing.
    pub fn value(&self, unknowns: &[Option<u64>]) -> Option<u64> {
        let mut sum = 0_u64;
        for (product, factor) in &self.terms {
            let mut value = *factor;
            for unknown in product {
                value = value.saturating_mul((*unknowns.get(*unknown)?)?);
            }
            sum = sum.saturating_add(value);
        }
        Some(sum)
    }

    /// Which unknowns it has.
    pub fn has(&self, index: usize) -> bool {
        self.terms.keys().any(|product| product.contains(&index))
    }

    /// As people write it: `7 + 9 N + 3 N p`.
    pub fn written(&self, names: &[String]) -> String {
        let mut terms: Vec<_> = self.terms.iter().collect();
        terms.sort_by_key(|(product, _)| product.len());
        let terms = terms.iter().map(|(product, factor)| {
            let names = product.iter().filter_map(|index| names.get(*index));
            let names = names.map(String::as_str).collect::<Vec<_>>().join(" ");
            match (**factor, names.as_str()) {
                (factor, "") => factor.to_string(),
                (1, names) => names.to_owned(),
                (factor, names) => format!("{factor} {names}"),
            }
        });
        let terms: Vec<_> = terms.collect();
        if terms.is_empty() {
            return "0".to_owned();
        }
        terms.join(" + ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_products_and_bounds() {
        let number = Polynomial::constant;
        let (n, p) = (Polynomial::unknown(0), Polynomial::unknown(1));
        let child = number(4).plus(&p.times(&number(3)));
        let all = number(6).plus(&n.times(&child));
        let names = ["N".to_owned(), "p".to_owned()];
        assert_eq!(all.written(&names), "6 + 4 N + 3 N p");
        assert_eq!(all.value(&[Some(200), Some(3)]), Some(2606));
        assert_eq!(all.value(&[Some(200), None]), None);
        let bound = number(9).or(&number(2).plus(&p));
        assert_eq!(bound.written(&names), "9 + p");
        assert!(bound.has(1) && !bound.has(0));
        assert_eq!(number(0).written(&names), "0");
    }
}
