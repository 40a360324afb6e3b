//! The schedules of a deployment, in EventBridge Scheduler: when they start it, and whether they do.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, Zoned};
use recurrence::Recurrence;
use serde_json::{Map, Value, json};

use crate::deployed::Deployed;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::target::Target;

/// What `GetSchedule` tells and `UpdateSchedule` does not take.
const READ_ONLY: [&str; 3] = ["Arn", "CreationDate", "LastModificationDate"];

/// A schedule.
#[derive(Debug, Clone)]
pub struct Schedule {
    /// As Scheduler describes it.
    members: Map<String, Value>,
}

/// All schedules of a deployment, by name: those of its group, also when somebody added them, or
/// those of its stack.
pub async fn of(target: &Target, deployed: &Deployed) -> Result<Vec<Schedule>> {
    let mut names = Vec::new();
    let group = stack::output(&deployed.stack, "ScheduleGroupName");
    match group {
        Some(group) => in_group(target, group, &mut names).await?,
        None => in_stack(target, deployed, &mut names).await?,
    }
    names.sort();
    let mut found = Vec::new();
    for name in names {
        let mut input = json!({"Name": name});
        if let (Some(input), Some(group)) = (input.as_object_mut(), group) {
            input.insert("GroupName".to_owned(), json!(group));
        }
        let doing = "read the schedule";
        let answer = target
            .api
            .call(doing, "scheduler", "GetSchedule", input)
            .await?;
        if let Value::Object(members) = answer {
            found.push(Schedule { members });
        }
    }
    Ok(found)
}

async fn in_group(target: &Target, group: &str, names: &mut Vec<String>) -> Result<()> {
    let mut input = json!({"GroupName": group, "MaxResults": 100});
    loop {
        let doing = "list the schedules";
        let page = target
            .api
            .call(doing, "scheduler", "ListSchedules", input.clone())
            .await?;
        let schedules = page.get("Schedules").and_then(Value::as_array);
        let found = schedules.into_iter().flatten();
        names.extend(found.filter_map(|one| Some(one.get("Name")?.as_str()?.to_owned())));
        match (page.get("NextToken"), input.as_object_mut()) {
            (Some(token @ Value::String(_)), Some(input)) => {
                input.insert("NextToken".to_owned(), token.clone());
            }
            _ => return Ok(()),
        }
    }
}

async fn in_stack(target: &Target, deployed: &Deployed, names: &mut Vec<String>) -> Result<()> {
    let id = deployed.stack.stack_id().unwrap_or_default();
    let list = target.cloudformation.list_stack_resources().stack_name(id);
    let mut pages = list.into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| Failure::aws("list the stack's resources", error))?;
        let resources = page.stack_resource_summaries.unwrap_or_default();
        let schedules = resources
            .iter()
            .filter(|one| one.resource_type() == Some("AWS::Scheduler::Schedule"));
        names.extend(schedules.filter_map(|one| one.physical_resource_id().map(str::to_owned)));
    }
    Ok(())
}

impl Schedule {
    fn text(&self, key: &str) -> Option<&str> {
        self.members.get(key).and_then(Value::as_str)
    }

    fn time(&self, key: &str) -> Option<Timestamp> {
        self.text(key)?.parse().ok()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        self.text("Name").unwrap_or_default()
    }

    /// `cron(0 3 * * ? *)`.
    pub fn expression(&self) -> &str {
        self.text("ScheduleExpression").unwrap_or_default()
    }

    /// `Europe/Berlin`.
    pub fn zone(&self) -> &str {
        self.text("ScheduleExpressionTimezone").unwrap_or("UTC")
    }

    /// Whether it starts anything.
    pub fn enabled(&self) -> bool {
        self.text("State") != Some("DISABLED")
    }

    /// Minutes after its time within which it starts something, at random.
    pub fn window(&self) -> Option<u64> {
        let window = self.members.get("FlexibleTimeWindow")?;
        window.get("MaximumWindowInMinutes")?.as_u64()
    }

    /// The next times after `now`, on the clock of its zone, paused or not.
    pub fn next(&self, now: Timestamp, most: usize) -> Vec<Zoned> {
        let zone = TimeZone::get(self.zone()).unwrap_or(TimeZone::UTC);
        let Some(recurrence) = Recurrence::parse(self.expression()) else {
            return Vec::new();
        };
        let (start, end) = (self.time("StartDate"), self.time("EndDate"));
        let anchor = start.or(self.time("CreationDate")).unwrap_or(now);
        let before = |time: Timestamp| time.checked_sub(SignedDuration::from_millis(1));
        // The time of the start itself counts.
        let from = start.and_then(|start| before(start).ok());
        let mut at = from.map_or(now, |from| from.max(now));
        let mut times = Vec::new();
        while times.len() < most {
            let next = recurrence.next(at, anchor, &zone);
            let Some(next) = next.filter(|next| end.is_none_or(|end| *next <= end)) else {
                break;
            };
            times.push(next.to_zoned(zone.clone()));
            at = next;
        }
        times
    }

    /// Pauses it, or lets it go on. All other members stay as they are.
    pub async fn enable(&self, target: &Target, enabled: bool) -> Result<()> {
        let state = if enabled { "ENABLED" } else { "DISABLED" };
        let mut input = self.members.clone();
        input.retain(|key, _| !READ_ONLY.contains(&key.as_str()));
        input.insert("State".to_owned(), json!(state));
        let doing = "change the schedule";
        let input = Value::Object(input);
        target
            .api
            .call(doing, "scheduler", "UpdateSchedule", input)
            .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(members: Value, most: usize) -> Vec<String> {
        let members = members.as_object().unwrap().clone();
        let now = "2026-11-22T10:00:00Z".parse().unwrap();
        let times = Schedule { members }.next(now, most);
        times
            .iter()
            .map(|time| time.timestamp().to_string())
            .collect()
    }

    #[test]
    fn the_next_times_are_on_the_clock_of_the_zone() {
        let nightly = json!({
            "ScheduleExpression": "cron(0 3 * * ? *)",
            "ScheduleExpressionTimezone": "Europe/Berlin",
            "EndDate": "2026-11-24T02:00:00Z",
        });
        assert_eq!(
            times(nightly, 5),
            ["2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z"]
        );
        let rate = json!({
            "ScheduleExpression": "rate(1 hour)",
            "CreationDate": "2026-11-01T00:20:00Z",
        });
        assert_eq!(
            times(rate, 2),
            ["2026-11-22T10:20:00Z", "2026-11-22T11:20:00Z"]
        );
        let later = json!({
            "ScheduleExpression": "rate(1 day)",
            "CreationDate": "2026-11-01T00:20:00Z",
            "StartDate": "2026-12-01T00:00:00Z",
        });
        assert_eq!(times(later, 1), ["2026-12-01T00:00:00Z"]);
        let over = json!({"ScheduleExpression": "at(2026-11-01T00:00:00)"});
        assert!(times(over, 1).is_empty());
    }
}
