//! `tests/conformance/known-differences.toml`: what differs from the recordings, and why.
//!
//! Read by hand: tables of two texts need no library.

use std::collections::BTreeMap;
use std::path::Path;

/// The entries of a table, by id.
pub(crate) struct Known {
    table: &'static str,
    reasons: BTreeMap<String, String>,
}

impl Known {
    /// Reads one of the file's tables (`difference`, `verdict`, …).
    ///
    /// # Panics
    /// When the file is not there or not well formed: a test must not go on without it.
    pub(crate) fn read(table: &'static str) -> Self {
        let path = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("tests/conformance/known-differences.toml"))
            .find(|path| path.exists())
            .unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        let mut entries: Vec<(String, String, String)> = Vec::new();
        for line in text.lines().map(str::trim) {
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            if let Some(name) = line
                .strip_prefix("[[")
                .and_then(|line| line.strip_suffix("]]"))
            {
                entries.push((name.to_owned(), String::new(), String::new()));
                continue;
            }
            let (key, value) = line.split_once('=').unwrap();
            let value: String = serde_json::from_str(value.trim()).unwrap();
            let entry = entries.last_mut().unwrap();
            match key.trim() {
                "id" => entry.1 = value,
                "reason" => entry.2 = value,
                _ => assert!(line.is_empty(), "`{line}` is neither an id nor a reason"),
            }
        }
        let mut reasons = BTreeMap::new();
        for (_, id, reason) in entries.into_iter().filter(|entry| entry.0 == table) {
            assert!(
                !id.is_empty() && !reason.is_empty(),
                "`{id}` has no id or no reason"
            );
            let again = reasons.insert(id.clone(), reason);
            assert!(again.is_none(), "`{id}` is listed twice");
        }
        Self { table, reasons }
    }

    pub(crate) fn reason(&self, id: &str) -> Option<&str> {
        self.reasons.get(id).map(String::as_str)
    }

    /// Fails when the list and what was found are not the same. What is listed and was not met is
    /// ignored: the data may be another selection.
    pub(crate) fn hold_against(&self, passed: &[String], differ: &[String]) {
        let mut wrong = Vec::new();
        for id in passed.iter().filter(|id| self.reasons.contains_key(*id)) {
            wrong.push(format!("listed, but it passes: {id}"));
        }
        for id in differ.iter().filter(|id| !self.reasons.contains_key(*id)) {
            wrong.push(format!("differs, and is not listed: {id}"));
        }
        assert!(
            wrong.is_empty(),
            "known-differences.toml, [[{}]]:\n{}",
            self.table,
            wrong.join("\n")
        );
    }
}
