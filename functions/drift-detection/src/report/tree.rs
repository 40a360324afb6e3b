//! Findings as a tree: a nested stack stands below the stack that it is nested in.

use std::collections::{BTreeMap, BTreeSet};

use crate::{Finding, Outcome};

/// A finding and how deep it is nested.
pub(super) struct Row<'a> {
    pub(super) depth: usize,
    pub(super) finding: &'a Finding,
}

impl<'a> Row<'a> {
    /// Name of the stack that this one is nested in, if that one has no row of its own.
    pub(super) fn parent_elsewhere(&self) -> Option<&'a str> {
        let parent = self
            .finding
            .parent_id
            .as_deref()
            .filter(|_| self.depth == 0)?;
        // arn:aws:cloudformation:<region>:<account>:stack/<name>/<id>
        parent.split('/').nth(1)
    }
}

/// All findings, each once. Families with the worst outcome come first.
pub(super) fn rows(findings: &[Finding]) -> Vec<Row<'_>> {
    let ids: BTreeSet<_> = findings
        .iter()
        .map(|finding| finding.stack_id.as_str())
        .collect();
    let mut children: BTreeMap<Option<&str>, Vec<&Finding>> = BTreeMap::new();
    for finding in findings {
        let parent = finding
            .parent_id
            .as_deref()
            .filter(|id| ids.contains(id) && *id != finding.stack_id);
        children.entry(parent).or_default().push(finding);
    }
    let mut rows = Vec::new();
    below(None, 0, &children, &mut rows);
    rows
}

fn below<'a>(
    parent: Option<&str>,
    depth: usize,
    children: &BTreeMap<Option<&str>, Vec<&'a Finding>>,
    rows: &mut Vec<Row<'a>>,
) {
    let Some(findings) = children.get(&parent) else {
        return;
    };
    let mut findings: Vec<_> = findings
        .iter()
        .map(|finding| (worst(finding, children), *finding))
        .collect();
    findings.sort_by(|(a, x), (b, y)| (a, &x.stack_name).cmp(&(b, &y.stack_name)));
    for (_, finding) in findings {
        rows.push(Row { depth, finding });
        below(Some(&finding.stack_id), depth + 1, children, rows);
    }
}

fn worst(finding: &Finding, children: &BTreeMap<Option<&str>, Vec<&Finding>>) -> Outcome {
    let nested = children
        .get(&Some(finding.stack_id.as_str()))
        .into_iter()
        .flatten();
    nested
        .map(|child| worst(child, children))
        .min()
        .map_or(finding.outcome, |worst| worst.min(finding.outcome))
}
