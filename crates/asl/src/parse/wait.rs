//! Wait states: for how long, or until when.

use crate::machine::{Quantity, QueryLanguage, Source, Wait};

use super::{Findings, Pointer, fields, timestamp};
use document::Node;

pub(super) fn parse(
    node: &Node,
    at: &Pointer,
    language: QueryLanguage,
    findings: &mut Findings,
) -> Option<Wait> {
    let given: Vec<&str> = ["Seconds", "SecondsPath", "Timestamp", "TimestampPath"]
        .into_iter()
        .filter(|field| node.get(field).is_some())
        .collect();
    if given.len() != 1 {
        findings.error(
            at,
            &node.span,
            "A Wait state must contain exactly one of 'Seconds', 'SecondsPath', 'Timestamp' or 'TimestampPath'",
        );
        return None;
    }
    if let Some(seconds) = fields::seconds(node, at, language, findings) {
        return Some(Wait::Seconds(seconds));
    }
    let source = fields::text_source(node, at, ("Timestamp", "TimestampPath"), language, findings)?;
    if let Source::Literal(value) = &source
        && timestamp::parse(value.as_str().unwrap_or_default()).is_none()
    {
        let span = node
            .get("Timestamp")
            .map_or(0..0, |value| value.span.clone());
        findings.error(
            &at.child("Timestamp"),
            &span,
            "String does not match RFC3339 timestamp",
        );
    }
    Some(Wait::Timestamp(Quantity {
        field: "Timestamp",
        source,
    }))
}
