//! CreateSchedule, GetSchedule, UpdateSchedule, DeleteSchedule, ListSchedules.

use recurrence::Recurrence;
use serde_json::{Map, Value, json};

use super::state::{DEFAULT, Schedule, check_name, conflict, not_found, schedule_key, zone};
use super::{Inner, invoke};
use crate::params::Params;
use crate::{AwsError, Call};

/// Members that are kept as they are given.
const KEPT: &[&str] = &[
    "ScheduleExpression",
    "StartDate",
    "EndDate",
    "Description",
    "ScheduleExpressionTimezone",
    "State",
    "KmsKeyArn",
    "Target",
    "FlexibleTimeWindow",
    "ActionAfterCompletion",
];

impl Inner {
    pub(super) fn create_schedule(&self, call: &Call) -> Result<Value, AwsError> {
        let (group, name) = place(call);
        check_name(name)?;
        self.group(&call.scope, group)?;
        let now = self.aws.clock().now();
        let mut schedule = Schedule {
            name: name.to_owned(),
            group: group.to_owned(),
            scope: call.scope.clone(),
            created: now,
            modified: now,
            members: members(call)?,
            token: call.input.filled("ClientToken").map(str::to_owned),
            next: None,
        };
        schedule.next = schedule.following(now);
        let (key, arn) = (schedule.key(), schedule.arn());
        if !self.schedules.insert(&key, schedule.clone()) {
            // The same call once more.
            let again = |one: &Schedule| {
                one.token.is_some()
                    && one.token == schedule.token
                    && one.members == schedule.members
            };
            return match self.schedules.with(&key, again) {
                Some(true) => Ok(json!({ "ScheduleArn": arn })),
                _ => Err(conflict("Schedule", name)),
            };
        }
        self.changed.notify_one();
        Ok(json!({ "ScheduleArn": arn }))
    }

    pub(super) fn update_schedule(&self, call: &Call) -> Result<Value, AwsError> {
        let mut schedule = self.schedule(call)?;
        // Everything is given anew; what is left out goes back to its default.
        schedule.members = members(call)?;
        schedule.modified = self.aws.clock().now();
        schedule.next = schedule.following(schedule.modified);
        let arn = schedule.arn();
        self.schedules.put(&schedule.key(), schedule);
        self.changed.notify_one();
        Ok(json!({ "ScheduleArn": arn }))
    }

    pub(super) fn get_schedule(&self, call: &Call) -> Result<Value, AwsError> {
        let schedule = self.schedule(call)?;
        let mut shown = json!({
            "Arn": schedule.arn(),
            "GroupName": schedule.group,
            "Name": schedule.name,
            "CreationDate": schedule.created,
            "LastModificationDate": schedule.modified,
        });
        if let Some(shown) = shown.as_object_mut() {
            shown.extend(schedule.members);
        }
        Ok(shown)
    }

    pub(super) fn delete_schedule(&self, call: &Call) -> Result<Value, AwsError> {
        let schedule = self.schedule(call)?;
        self.schedules.remove(&schedule.key());
        Ok(json!({}))
    }

    pub(super) fn list_schedules(&self, call: &Call) -> Result<Value, AwsError> {
        let group = call.input.filled("GroupName");
        if let Some(group) = group {
            self.group(&call.scope, group)?;
        }
        let prefix = call.input.text("NamePrefix").unwrap_or_default();
        let state = call.input.text("State");
        let all = self.schedules.scan(&call.scope.prefix()).into_iter();
        let wanted = all.map(|(_, schedule)| schedule).filter(|schedule| {
            group.is_none_or(|group| group == schedule.group)
                && schedule.name.starts_with(prefix)
                && state.is_none_or(|state| schedule.members.text("State") == Some(state))
        });
        let shown = wanted.map(|schedule| {
            let target = schedule
                .members
                .get("Target")
                .and_then(|one| one.get("Arn"));
            json!({
                "Arn": schedule.arn(),
                "Name": schedule.name,
                "GroupName": schedule.group,
                "State": schedule.members.get("State"),
                "CreationDate": schedule.created,
                "LastModificationDate": schedule.modified,
                "Target": { "Arn": target },
            })
        });
        super::group::list(call, "Schedules", shown.collect())
    }

    fn schedule(&self, call: &Call) -> Result<Schedule, AwsError> {
        let (group, name) = place(call);
        self.group(&call.scope, group)?;
        let found = self.schedules.get(&schedule_key(&call.scope, group, name));
        found.ok_or_else(|| not_found("Schedule", name))
    }
}

fn place(call: &Call) -> (&str, &str) {
    let group = call.input.filled("GroupName").unwrap_or(DEFAULT);
    (group, call.input.text("Name").unwrap_or_default())
}

/// The schedule's members with defaults, checked.
fn members(call: &Call) -> Result<Map<String, Value>, AwsError> {
    let input = &call.input;
    let mut kept: Map<_, _> = KEPT
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), input.member(name)?.clone())))
        .collect();
    for (name, default) in [
        ("State", "ENABLED"),
        ("ScheduleExpressionTimezone", "UTC"),
        ("ActionAfterCompletion", "NONE"),
    ] {
        kept.entry(name).or_insert_with(|| json!(default));
    }
    let expression = kept.text("ScheduleExpression").unwrap_or_default();
    let invalid = || AwsError::validation(format!("Invalid Schedule Expression {expression}."));
    let recurrence = Recurrence::parse(expression).ok_or_else(invalid)?;
    zone(kept.text("ScheduleExpressionTimezone"))?;
    let one_of = |name: &str, allowed: &[&str]| {
        let value = kept.text(name).unwrap_or_default();
        match allowed.contains(&value) {
            true => Ok(()),
            false => Err(AwsError::validation(format!(
                "{name} {value} is not valid."
            ))),
        }
    };
    one_of("State", &["ENABLED", "DISABLED"])?;
    one_of("ActionAfterCompletion", &["NONE", "DELETE"])?;
    let time = |name: &str| {
        let text = kept.text(name)?;
        text.parse::<jiff::Timestamp>().ok()
    };
    if let (Some(start), Some(end)) = (time("StartDate"), time("EndDate"))
        && start >= end
        && !matches!(recurrence, Recurrence::At(_))
    {
        return Err(AwsError::validation("EndDate must come after StartDate."));
    }
    check_window(kept.get("FlexibleTimeWindow"))?;
    let target = kept.get("Target").cloned().unwrap_or_default();
    invoke::check(&target)?;
    if let Some(target) = kept.get_mut("Target")
        && target.get("RetryPolicy").is_none()
    {
        target["RetryPolicy"] =
            json!({ "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 });
    }
    Ok(kept)
}

fn check_window(window: Option<&Value>) -> Result<(), AwsError> {
    let Some(window) = window else {
        return Err(AwsError::validation(
            "FlexibleTimeWindow must be specified.",
        ));
    };
    let minutes = window.number("MaximumWindowInMinutes");
    let right = match window.text("Mode") {
        Some("OFF") => minutes.is_none(),
        Some("FLEXIBLE") => minutes.is_some_and(|minutes| (1..=1440).contains(&minutes)),
        _ => false,
    };
    match right {
        true => Ok(()),
        false => Err(AwsError::validation("FlexibleTimeWindow is not valid.")),
    }
}
