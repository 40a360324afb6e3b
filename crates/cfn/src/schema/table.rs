//! The compressed table: an index of services, and one gzip a service.

use std::collections::BTreeMap;
use std::io::Read;
use std::sync::{LazyLock, OnceLock};

use flate2::read::GzDecoder;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::Schema;

static TABLE: &[u8] = include_bytes!("types.bin");

static INDEX: LazyLock<Index> = LazyLock::new(|| {
    read_index().unwrap_or_else(|| {
        tracing::error!("the table of resource types cannot be read");
        Index::default()
    })
});

#[derive(Default)]
struct Index {
    services: BTreeMap<String, Part>,
    body: &'static [u8],
}

#[derive(Deserialize)]
struct Part {
    at: usize,
    size: usize,
    types: Vec<String>,
    #[serde(skip)]
    schemas: OnceLock<BTreeMap<String, Schema>>,
}

/// The schema of a type.
pub(super) fn find(type_name: &str) -> Option<&'static Schema> {
    let (service, kind) = type_name.rsplit_once("::")?;
    let part = INDEX.services.get(service)?;
    part.schemas
        .get_or_init(|| read_part(service, part))
        .get(kind)
}

/// Names of all types.
pub fn type_names() -> impl Iterator<Item = String> {
    let services = INDEX.services.iter();
    services.flat_map(|(service, part)| {
        let types = part.types.iter();
        types.map(move |kind| format!("{service}::{kind}"))
    })
}

fn read_index() -> Option<Index> {
    let (size, rest) = TABLE.split_first_chunk::<4>()?;
    let (head, body) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*size)).ok()?)?;
    Some(Index {
        services: read(head)?,
        body,
    })
}

fn read_part(service: &str, part: &Part) -> BTreeMap<String, Schema> {
    let bytes = INDEX.body.get(part.at..part.at + part.size);
    let mut schemas: BTreeMap<String, Schema> = bytes.and_then(read).unwrap_or_else(|| {
        tracing::error!(service, "the resource types cannot be read");
        BTreeMap::new()
    });
    for (kind, schema) in &mut schemas {
        schema.name = format!("{service}::{kind}");
    }
    schemas
}

fn read<T: DeserializeOwned>(gzip: &[u8]) -> Option<T> {
    let mut text = Vec::new();
    GzDecoder::new(gzip).read_to_end(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
