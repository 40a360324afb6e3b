//! The list of known differences: `[[difference]]` with `id` and `reason`.

use std::collections::BTreeMap;

/// Reasons by id.
pub(crate) struct Known(BTreeMap<String, String>);

impl Known {
    /// Reads the list beside this file. Its lines are a part of TOML that needs no parser: a
    /// header, `key = "text"`, a comment, or nothing.
    pub(crate) fn read() -> Self {
        let mut entries: Vec<BTreeMap<&str, String>> = Vec::new();
        let list = harness::read("tests/conformance/known-differences.toml");
        for line in list.lines().map(str::trim) {
            match line.split_once(" = ") {
                _ if line.is_empty() || line.starts_with('#') => {}
                None => {
                    assert_eq!(line, "[[difference]]", "a line that is not understood");
                    entries.push(BTreeMap::new());
                }
                Some((key, text)) => {
                    let text = serde_json::from_str(text).unwrap();
                    entries.last_mut().unwrap().insert(key, text);
                }
            }
        }
        let listed = entries.len();
        let pair = |mut entry: BTreeMap<&str, String>| {
            let reason = entry.remove("reason").unwrap();
            assert!(!reason.is_empty(), "every difference has a reason");
            (entry.remove("id").unwrap(), reason)
        };
        let known = Self(entries.into_iter().map(pair).collect());
        assert_eq!(known.0.len(), listed, "an id is listed twice");
        known
    }

    /// The reason why a vector differs, if it is listed.
    pub(crate) fn take(&mut self, id: &str) -> Option<String> {
        self.0.remove(id)
    }
}
