//! JSON Schemas of the files of a case, for editors. A test proves that they say what the parsers
//! accept, but for a range of calls that runs backwards, which no schema can tell.

/// Of `case.json`.
pub const CASE: &str = include_str!("case.schema.json");
/// Of `world.json`.
pub const WORLD: &str = include_str!("world.schema.json");
/// Of `expected.json`: what a case can come to. Another member would never be met.
pub const EXPECTED: &str = include_str!("expected.schema.json");

#[cfg(test)]
mod tests;
