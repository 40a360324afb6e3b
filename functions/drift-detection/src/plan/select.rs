//! Which stacks a run checks, and why it leaves out the others.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::settings::{CHECKABLE, Settings};
use crate::ports::Stack;

/// A stack that the input asks for but that is not checked in this run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Skipped {
    /// Name of the stack.
    pub stack_name: String,
    /// ARN of the stack.
    pub stack_id: String,
    /// Why it is not checked.
    pub reason: String,
}

/// The decision about the stacks of an account.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// To check.
    pub(super) chosen: Vec<Stack>,
    /// Asked for, but not checked.
    pub(super) skipped: Vec<Skipped>,
    /// Patterns without a wildcard that name no stack.
    pub(super) missing: Vec<String>,
}

/// Decides about every stack. `now` is in seconds since 1970.
pub(super) fn select(stacks: Vec<Stack>, settings: &Settings, now: i64) -> Selection {
    let families = Families::of(&stacks);
    let missing = settings.include.iter().filter_map(|glob| glob.literal());
    let missing = missing
        .filter(|name| stacks.iter().all(|stack| stack.name != *name))
        .map(str::to_owned)
        .collect();
    let mut selection = Selection {
        missing,
        ..Selection::default()
    };
    for stack in stacks {
        if !asked_for(&families.names(&stack), &stack, settings) {
            continue;
        }
        match reason_to_skip(&stack, settings, now) {
            None => selection.chosen.push(stack),
            Some(reason) => {
                selection.skipped.push(Skipped {
                    stack_name: stack.name,
                    stack_id: stack.id,
                    reason,
                });
            }
        }
    }
    selection.chosen.sort_by(|a, b| a.name.cmp(&b.name));
    selection
        .skipped
        .sort_by(|a, b| a.stack_name.cmp(&b.stack_name));
    selection
}

/// A nested stack belongs to its parents: their names count as its own, because nobody chose the name it has.
fn asked_for(names: &[String], stack: &Stack, settings: &Settings) -> bool {
    let any = |globs: &[super::glob::Glob]| {
        globs
            .iter()
            .any(|glob| names.iter().any(|name| glob.matches(name)))
    };
    let tagged = |(tag, glob): &(String, super::glob::Glob)| {
        stack
            .tags
            .iter()
            .any(|(key, value)| key == tag && glob.matches(value))
    };
    any(&settings.include) && !any(&settings.exclude) && settings.tags.iter().all(tagged)
}

fn reason_to_skip(stack: &Stack, settings: &Settings, now: i64) -> Option<String> {
    let status = stack.status.as_str();
    if status == "REVIEW_IN_PROGRESS" {
        return Some("it has no resources yet (REVIEW_IN_PROGRESS)".to_owned());
    }
    if status.starts_with("DELETE_") {
        return Some(format!("it is being deleted ({status})"));
    }
    if status.ends_with("_IN_PROGRESS") {
        return Some(format!("it is changing right now ({status})"));
    }
    if !CHECKABLE.contains(&status) {
        return Some(format!(
            "CloudFormation does not detect drift in status {status}"
        ));
    }
    if !settings.statuses.iter().any(|wanted| wanted == status) {
        return Some(format!(
            "its status {status} is not among the statuses asked for"
        ));
    }
    let hours = i64::from(settings.skip_checked_within_hours);
    let age = now - stack.last_checked?;
    if age < hours * 3600 {
        let found = stack.last_drift_status.as_deref().unwrap_or("UNKNOWN");
        return Some(format!(
            "it was checked less than {hours} h ago and was {found} then"
        ));
    }
    None
}

/// Who is nested in whom.
struct Families(HashMap<String, (String, Option<String>)>);

impl Families {
    fn of(stacks: &[Stack]) -> Self {
        Self(
            stacks
                .iter()
                .map(|s| (s.id.clone(), (s.name.clone(), s.parent_id.clone())))
                .collect(),
        )
    }

    /// The name of a stack and of the stacks around it.
    fn names(&self, stack: &Stack) -> Vec<String> {
        let mut names = vec![stack.name.clone()];
        let mut parent = stack.parent_id.as_ref();
        // The chain is as long as there are stacks at most, whatever the answer says.
        while let Some((name, next)) = parent
            .and_then(|id| self.0.get(id))
            .filter(|_| names.len() <= self.0.len())
        {
            names.push(name.clone());
            parent = next.as_ref();
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: i64 = 1_000_000;

    fn stack(name: &str, status: &str) -> Stack {
        Stack {
            id: format!("arn:{name}"),
            name: name.into(),
            status: status.into(),
            ..Stack::default()
        }
    }

    fn chosen(stacks: &[Stack], input: serde_json::Value) -> Vec<String> {
        let settings = Settings::read(&input).unwrap();
        select(stacks.to_vec(), &settings, NOW)
            .chosen
            .into_iter()
            .map(|stack| stack.name)
            .collect()
    }

    #[test]
    fn names_tags_and_families_choose() {
        let mut shop = stack("shop", "CREATE_COMPLETE");
        shop.tags = vec![("env".into(), "prod-eu".into())];
        let mut nested = stack("x-Vpc-1A", "UPDATE_COMPLETE");
        nested.parent_id = Some(shop.id.clone());
        let all = [shop, nested, stack("blog", "CREATE_COMPLETE")];
        for (input, expected) in [
            (json!({}), vec!["blog", "shop", "x-Vpc-1A"]),
            (json!({"include": ["shop"]}), vec!["shop", "x-Vpc-1A"]),
            (
                json!({"include": ["*o*"], "exclude": ["sh?p"]}),
                vec!["blog"],
            ),
            (json!({"tags": {"env": "prod-*"}}), vec!["shop"]),
            (json!({"tags": {"env": "prod-*", "team": "*"}}), vec![]),
            (json!({"statuses": ["UPDATE_COMPLETE"]}), vec!["x-Vpc-1A"]),
        ] {
            assert_eq!(chosen(&all, input.clone()), expected, "{input}");
        }
    }

    #[test]
    fn every_skip_has_its_reason() {
        for (status, reason) in [
            (
                "REVIEW_IN_PROGRESS",
                "it has no resources yet (REVIEW_IN_PROGRESS)",
            ),
            ("DELETE_FAILED", "it is being deleted (DELETE_FAILED)"),
            (
                "UPDATE_IN_PROGRESS",
                "it is changing right now (UPDATE_IN_PROGRESS)",
            ),
            (
                "ROLLBACK_COMPLETE",
                "CloudFormation does not detect drift in status ROLLBACK_COMPLETE",
            ),
        ] {
            let settings = Settings::read(&json!({})).unwrap();
            let selection = select(vec![stack("a", status)], &settings, NOW);
            assert!(selection.chosen.is_empty());
            assert_eq!(selection.skipped[0].reason, reason);
        }
    }

    #[test]
    fn a_recent_check_is_not_repeated_and_its_result_is_kept() {
        let mut recent = stack("a", "CREATE_COMPLETE");
        recent.last_checked = Some(NOW - 3599);
        recent.last_drift_status = Some("DRIFTED".into());
        let settings = Settings::read(&json!({"skipCheckedWithinHours": 1})).unwrap();
        let selection = select(vec![recent.clone()], &settings, NOW);
        assert_eq!(
            selection.skipped[0].reason,
            "it was checked less than 1 h ago and was DRIFTED then"
        );
        recent.last_checked = Some(NOW - 3600);
        assert_eq!(select(vec![recent.clone()], &settings, NOW).chosen.len(), 1);
        recent.last_checked = Some(NOW);
        assert_eq!(chosen(&[recent], json!({})), ["a"]);
    }
}
