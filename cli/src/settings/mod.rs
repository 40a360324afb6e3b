//! `footwork.toml`: what a directory deploys, and where to.
//!
//! Everything in it may be left out, and the file too. What it does not know it refuses, every
//! fault at once. Values of parameters are compared with the template when they are used.

mod table;

use std::collections::BTreeMap;
use std::path::Path;

use toml::Table;

use crate::failure::{Failure, Result};
use crate::ui::count;
use table::Reader;

/// Name of the file.
pub const FILE: &str = "footwork.toml";

/// JSON Schema of the file, for editors.
pub const SCHEMA: &str = include_str!("footwork.schema.json");

/// What a directory says of itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Settings {
    /// Name of the deployment; else that of the directory.
    pub name: Option<String>,
    /// The workflow that the stack is tagged with; else the name of the deployment.
    pub workflow: Option<String>,
    /// Path of the definition.
    pub definition: Option<String>,
    /// Path of the template.
    pub template: Option<String>,
    /// JSON pointer to the number in the output that `run --fail` looks at.
    pub findings: Option<String>,
    /// JSON pointers to the numbers of what could not be looked at, for `run --strict`.
    pub holes: Vec<String>,
    /// Values of the template's parameters.
    pub parameters: BTreeMap<String, String>,
    /// Tags of the stack.
    pub tags: BTreeMap<String, String>,
    /// What differs from place to place, by name.
    pub environments: BTreeMap<String, Environment>,
}

/// A place to deploy to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Environment {
    /// Name of the deployment there.
    pub name: Option<String>,
    /// Profile of the AWS configuration.
    pub profile: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Values of parameters, over those of all places.
    pub parameters: BTreeMap<String, String>,
    /// Tags, over those of all places.
    pub tags: BTreeMap<String, String>,
}

impl Settings {
    /// Reads those of a directory; the usual ones where it has no such file.
    pub fn read(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE);
        let shown = file.display();
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text).map_err(|faults| {
                let number = count(faults.len(), "fault");
                let faults = faults.join("\n  - ");
                Failure::new(format!("`{shown}` has {number}:\n  - {faults}"))
                    .help("`footwork schema config` describes the file to editors")
            }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(Failure::io(format!("read `{shown}`"), &error)),
        }
    }

    /// Reads the text of the file; says everything that is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Vec<String>> {
        let table: Table = text
            .parse()
            .map_err(|error: toml::de::Error| vec![error.to_string().trim_end().to_owned()])?;
        let mut faults = Vec::new();
        let settings = Self::from(Reader::new("", table, &mut faults));
        if faults.is_empty() {
            Ok(settings)
        } else {
            Err(faults)
        }
    }

    fn from(mut reader: Reader<'_>) -> Self {
        let settings = Self {
            name: reader.name("name"),
            workflow: reader.name("workflow"),
            definition: reader.path("definition"),
            template: reader.path("template"),
            findings: reader.pointer("findings"),
            holes: reader.pointers("holes"),
            parameters: reader.values("parameters"),
            tags: reader.tags("tags"),
            environments: reader.tables("environments", Environment::from),
        };
        reader.end();
        settings
    }

    /// With what an environment says put over what is said of all places.
    pub fn at(mut self, environment: &str) -> Result<(Self, Environment)> {
        let Some(place) = self.environments.remove(environment) else {
            let names: Vec<_> = self.environments.keys().map(String::as_str).collect();
            let failure = Failure::new(format!("{FILE} has no environment `{environment}`"));
            return Err(match names.as_slice() {
                [] => failure.help(format!("say `[environments.{environment}]` in it")),
                names => failure.help(format!("it has: {}", names.join(", "))),
            });
        };
        let over = place.clone();
        self.name = over.name.or(self.name);
        self.parameters.extend(over.parameters);
        self.tags.extend(over.tags);
        Ok((self, place))
    }
}

impl Environment {
    fn from(mut reader: Reader<'_>) -> Self {
        let environment = Self {
            name: reader.name("name"),
            profile: reader.text("profile"),
            region: reader.text("region"),
            parameters: reader.values("parameters"),
            tags: reader.tags("tags"),
        };
        reader.end();
        environment
    }
}

#[cfg(test)]
mod tests;
