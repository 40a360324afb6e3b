//! `DescribeLogGroups`.

use serde_json::{Map, Value, json};

use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

use super::Logs;
use super::model::{Group, group_arn, group_of_identifier, invalid};

impl Logs {
    pub(super) fn describe_log_groups(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = call.input.filled("logGroupNamePrefix");
        let pattern = call.input.filled("logGroupNamePattern");
        if prefix.is_some() && pattern.is_some() {
            return Err(invalid(
                "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.",
            ));
        }
        let identifiers = call.input.texts("logGroupIdentifiers");
        let class = call.input.filled("logGroupClass");
        let pattern = pattern.map(str::to_lowercase);
        let wanted = |group: &Group| {
            pattern
                .as_ref()
                .is_none_or(|part| group.name.to_lowercase().contains(part))
                && class.is_none_or(|class| group.class == class)
                && (identifiers.is_empty()
                    || identifiers
                        .iter()
                        .any(|one| group_of_identifier(one) == group.name))
        };
        let mut groups: Vec<Group> = Vec::new();
        for (_, group) in self
            .groups
            .scan(&call.scope.key(prefix.unwrap_or_default()))
        {
            if wanted(&group) {
                groups.push(group);
            }
        }
        let limit = limit(&call.input)?;
        let token = call.input.filled("nextToken");
        let (groups, next) = page(groups, |group| group.name.clone(), token, limit)
            .ok_or_else(|| invalid("The specified nextToken is invalid."))?;
        let described = groups
            .iter()
            .map(|group| self.described(&call.scope, group));
        let mut output = Map::new();
        output.insert("logGroups".to_owned(), described.collect());
        if let Some(next) = next {
            output.insert("nextToken".to_owned(), next.into());
        }
        Ok(output.into())
    }

    fn described(&self, scope: &Scope, group: &Group) -> Value {
        let arn = group_arn(scope, &group.name);
        let bytes: usize = self
            .events
            .scan(&format!("{}:", scope.key(&group.name)))
            .iter()
            .map(|(_, event)| event.message.len() + 26)
            .sum();
        let mut described = json!({
            "logGroupName": group.name,
            "creationTime": group.created,
            "metricFilterCount": self.filters_of(scope, &group.name).len(),
            "arn": format!("{arn}:*"),
            "storedBytes": bytes,
            "logGroupClass": group.class,
            "logGroupArn": arn,
        });
        if let Some(days) = group.retention {
            described["retentionInDays"] = days.into();
        }
        if let Some(key) = &group.kms_key {
            described["kmsKeyId"] = key.as_str().into();
        }
        described
    }
}

/// `limit` of the Describe operations: 50 unless given, 50 at most.
pub(super) fn limit(input: &Value) -> Result<usize, AwsError> {
    match input.number("limit") {
        None => Ok(50),
        Some(limit @ 1..=50) => Ok(limit as usize),
        Some(limit) => Err(invalid(format!(
            "1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint: \
             Member must have value between 1 and 50"
        ))),
    }
}
