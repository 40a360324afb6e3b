//! `AWS::Scheduler::ScheduleGroup`. `Ref` is the group's name.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{items, pick, set, text};
use crate::resources::{At, Failure};

pub(in crate::resources) struct ScheduleGroup;

#[async_trait]
impl Handler for ScheduleGroup {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 64);
        let mut input = json!({ "Name": name });
        let tags = items(properties, "Tags");
        if !tags.is_empty() {
            set(&mut input, "Tags", tags);
        }
        at.call("scheduler", "CreateScheduleGroup", input).await?;
        Ok(name)
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let arn = at
            .cx
            .scope
            .arn("scheduler", &format!("schedule-group/{physical_id}"));
        at.retag("scheduler", ("ResourceArn", &arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(&self, at: &At<'_>, physical_id: &str, _: &Value) -> Result<(), Failure> {
        at.call(
            "scheduler",
            "DeleteScheduleGroup",
            json!({ "Name": physical_id }),
        )
        .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        _: &Value,
    ) -> Result<Option<Value>, Failure> {
        let input = json!({ "Name": physical_id });
        let Some(found) = at.find("scheduler", "GetScheduleGroup", input).await? else {
            return Ok(None);
        };
        // Its schedules are deleted with a group, and it answers until they are.
        if text(&found, "State") == "DELETING" {
            return Ok(None);
        }
        let mut live = pick(
            &found,
            &[
                "Arn",
                "CreationDate",
                "LastModificationDate",
                "Name",
                "State",
            ],
        );
        let input = json!({ "ResourceArn": text(&found, "Arn") });
        let tags = at
            .find("scheduler", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "Tags"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let found = at
            .pages(
                "scheduler",
                "ListScheduleGroups",
                json!({}),
                "ScheduleGroups",
                "NextToken",
            )
            .await?;
        Ok(found
            .iter()
            .map(|one| text(one, "Name").to_owned())
            .collect())
    }
}
