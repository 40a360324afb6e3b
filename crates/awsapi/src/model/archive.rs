//! The archive of tables: an index that is read at the first use, and a deflated block a service.

use std::io::Read;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;

use super::parse;
use super::service::{Protocol, Service};

static ARCHIVE: &[u8] = include_bytes!("../../tables/apis.bin");

/// What is known of a service without reading its table.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    pub(crate) service_id: &'static str,
    pub(crate) signing_name: &'static str,
    pub(crate) endpoint_prefix: &'static str,
    pub(crate) protocols: Vec<Protocol>,
    pub(crate) api_version: &'static str,
    pub(crate) json_version: &'static str,
    pub(crate) target_prefix: &'static str,
    pub(crate) xml_namespace: &'static str,
    pub(crate) query_compatible: bool,
    pub(crate) global_endpoint: &'static str,
    block: Block,
    service: OnceLock<Option<Service>>,
}

/// Where a service's table is in the archive.
#[derive(Debug)]
struct Block {
    offset: usize,
    packed: usize,
    unpacked: usize,
}

/// The index, sorted by name.
pub(crate) fn entries() -> &'static [Entry] {
    static INDEX: OnceLock<Vec<Entry>> = OnceLock::new();
    INDEX.get_or_init(|| read_index().unwrap_or_default())
}

/// A service's entry.
pub(crate) fn find(name: &str) -> Option<&'static Entry> {
    let all = entries();
    let at = all.binary_search_by(|entry| entry.name.cmp(name)).ok()?;
    all.get(at)
}

/// A service's table, read at the first call.
pub(crate) fn load(entry: &'static Entry) -> Option<&'static Service> {
    entry
        .service
        .get_or_init(|| {
            let Block {
                offset,
                packed,
                unpacked,
            } = entry.block;
            let text = inflate(ARCHIVE.get(offset..offset + packed)?, unpacked)?;
            parse::service(entry, text)
        })
        .as_ref()
}

fn read_index() -> Option<Vec<Entry>> {
    let packed = u32::from_le_bytes(ARCHIVE.get(..4)?.try_into().ok()?) as usize;
    let unpacked = u32::from_le_bytes(ARCHIVE.get(4..8)?.try_into().ok()?) as usize;
    let blocks = 8 + packed;
    let text = inflate(ARCHIVE.get(8..blocks)?, unpacked)?;
    // The first line says which botocore the tables come from.
    text.lines()
        .skip(1)
        .map(|line| entry(line, blocks))
        .collect()
}

fn entry(line: &'static str, blocks: usize) -> Option<Entry> {
    let mut fields = line.split('\t');
    Some(Entry {
        name: fields.next()?,
        service_id: fields.next()?,
        signing_name: fields.next()?,
        endpoint_prefix: fields.next()?,
        protocols: fields
            .next()?
            .split(' ')
            .filter_map(Protocol::named)
            .collect(),
        api_version: fields.next()?,
        json_version: fields.next()?,
        target_prefix: fields.next()?,
        xml_namespace: fields.next()?,
        query_compatible: fields.next()? == "q",
        global_endpoint: fields.next()?,
        block: Block {
            offset: blocks + fields.next()?.parse::<usize>().ok()?,
            packed: fields.next()?.parse().ok()?,
            unpacked: fields.next()?.parse().ok()?,
        },
        service: OnceLock::new(),
    })
}

/// Inflates a block for good: tables borrow their text, and live as long as the program.
fn inflate(packed: &[u8], unpacked: usize) -> Option<&'static str> {
    let mut text = String::with_capacity(unpacked);
    DeflateDecoder::new(packed).read_to_string(&mut text).ok()?;
    Some(String::leak(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_can_be_read() {
        assert!(entries().len() > 400);
        for entry in entries() {
            assert!(load(entry).is_some(), "{}", entry.name);
            assert!(!entry.protocols.is_empty(), "{}", entry.name);
        }
    }
}
