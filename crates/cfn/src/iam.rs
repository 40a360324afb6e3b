//! The actions that IAM knows, by service.
//!
//! The table is made by `iam/generate.py` from the list that cfn-lint carries (MIT-0, as the
//! schemas beside it), which is AWS's service authorization reference. A service is decompressed
//! when it is first asked for. Names are in lower case: IAM does not look at case.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{LazyLock, OnceLock};

use flate2::read::GzDecoder;
use serde::de::DeserializeOwned;

static TABLE: &[u8] = include_bytes!("iam/actions.bin");

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    read_index().unwrap_or_else(|| {
        tracing::error!("the table of IAM actions cannot be read");
        Index::default()
    })
});

#[derive(Default)]
struct Index {
    services: BTreeMap<String, (usize, usize)>,
    body: &'static [u8],
    read: BTreeMap<String, OnceLock<Vec<Action>>>,
}

/// An action of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Action {
    /// Its name in lower case, without the service: `listbucket`.
    pub name: String,
    /// Whether statements can name what it is about; else they must say `*`.
    pub has_resources: bool,
}

/// The actions of a service (`s3`), sorted by name; nothing for a service that IAM does not know.
pub fn actions(service: &str) -> Option<&'static [Action]> {
    let service = service.to_ascii_lowercase();
    let place = INDEX.services.get(&service)?;
    let read = INDEX.read.get(&service)?;
    let actions = read.get_or_init(|| read_part(*place).unwrap_or_default());
    Some(actions)
}

/// The action of this name, in whatever case.
pub fn action(service: &str, name: &str) -> Option<&'static Action> {
    let actions = actions(service)?;
    let name = name.to_ascii_lowercase();
    let at = actions
        .binary_search_by(|action| action.name.cmp(&name))
        .ok()?;
    actions.get(at)
}

/// Names of all services.
pub fn services() -> impl Iterator<Item = &'static str> {
    INDEX.services.keys().map(String::as_str)
}

fn read_index() -> Option<Index> {
    let (size, rest) = TABLE.split_first_chunk::<4>()?;
    let (head, body) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*size)).ok()?)?;
    let services: BTreeMap<String, (usize, usize)> = read(head)?;
    let empty = services.keys().map(|name| (name.clone(), OnceLock::new()));
    Some(Index {
        read: empty.collect(),
        services,
        body,
    })
}

fn read_part((at, size): (usize, usize)) -> Option<Vec<Action>> {
    let names: Vec<String> = read(INDEX.body.get(at..at + size)?)?;
    let mut actions: Vec<Action> = names
        .into_iter()
        .map(|name| Action {
            has_resources: !name.ends_with('*'),
            name: name.trim_end_matches('*').to_owned(),
        })
        .collect();
    actions.sort_by(|one, other| one.name.cmp(&other.name));
    Some(actions)
}

fn read<T: DeserializeOwned>(gzip: &[u8]) -> Option<T> {
    let mut text = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_actions_are_known() {
        assert!(services().count() > 400);
        for service in services() {
            assert!(actions(service).is_some(), "{service}");
        }
        assert!(action("s3", "ListBucket").is_some_and(|action| action.has_resources));
        assert!(action("logs", "CreateLogDelivery").is_some_and(|action| !action.has_resources));
        assert_eq!(action("s3", "HeadObject"), None);
        assert_eq!(actions("nothing"), None);
    }
}
