//! What runs cost: of cases and of executions as they were, of a definition as a formula.
//!
//! What AWS Step Functions bills, and nothing that the tasks call. The free tier is not deducted.

mod execution;
mod graph;
mod polynomial;
pub mod prices;
mod said;
pub mod worst;

use cases::Bill;

use crate::failure::Result;
use prices::{ExpressPrice, Prices};

pub use execution::{Measured, execution};
pub use said::{formula_json, formula_text, letters, run_json, run_text, runs_text};

/// Events that a Standard execution can have (quota of Step Functions).
pub const EVENTS: u64 = 25_000;

/// What is asked for where a run takes place.
#[derive(Debug, Clone)]
pub struct Tariff {
    /// The region.
    pub region: String,
    /// Of a state transition.
    pub transition: f64,
    /// Of Express executions, where they are known.
    pub express: Option<ExpressPrice>,
    /// Memory that an Express execution is taken to use, in megabytes.
    pub megabytes: u32,
    /// Runs a month, if that is asked for.
    pub monthly: Option<u64>,
}

impl Tariff {
    /// The prices of a region.
    pub fn of(prices: &Prices, region: &str, megabytes: u32, monthly: Option<u64>) -> Result<Self> {
        Ok(Self {
            region: region.to_owned(),
            transition: prices.transition(region)?,
            express: prices.express(region).ok(),
            megabytes,
            monthly,
        })
    }

    /// What transitions cost.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn transitions(&self, count: u64) -> f64 {
        count as f64 * self.transition
    }

    /// What a bill comes to; `None` where a price is missing.
    pub fn total(&self, bill: &Bill) -> Option<f64> {
        let transitions = self.transitions(bill.transitions());
        if bill.express.is_empty() {
            return Some(transitions);
        }
        let price = self.express?;
        let express = bill.express.iter();
        let express: f64 = express
            .map(|seconds| price.of(*seconds, self.megabytes))
            .sum();
        Some(transitions + express)
    }

    /// The same amount for a month.
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
    pub fn month(&self, amount: f64) -> Option<f64> {
        Some(amount * self.monthly? as f64)
    }
}
