//! `AWS::Scheduler::Schedule`. `Ref` is the schedule's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{drop_filled_in, extend, pick, set, set_some, text, translate};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Schedule;

const SETTINGS: [&str; 9] = [
    "Description",
    "EndDate",
    "FlexibleTimeWindow",
    "GroupName",
    "KmsKeyArn",
    "ScheduleExpression",
    "ScheduleExpressionTimezone",
    "StartDate",
    "State",
];

/// The one name in targets that differs between properties and the API.
const NAMES: [(&str, &str); 1] = [("AwsvpcConfiguration", "awsvpcConfiguration")];
const NAMES_BACK: [(&str, &str); 1] = [("awsvpcConfiguration", "AwsvpcConfiguration")];

#[async_trait]
impl Handler for Schedule {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 64);
        at.call("scheduler", "CreateSchedule", input(&name, properties))
            .await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        if text(before, "GroupName") != text(after, "GroupName") {
            return Err(Failure::new(
                crate::resources::Code::NotUpdatable,
                "A schedule cannot be moved to another group.",
            ));
        }
        at.call("scheduler", "UpdateSchedule", input(physical_id, after))
            .await?;
        Ok(())
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        at.call(
            "scheduler",
            "DeleteSchedule",
            named(physical_id, properties),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let found = at
            .find("scheduler", "GetSchedule", named(physical_id, properties))
            .await?;
        Ok(found.map(|found| {
            let mut live = pick(&found, &["Arn", "Name"]);
            extend(&mut live, pick(&found, &SETTINGS));
            set_some(
                &mut live,
                "Target",
                found
                    .get("Target")
                    .map(|target| translate(target, &NAMES_BACK)),
            );
            let filled = [
                (
                    "/Target/RetryPolicy/MaximumEventAgeInSeconds",
                    json!(86_400),
                ),
                ("/Target/RetryPolicy/MaximumRetryAttempts", json!(185)),
            ];
            drop_filled_in(&mut live, properties, &filled);
            live
        }))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "scheduler",
                "ListSchedules",
                json!({}),
                "Schedules",
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Name").to_owned())
            .collect())
    }
}

fn named(name: &str, properties: &Value) -> Value {
    let mut input = pick(properties, &["GroupName"]);
    set(&mut input, "Name", name);
    input
}

fn input(name: &str, properties: &Value) -> Value {
    let mut input = pick(properties, &SETTINGS);
    set(&mut input, "Name", name);
    let target = properties
        .get("Target")
        .map(|target| translate(target, &NAMES));
    set_some(&mut input, "Target", target);
    input
}
