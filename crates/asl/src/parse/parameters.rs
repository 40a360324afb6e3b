//! Task states' resources and parameters, as those who know the APIs judge them.

use std::ops::Range;

use crate::diagnostic::Severity;
use crate::port::Resource;
use crate::template::Template;

use super::{Findings, Pointer, SCHEMA};
use document::{Kind, Node};

/// Whether AWS has the resource; reports it if not.
pub(super) fn is_known(
    resource: &Resource,
    at: &Pointer,
    span: &Range<usize>,
    findings: &mut Findings,
) -> bool {
    let knows = findings.integrations.clone();
    match knows.and_then(|knows| knows.resource_fault(resource)) {
        Some(message) => {
            findings.error(at, span, message);
            false
        }
        None => true,
    }
}

/// Reports every fault of the parameters, at the member that has it.
pub(super) fn check(
    resource: &Resource,
    node: &Node,
    template: Option<&Template>,
    at: &Pointer,
    findings: &mut Findings,
) {
    let (Some(knows), Some(template)) = (findings.integrations.clone(), template) else {
        return;
    };
    for fault in knows.parameter_faults(resource, &template.written()) {
        let (mut at, mut node, mut span) = (at.clone(), node, node.span.clone());
        for step in &fault.path {
            let Some((next, value, place)) = inside(node, &at, step) else {
                break;
            };
            (at, node, span) = (next, value, place);
        }
        let severity = Severity::Error;
        findings.report(SCHEMA, severity, &at, &span, fault.message, fault.help);
    }
}

/// A member (with or without `.$`) or an item, with its pointer and the place to show.
fn inside<'n>(
    node: &'n Node,
    at: &Pointer,
    step: &str,
) -> Option<(Pointer, &'n Node, Range<usize>)> {
    match &node.kind {
        Kind::Object(members) => members
            .iter()
            .find(|member| member.key.strip_suffix(".$").unwrap_or(&member.key) == step)
            .map(|member| {
                (
                    at.child(&member.key),
                    &member.value,
                    member.key_span.clone(),
                )
            }),
        Kind::Array(items) => {
            let index: usize = step.parse().ok()?;
            let item = items.get(index)?;
            Some((at.item(index), item, item.span.clone()))
        }
        _ => None,
    }
}
