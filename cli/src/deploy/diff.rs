//! What a change set would do, in words.

use aws_sdk_cloudformation::types::{Change, ChangeAction, Replacement, ResourceChange};
use owo_colors::OwoColorize;

use super::change_set::Plan;
use crate::stack;
use crate::ui::Ui;

/// Shows a plan: where, and a line a resource, with what happens to it and which properties change.
pub fn show(plan: &Plan, stack_name: &str, ui: &Ui) {
    let verb = if plan.new { "create" } else { "change" };
    let place = stack::place(&plan.stack_id);
    ui.heading(format!("{verb} {stack_name} in {place}"));
    let changes = plan.changes.iter().filter_map(Change::resource_change);
    changes.for_each(|change| ui.say(format!("  {}", line(change))));
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
