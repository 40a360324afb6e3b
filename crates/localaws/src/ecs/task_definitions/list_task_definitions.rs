//! `ListTaskDefinitions`, `ListTaskDefinitionFamilies`.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::TaskDefinition;
use crate::ecs::Inner;
use crate::ecs::error::invalid;
use crate::ecs::list::list;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    pub(in crate::ecs) fn list_task_definitions(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        // A family's whole name, in spite of the parameter's.
        let family = input.filled("familyPrefix");
        let status = input.text("status").unwrap_or("ACTIVE");
        let mut found: Vec<TaskDefinition> = self.all_definitions(call, "");
        found.retain(|one| one.status == status && family.is_none_or(|name| name == one.family));
        let mut arns: Vec<String> = found.iter().map(TaskDefinition::arn).collect();
        if input.text("sort") != Some("DESC") {
            return by_position(call, arns);
        }
        arns.reverse();
        by_position(call, arns)
    }

    pub(in crate::ecs) fn list_task_definition_families(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        let prefix = call.input.text("familyPrefix").unwrap_or_default();
        let mut families: BTreeMap<String, bool> = BTreeMap::new();
        for one in self.all_definitions(call, prefix) {
            let active = one.is_active();
            *families.entry(one.family).or_default() |= active;
        }
        let status = call.input.text("status").unwrap_or("ALL");
        let wanted = |active: bool| match status {
            "ACTIVE" => active,
            "INACTIVE" => !active,
            _ => true,
        };
        let families = families.into_iter().filter(|(_, active)| wanted(*active));
        list(call, "families", families.map(|(name, _)| name).collect())
    }

    fn all_definitions(&self, call: &Call, prefix: &str) -> Vec<TaskDefinition> {
        let found = self.definitions.scan(&call.scope.key(prefix));
        found.into_iter().map(|(_, one)| one).collect()
    }
}

/// A page of a list whose order is not that of its texts: the token is a position.
fn by_position(call: &Call, arns: Vec<String>) -> Result<Value, AwsError> {
    let limit = call.input.number("maxResults").unwrap_or(100);
    let limit = usize::try_from(limit)
        .ok()
        .filter(|n| (1..=100).contains(n));
    let limit = limit.ok_or_else(|| invalid("maxResults must be between 1 and 100"))?;
    let from: usize = match call.input.filled("nextToken") {
        Some(token) => token
            .parse()
            .map_err(|_| invalid("Invalid token in request"))?,
        None => 0,
    };
    let total = arns.len();
    let shown: Vec<String> = arns.into_iter().skip(from).take(limit).collect();
    let next = from + shown.len();
    let mut output = json!({ "taskDefinitionArns": shown });
    if next < total {
        output["nextToken"] = json!(next.to_string());
    }
    Ok(output)
}
