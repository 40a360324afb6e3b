//! State machines as they are stored, with their revisions, versions and aliases.

use std::sync::Arc;

use asl::{Kind, StateMachine};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{AwsError, Store, Table};

use super::arn::Arn;
use super::cache::Cache;
use super::errors;
use super::tags::Tags;

/// A state machine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Machine {
    pub arn: Arc<str>,
    pub name: Arc<str>,
    pub kind: Kind,
    pub created: Timestamp,
    pub deleting: bool,
    /// Key of the current revision.
    pub revision: Arc<str>,
    pub last_version: u64,
    /// Oldest first.
    pub versions: Vec<Version>,
    /// Oldest first.
    pub aliases: Vec<Alias>,
    pub tags: Tags,
}

/// What an update replaces as a whole; never changed once stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Revision {
    /// Absent until the first update.
    pub id: Option<String>,
    pub definition: String,
    pub role_arn: Arc<str>,
    pub logging: Value,
    pub tracing: Value,
    pub encryption: Value,
    pub updated: Timestamp,
}

/// A published revision.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Version {
    pub number: u64,
    pub description: Option<String>,
    pub created: Timestamp,
    /// Key of the revision.
    pub revision: Arc<str>,
}

/// A name for one version, or for two that share the executions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Alias {
    pub name: String,
    pub description: Option<String>,
    pub routing: Vec<Route>,
    pub created: Timestamp,
    pub updated: Option<Timestamp>,
}

/// How many of a hundred executions a version gets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Route {
    pub version_arn: String,
    pub weight: u64,
}

impl Revision {
    /// Whether an update would change nothing.
    pub(super) fn same_as(&self, other: &Self) -> bool {
        self.definition == other.definition
            && self.role_arn == other.role_arn
            && self.logging == other.logging
            && self.tracing == other.tracing
            && self.encryption == other.encryption
    }

    /// The id by which `PublishStateMachineVersion` knows the revision.
    pub(super) fn public_id(&self) -> &str {
        self.id.as_deref().unwrap_or("INITIAL")
    }

    /// The members that every description of a state machine shares.
    pub(super) fn describe(&self, into: &mut Value) {
        into["roleArn"] = (*self.role_arn).into();
        into["loggingConfiguration"] = self.logging.clone();
        into["tracingConfiguration"] = self.tracing.clone();
        if let Some(id) = &self.id {
            into["revisionId"] = id.as_str().into();
        }
        into["encryptionConfiguration"] = self.encryption.clone();
    }
}

/// As many versions can a state machine have: "Quotas" in the developer guide.
pub(super) const VERSIONS: usize = 1_000;

impl Machine {
    /// ARN of a version or alias.
    pub(super) fn qualified(&self, qualifier: impl std::fmt::Display) -> String {
        format!("{}:{qualifier}", self.arn)
    }

    pub(super) fn version(&self, number: &str) -> Option<&Version> {
        let number: u64 = number.parse().ok()?;
        self.versions
            .iter()
            .find(|version| version.number == number)
    }

    pub(super) fn alias(&self, name: &str) -> Option<&Alias> {
        self.aliases.iter().find(|alias| alias.name == name)
    }

    /// Whether one more version would be one too many.
    pub(super) fn has_all_versions(&self) -> bool {
        self.versions.len() >= VERSIONS
    }

    /// Whether a version is that revision.
    pub(super) fn is_published(&self, revision: &str) -> bool {
        let mut versions = self.versions.iter();
        versions.any(|version| *version.revision == *revision)
    }

    /// Publishes the current revision, or finds the version that already is it.
    pub(super) fn publish(&mut self, description: Option<&str>, now: Timestamp) -> &Version {
        let same = |version: &Version| version.revision == self.revision;
        let found = match self.versions.iter().position(same) {
            Some(found) => found,
            None => {
                self.last_version += 1;
                self.versions.push(Version {
                    number: self.last_version,
                    description: description.map(str::to_owned),
                    created: now,
                    revision: self.revision.clone(),
                });
                self.versions.len() - 1
            }
        };
        &self.versions[found]
    }

    /// The aliases that send executions to a version.
    pub(super) fn aliases_to(&self, version_arn: &str) -> Vec<&str> {
        let routed = |alias: &&Alias| alias.routing.iter().any(|to| to.version_arn == version_arn);
        let aliases = self.aliases.iter().filter(routed);
        aliases.map(|alias| alias.name.as_str()).collect()
    }
}

impl Route {
    pub(super) fn to_api(&self) -> Value {
        json!({ "stateMachineVersionArn": self.version_arn, "weight": self.weight })
    }
}

/// A state machine as an execution is started on it.
#[derive(Debug)]
pub(super) struct Target {
    pub machine: Machine,
    /// Key of the revision to run.
    pub revision: Arc<str>,
    pub version_arn: Option<String>,
    pub alias_arn: Option<String>,
}

/// All state machines.
#[derive(Debug)]
pub(super) struct Machines {
    rows: Table<Machine>,
    revisions: Table<Arc<Revision>>,
    parsed: Cache<StateMachine>,
}

impl Machines {
    pub(super) fn open(store: &Store) -> Self {
        Self {
            rows: store.table("states.machines"),
            revisions: store.table("states.revisions"),
            parsed: Cache::default(),
        }
    }

    pub(super) fn rows(&self) -> &Table<Machine> {
        &self.rows
    }

    /// Finds a state machine by its own ARN, without version or alias.
    pub(super) fn get(&self, arn: &str) -> Result<Machine, AwsError> {
        let found = self.rows.get(arn);
        found.ok_or_else(|| errors::no_such_machine(arn))
    }

    /// A revision by its key.
    pub(super) fn revision(&self, key: &str) -> Option<Arc<Revision>> {
        self.revisions.get(key)
    }

    /// Keeps a revision of a machine and returns its key.
    pub(super) fn keep(&self, machine_arn: &str, revision: Revision) -> Arc<str> {
        let key = format!("{machine_arn}#{}", revision.public_id());
        self.revisions.put(&key, Arc::new(revision));
        Arc::from(key)
    }

    /// The revision's program.
    pub(super) fn program(&self, key: &str) -> Result<Arc<StateMachine>, AwsError> {
        self.parsed.get_or(key, || {
            let revision = self.revision(key);
            let revision = revision.ok_or_else(|| AwsError::internal("revision is gone"))?;
            let (machine, _) = StateMachine::parse_with(&revision.definition, integrations::apis());
            machine.ok_or_else(|| AwsError::internal("definition does not parse"))
        })
    }

    /// Resolves the ARN of a machine, version or alias to what runs. `dice` (0 to 99) picks among
    /// an alias's versions.
    pub(super) fn resolve(&self, text: &str, dice: u64) -> Result<Target, AwsError> {
        let arn = Arn::parse(text, &["stateMachine"])?;
        let (machine_arn, qualifier) = arn.qualifier();
        let missing = || errors::no_such_machine(text);
        let machine = self.rows.get(machine_arn).ok_or_else(missing)?;
        let Some(qualifier) = qualifier else {
            return Ok(Target {
                revision: machine.revision.clone(),
                version_arn: None,
                alias_arn: None,
                machine,
            });
        };
        if let Some(version) = machine.version(qualifier) {
            return Ok(Target {
                revision: version.revision.clone(),
                version_arn: Some(text.to_owned()),
                alias_arn: None,
                machine,
            });
        }
        let alias = machine.alias(qualifier).ok_or_else(missing)?;
        let mut left = dice;
        let routed = alias.routing.iter().find(|route| {
            let hit = left < route.weight;
            left = left.saturating_sub(route.weight);
            hit
        });
        let version_arn = routed
            .map(|route| route.version_arn.clone())
            .ok_or_else(missing)?;
        let number = version_arn.rsplit(':').next().unwrap_or_default();
        let version = machine.version(number).ok_or_else(missing)?;
        Ok(Target {
            revision: version.revision.clone(),
            version_arn: Some(version_arn),
            alias_arn: Some(text.to_owned()),
            machine,
        })
    }

    /// Takes a machine out with all that belongs to it.
    pub(super) fn remove(&self, arn: &str) {
        self.rows.remove(arn);
        for (key, _) in self.revisions.scan(&format!("{arn}#")) {
            self.revisions.remove(&key);
            self.parsed.forget(&key);
        }
    }
}
