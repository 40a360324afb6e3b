//! `AWS::Events::Rule`. `Ref` is the rule's name, with the bus before it (`bus|rule`) unless that
//! is the default one.

use async_trait::async_trait;
use serde_json::{Value, json};

use crate::resources::handler::Handler;
use crate::resources::values::{
    document, extend, items, only_in, parsed, pick, set, set_some, text, translate,
};
use crate::resources::{At, Failure};

pub(in crate::resources) struct Rule;

/// Names in targets that differ between properties and the API.
const NAMES: [(&str, &str); 2] = [
    ("AwsVpcConfiguration", "awsvpcConfiguration"),
    ("TagList", "Tags"),
];
const NAMES_BACK: [(&str, &str); 2] = [
    ("awsvpcConfiguration", "AwsVpcConfiguration"),
    ("Tags", "TagList"),
];

#[async_trait]
impl Handler for Rule {
    async fn create(&self, at: &At<'_>, properties: &Value) -> Result<String, Failure> {
        let name = at.name_or(text(properties, "Name"), 64);
        let bus = bus_name(text(properties, "EventBusName"));
        let id = physical_id(bus, &name);
        // A put replaces a rule of the name; a stack must not take it over.
        if at
            .find("events", "DescribeRule", named("Name", &id))
            .await?
            .is_some()
        {
            return Err(Failure::already_exists(&at.cx.type_name, &id));
        }
        put(at, &id, properties, items(properties, "Tags")).await?;
        Ok(id)
    }

    async fn configure(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        change_targets(at, physical_id, &json!({}), properties).await
    }

    async fn update(
        &self,
        at: &At<'_>,
        physical_id: &str,
        before: &Value,
        after: &Value,
    ) -> Result<(), Failure> {
        let made = put(at, physical_id, after, &[]).await?;
        change_targets(at, physical_id, before, after).await?;
        let arn = text(&made, "RuleArn");
        at.retag("events", ("ResourceARN", arn), before, after, |tags| {
            json!(tags)
        })
        .await
    }

    async fn delete(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<(), Failure> {
        if at
            .find("events", "DescribeRule", named("Name", physical_id))
            .await?
            .is_none()
        {
            return Err(Failure::not_found(&at.cx.type_name, physical_id));
        }
        change_targets(at, physical_id, properties, &json!({})).await?;
        at.call("events", "DeleteRule", named("Name", physical_id))
            .await?;
        Ok(())
    }

    async fn read(
        &self,
        at: &At<'_>,
        physical_id: &str,
        properties: &Value,
    ) -> Result<Option<Value>, Failure> {
        let Some(found) = at
            .find("events", "DescribeRule", named("Name", physical_id))
            .await?
        else {
            return Ok(None);
        };
        let mut live = pick(
            &found,
            &[
                "Arn",
                "Description",
                "EventBusName",
                "Name",
                "RoleArn",
                "ScheduleExpression",
                "State",
            ],
        );
        set_some(&mut live, "RuleName", found.get("Name").cloned());
        // The bus as the template names it: by name or by ARN.
        let declared = text(properties, "EventBusName");
        if bus_name(declared) == text(&found, "EventBusName") && !declared.is_empty() {
            set(&mut live, "EventBusName", declared);
        }
        if let Some(pattern) = found.get("EventPattern").and_then(Value::as_str) {
            set(&mut live, "EventPattern", parsed(pattern));
        }
        let targets = at
            .pages(
                "events",
                "ListTargetsByRule",
                named("Rule", physical_id),
                "Targets",
                "NextToken",
            )
            .await?;
        let targets = targets.iter().map(|target| translate(target, &NAMES_BACK));
        set(&mut live, "Targets", targets.collect::<Value>());
        let input = json!({ "ResourceARN": text(&found, "Arn") });
        let tags = at
            .find("events", "ListTagsForResource", input)
            .await?
            .unwrap_or_default();
        set(&mut live, "Tags", items(&tags, "Tags"));
        Ok(Some(live))
    }

    async fn list(&self, at: &At<'_>) -> Result<Vec<String>, Failure> {
        let mut ids = Vec::new();
        for bus in at
            .pages(
                "events",
                "ListEventBuses",
                json!({}),
                "EventBuses",
                "NextToken",
            )
            .await?
        {
            let bus = text(&bus, "Name");
            let input = json!({ "EventBusName": bus });
            let rules = at
                .pages("events", "ListRules", input, "Rules", "NextToken")
                .await?;
            ids.extend(
                rules
                    .iter()
                    .map(|rule| physical_id(bus, text(rule, "Name"))),
            );
        }
        Ok(ids)
    }

    /// The identifier is the ARN: `…:rule/name` or `…:rule/bus/name`.
    fn physical_id(&self, identifier: &str) -> String {
        let rule = identifier
            .split_once(":rule/")
            .map_or(identifier, |(_, rule)| rule);
        match rule.rsplit_once('/') {
            Some((bus, name)) => physical_id(bus, name),
            None => rule.to_owned(),
        }
    }
}

fn physical_id(bus: &str, name: &str) -> String {
    match bus {
        "" | "default" => name.to_owned(),
        bus => format!("{bus}|{name}"),
    }
}

/// `default` where none is given; an ARN's last part.
pub(super) fn bus_name(declared: &str) -> &str {
    match declared.rsplit('/').next().unwrap_or_default() {
        "" => "default",
        name => name,
    }
}

/// The rule as `DescribeRule` (`Name`) and `PutTargets` (`Rule`) want it.
fn named(member: &str, physical_id: &str) -> Value {
    let (bus, name) = physical_id
        .split_once('|')
        .unwrap_or(("default", physical_id));
    json!({ member: name, "EventBusName": bus })
}

async fn put(
    at: &At<'_>,
    physical_id: &str,
    properties: &Value,
    tags: &[Value],
) -> Result<Value, Failure> {
    let mut input = pick(
        properties,
        &["Description", "RoleArn", "ScheduleExpression", "State"],
    );
    extend(&mut input, named("Name", physical_id));
    let pattern = properties
        .get("EventPattern")
        .map(|pattern| json!(document(pattern)));
    set_some(&mut input, "EventPattern", pattern);
    if !tags.is_empty() {
        set(&mut input, "Tags", tags);
    }
    at.call("events", "PutRule", input).await
}

async fn change_targets(
    at: &At<'_>,
    physical_id: &str,
    before: &Value,
    after: &Value,
) -> Result<(), Failure> {
    let (old, new) = (items(before, "Targets"), items(after, "Targets"));
    let ids = |list: &[Value]| -> Vec<String> {
        list.iter().map(|one| text(one, "Id").to_owned()).collect()
    };
    let stay = ids(new);
    let gone: Vec<String> = ids(old)
        .into_iter()
        .filter(|id| !stay.contains(id))
        .collect();
    if !gone.is_empty() {
        let mut input = named("Rule", physical_id);
        set(&mut input, "Ids", gone);
        failed(at.call("events", "RemoveTargets", input).await?)?;
    }
    let put = only_in(new, old);
    if !put.is_empty() {
        let mut input = named("Rule", physical_id);
        let targets = put.iter().map(|target| translate(target, &NAMES));
        set(&mut input, "Targets", targets.collect::<Value>());
        failed(at.call("events", "PutTargets", input).await?)?;
    }
    Ok(())
}

/// Single targets fail inside a successful answer.
fn failed(answer: Value) -> Result<(), Failure> {
    match items(&answer, "FailedEntries").first() {
        Some(entry) => Err(Failure::invalid(format!(
            "{}: {}",
            text(entry, "ErrorCode"),
            text(entry, "ErrorMessage")
        ))),
        None => Ok(()),
    }
}
