//! Which operation of a REST service a method, path and query address.

use http::{HeaderMap, Method};

use crate::codec::uri::Labels;
use crate::model::{Location, Operation, Service};

/// What is known of a request.
#[derive(Debug)]
pub(super) struct Address<'a> {
    pub(super) method: &'a Method,
    pub(super) path: &'a str,
    pub(super) query: &'a [(String, String)],
    pub(super) headers: &'a HeaderMap,
}

/// The best match, with the path's labels.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) operation: Operation,
    pub(super) labels: Labels,
    /// Whether the path begins with a word of the template, not with a label.
    pub(super) literal: bool,
}

/// Finds the operation whose template says most about the request.
///
/// Several operations may share a template (S3's `PutObject`, `CopyObject`, `UploadPart`): then
/// the one wins whose required headers and query parameters are there, and of those the one that
/// requires most.
pub(super) fn find(service: &'static Service, address: &Address<'_>) -> Option<Found> {
    let mut best: Option<(Score, Found)> = None;
    for (template, index) in service.routes() {
        let Some(operation) = service.operation_at(*index) else {
            continue;
        };
        if operation.method() != address.method.as_str() {
            continue;
        }
        let Some(labels) = template.matches(address.path) else {
            continue;
        };
        if !template.query.iter().all(|pair| address.has(*pair)) {
            continue;
        }
        let rank = template.rank();
        let literal = rank.first() == Some(&3);
        let (missing, present) = address.required(operation);
        let score = Score {
            rank,
            fixed: template.query.len(),
            named: address.has(("x-id", Some(operation.name()))),
            complete: missing == 0,
            present,
            current: !operation.is_deprecated(),
        };
        if best.as_ref().is_none_or(|(other, _)| score > *other) {
            let found = Found {
                operation,
                labels,
                literal,
            };
            best = Some((score, found));
        }
    }
    best.map(|(_, found)| found)
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    rank: Vec<u8>,
    fixed: usize,
    named: bool,
    complete: bool,
    present: usize,
    current: bool,
}

impl Address<'_> {
    fn has(&self, (name, value): (&str, Option<&str>)) -> bool {
        let same = |found: &str| value.is_none_or(|value| value == found);
        self.query
            .iter()
            .any(|(key, found)| key == name && same(found))
    }

    /// How many required headers and query parameters are missing, and how many are there.
    fn required(&self, operation: Operation) -> (usize, usize) {
        let Some(input) = operation.input() else {
            return (0, 0);
        };
        let (mut missing, mut present) = (0, 0);
        for member in input.members().filter(|member| member.is_required()) {
            let there = match member.location() {
                Location::Query => self.has((member.serial_name(), None)),
                Location::Header => self.headers.contains_key(member.serial_name()),
                _ => continue,
            };
            if there {
                present += 1;
            } else {
                missing += 1;
            }
        }
        (missing, present)
    }
}
