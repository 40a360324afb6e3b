//! What a change set would do, in words.

use aws_sdk_cloudformation::types::{Change, ChangeAction, Replacement, ResourceChange};
use owo_colors::OwoColorize;

/// One line a resource: what happens to it, and which properties change.
pub fn describe(changes: &[Change]) -> Vec<String> {
    let changes = changes.iter().filter_map(Change::resource_change);
    changes.map(line).collect()
}

fn line(change: &ResourceChange) -> String {
    let name = change.logical_resource_id().unwrap_or_default();
    let kind = change.resource_type().unwrap_or_default();
    let sign = match change.action() {
        Some(ChangeAction::Add) => "+".green().to_string(),
        Some(ChangeAction::Remove) => "-".red().to_string(),
        _ if change.replacement() == Some(&Replacement::True) => "±".red().to_string(),
        _ => "~".yellow().to_string(),
    };
    let replaced = match change.replacement() {
        Some(Replacement::True) => ", replaced",
        Some(Replacement::Conditional) => ", perhaps replaced",
        _ => "",
    };
    let targets = change.details().iter().filter_map(|detail| detail.target());
    let mut properties: Vec<_> = targets.filter_map(|target| target.name()).collect();
    properties.sort_unstable();
    properties.dedup();
    let properties = if properties.is_empty() {
        String::new()
    } else {
        format!(": {}", properties.join(", "))
    };
    format!("{sign} {name} ({kind}{replaced}){properties}")
}
