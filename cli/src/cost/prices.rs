//! What AWS asks for, as data in one file: `prices.json`, or another of the same form.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::failure::{Failure, Result};

const KNOWN: &str = include_str!("prices.json");

/// Prices of all regions.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// Where they are from.
    pub source: String,
    /// When they were looked up, in words.
    pub collected: String,
    /// Their currency.
    pub currency: String,
    transition: BTreeMap<String, f64>,
    express: BTreeMap<String, ExpressPrice>,
}

/// What an Express execution costs.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub struct ExpressPrice {
    /// Each execution.
    pub request: f64,
    /// A gigabyte of memory for a second, in the first and dearest tier.
    pub gigabyte_second: f64,
}

/// Seconds that Express executions are billed in steps of.
const STEP: f64 = 0.1;
/// Megabytes that their memory is billed in steps of.
const CHUNK: u32 = 64;

impl Prices {
    /// Those of a file, else those that the program knows.
    pub fn read(file: Option<&Path>) -> Result<Self> {
        let Some(file) = file else {
            return serde_json::from_str(KNOWN)
                .map_err(|error| Failure::new(format!("the prices cannot be read: {error}")));
        };
        let shown = file.display();
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::io(format!("read `{shown}`"), &error))?;
        serde_json::from_str(&text)
            .map_err(|error| Failure::new(format!("`{shown}` is no list of prices: {error}")))
    }

    /// Price of a state transition.
    pub fn transition(&self, region: &str) -> Result<f64> {
        let price = self.transition.get(region).copied();
        price.ok_or_else(|| unknown("state transitions", region, self.transition.keys()))
    }

    /// Prices of Express executions.
    pub fn express(&self, region: &str) -> Result<ExpressPrice> {
        let price = self.express.get(region).copied();
        price.ok_or_else(|| unknown("Express executions", region, self.express.keys()))
    }
}

impl ExpressPrice {
    /// An execution of so many seconds, with so many megabytes of memory.
    pub fn of(&self, seconds: f64, megabytes: u32) -> f64 {
        let seconds = (seconds / STEP).ceil() * STEP;
        let chunks = megabytes.div_ceil(CHUNK).max(1);
        let gigabytes = f64::from(chunks * CHUNK) / 1024.0;
        self.request + seconds * gigabytes * self.gigabyte_second
    }
}

fn unknown<'a>(what: &str, region: &str, known: impl Iterator<Item = &'a String>) -> Failure {
    let known: Vec<_> = known.map(String::as_str).collect();
    Failure::new(format!("the price of {what} in `{region}` is not known"))
        .help(format!("known are: {}", known.join(", ")))
        .help("give a file with prices of your own with `--prices`; `-o json` shows the form")
}

/// An amount of money, with four digits that say something.
pub fn money(amount: f64) -> String {
    if amount == 0.0 || amount >= 100.0 {
        return format!("{amount:.2}");
    }
    // -5 for 0.000012: that many decimals lead to the first digit.
    let magnitude = amount.abs().log10().floor();
    let mut decimals = 2;
    while f64::from(decimals) < 3.0 - magnitude && decimals < 12 {
        decimals += 1;
    }
    let decimals = usize::try_from(decimals).unwrap_or(2);
    let text = format!("{amount:.decimals$}");
    let shortened = text.trim_end_matches('0');
    let least = text.find('.').map_or(text.len(), |dot| dot + 3);
    text.get(..shortened.len().max(least))
        .unwrap_or(&text)
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn express_is_billed_in_steps() {
        let price = Prices::read(None).unwrap().express("us-east-1").unwrap();
        // 100 ms of 64 MB are the least.
        let least = 0.000_001 + 0.1 * 0.062_5 * 0.000_016_67;
        assert!((price.of(0.01, 1) - least).abs() < 1e-12);
        assert!((price.of(0.1, 64) - least).abs() < 1e-12);
        assert!(price.of(0.11, 64) > least && price.of(0.1, 65) > least);
    }

    #[test]
    fn unknown_regions_are_refused_with_those_that_are_known() {
        let prices = Prices::read(None).unwrap();
        let help = prices.transition("mars-1").unwrap_err().help.join(" ");
        assert!(
            help.contains("us-east-1") && help.contains("--prices"),
            "{help}"
        );
    }

    #[test]
    fn money_reads_well() {
        for (amount, text) in [
            (0.0, "0.00"),
            (0.000_025, "0.000025"),
            (0.000_675, "0.000675"),
            (0.065_15, "0.06515"),
            (1.5, "1.50"),
            (12.345_67, "12.35"),
            (1234.0, "1234.00"),
        ] {
            assert_eq!(money(amount), text);
        }
    }
}
