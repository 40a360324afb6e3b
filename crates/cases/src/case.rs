//! The files of a case.

use std::path::{Path, PathBuf};

use asl::Kind;
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::fault::{self, Fault};
use crate::world::World;

/// A case, read and not yet played.
#[derive(Debug, Clone)]
pub struct Case {
    /// Its name: that of its folder.
    pub name: String,
    /// Its folder, or the file that it is from.
    pub path: PathBuf,
    /// Where its expectation is written.
    pub expected_file: PathBuf,
    /// The settings of `case.json`.
    pub settings: Settings,
    pub(crate) input: String,
    pub(crate) world: World,
    /// What was expected when it was read; nothing if that was never written down.
    pub(crate) expected: Option<Value>,
}

/// `case.json`: what is not as usual. Every member may be left out, and the file too.
#[derive(Debug, Clone, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Where its schema is, for editors.
    #[serde(rename = "$schema")]
    pub schema: String,
    /// What the case shows, for people.
    pub description: String,
    /// Play this state alone: the states that it leads to only end the run.
    pub state: Option<String>,
    /// Variables that the state alone finds.
    pub variables: Map<String, Value>,
    /// Name of the execution.
    pub name: String,
    /// When it starts.
    pub started_at: Timestamp,
    /// `STANDARD` or `EXPRESS`.
    #[serde(rename = "type")]
    pub kind: Kind,
    /// Whether results are compared with the shapes of the APIs that they stand for.
    pub check_results: bool,
}

impl Settings {
    /// Reads the text of the file.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        // A list of values in their order would do as well, if it were asked.
        if !text.trim_start().starts_with('{') {
            return Err("settings are an object".to_owned());
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            schema: String::new(),
            description: String::new(),
            state: None,
            variables: Map::new(),
            name: "case".to_owned(),
            // 2026-11-22T10:00:00Z
            started_at: Timestamp::constant(1_795_341_600, 0),
            kind: Kind::Standard,
            check_results: true,
        }
    }
}

impl Case {
    /// Reads the files of a folder; says everything that is wrong with them.
    pub fn read(folder: &Path) -> Result<Self, Vec<Fault>> {
        Self::of(folder, fault::read_if_there)
    }

    /// Takes the files of a folder from somebody who has them.
    pub(crate) fn of(
        folder: &Path,
        read_if_there: impl Fn(&Path) -> Result<Option<String>, Fault>,
    ) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut file = |name: &str| -> Option<(PathBuf, String)> {
            let path = folder.join(name);
            match read_if_there(&path) {
                Ok(text) => text.map(|text| (path, text)),
                Err(fault) => {
                    faults.push(fault);
                    None
                }
            }
        };
        let (input, world) = (file("input.json"), file("world.json"));
        let (expected, settings) = (file("expected.json"), file("case.json"));

        let input = input.map_or_else(
            || "{}".to_owned(),
            |(path, text)| {
                if let Err(error) = serde_json::from_str::<serde::de::IgnoredAny>(&text) {
                    faults.push(Fault::new(path, error));
                }
                text
            },
        );
        let mut world_read = World::default();
        if let Some((path, text)) = world {
            match serde_json::from_str::<Value>(&text) {
                Err(error) => faults.push(Fault::new(path, error)),
                Ok(value) => match World::parse(&value) {
                    Ok(world) => world_read = world,
                    Err(wrong) => {
                        faults.extend(wrong.into_iter().map(|fault| Fault::new(&path, fault)));
                    }
                },
            }
        }
        let expected = expected.and_then(|(path, text)| {
            let value = serde_json::from_str::<Value>(&text);
            value
                .map_err(|error| faults.push(Fault::new(path, error)))
                .ok()
        });
        let settings = settings.map_or_else(Settings::default, |(path, text)| {
            Settings::parse(&text).unwrap_or_else(|error| {
                faults.push(Fault::new(path, error));
                Settings::default()
            })
        });
        if !faults.is_empty() {
            return Err(faults);
        }
        let name = folder.file_name().unwrap_or_default();
        Ok(Self {
            name: name.to_string_lossy().into_owned(),
            path: folder.to_owned(),
            expected_file: folder.join("expected.json"),
            settings,
            input,
            world: world_read,
            expected,
        })
    }

    /// Whether a folder looks like a case.
    pub(crate) fn is_case(folder: &Path) -> bool {
        ["input.json", "world.json", "expected.json", "case.json"]
            .iter()
            .any(|name| folder.join(name).is_file())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_of_a_case_is_told() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("input.json", "{"),
            ("world.json", r#"{"A": 1, "B": 2}"#),
            ("expected.json", "[1,]"),
            ("case.json", r#"{"stat": "A"}"#),
        ] {
            std::fs::write(folder.path().join(name), text).unwrap();
        }
        let faults = Case::read(folder.path()).unwrap_err();
        assert_eq!(faults.len(), 5, "{faults:#?}");
    }

    #[test]
    fn the_usual_start_is_a_time() {
        let at = Settings::default().started_at;
        assert_eq!(at.to_string(), "2026-11-22T10:00:00Z");
    }
}
