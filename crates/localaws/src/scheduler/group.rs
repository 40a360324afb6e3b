//! CreateScheduleGroup, GetScheduleGroup, DeleteScheduleGroup, ListScheduleGroups.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::Inner;
use super::state::{DEFAULT, Group, check_name, conflict, not_found, schedule_key};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

impl Inner {
    pub(super) fn group(&self, scope: &Scope, name: &str) -> Result<Group, AwsError> {
        match self.groups.get(&scope.key(name)) {
            Some(group) => Ok(group),
            None if name == DEFAULT => Ok(Group {
                name: name.to_owned(),
                scope: scope.clone(),
                created: Timestamp::UNIX_EPOCH,
                modified: Timestamp::UNIX_EPOCH,
                tags: BTreeMap::new(),
            }),
            None => Err(not_found("Schedule group", name)),
        }
    }

    pub(super) fn create_schedule_group(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        check_name(name)?;
        let now = self.aws.clock().now();
        let group = Group {
            name: name.to_owned(),
            scope: call.scope.clone(),
            created: now,
            modified: now,
            tags: crate::tags::given(&call.input),
        };
        let arn = group.arn();
        if name == DEFAULT || !self.groups.insert(&call.scope.key(name), group) {
            return Err(conflict("Schedule group", name));
        }
        Ok(json!({ "ScheduleGroupArn": arn }))
    }

    pub(super) fn get_schedule_group(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        Ok(summary(&self.group(&call.scope, name)?))
    }

    pub(super) fn delete_schedule_group(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        if name == DEFAULT {
            return Err(AwsError::validation(
                "The default schedule group cannot be deleted.",
            ));
        }
        self.group(&call.scope, name)?;
        self.groups.remove(&call.scope.key(name));
        for (key, _) in self.schedules.scan(&schedule_key(&call.scope, name, "")) {
            self.schedules.remove(&key);
        }
        Ok(json!({}))
    }

    pub(super) fn list_schedule_groups(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = call.input.text("NamePrefix").unwrap_or_default();
        let groups = self.groups.scan(&call.scope.key(prefix));
        let mut groups: Vec<_> = groups.into_iter().map(|(_, group)| group).collect();
        let default = self.group(&call.scope, DEFAULT)?;
        let listed = groups.iter().any(|group| group.name == DEFAULT);
        if DEFAULT.starts_with(prefix) && !listed {
            groups.push(default);
            groups.sort_by(|one, two| one.name.cmp(&two.name));
        }
        let shown = groups.iter().map(summary).collect();
        list(call, "ScheduleGroups", shown)
    }
}

fn summary(group: &Group) -> Value {
    json!({
        "Arn": group.arn(),
        "Name": group.name,
        "State": "ACTIVE",
        "CreationDate": group.created,
        "LastModificationDate": group.modified,
    })
}

/// A page of a list, sorted by ARN.
pub(super) fn list(call: &Call, member: &str, items: Vec<Value>) -> Result<Value, AwsError> {
    let limit = call.input.number("MaxResults").unwrap_or(100).clamp(1, 100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let key = |item: &Value| item.text("Arn").unwrap_or_default().to_owned();
    let shown = page(items, key, call.input.text("NextToken"), limit);
    let (items, next) = shown.ok_or_else(|| AwsError::validation("Invalid NextToken."))?;
    let mut output = json!({ member: items });
    if let Some(next) = next {
        output["NextToken"] = json!(next);
    }
    Ok(output)
}
