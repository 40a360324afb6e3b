//! CreateEventBus, DescribeEventBus, UpdateEventBus, DeleteEventBus, ListEventBuses.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Inner;
use super::state::{Bus, DEFAULT, bus_name, not_found, rule_key};
use crate::page::page;
use crate::params::Params;
use crate::{AwsError, Call, Scope};

const SETTINGS: &[&str] = &["KmsKeyIdentifier", "DeadLetterConfig", "LogConfig"];

impl Inner {
    pub(super) fn bus(&self, scope: &Scope, name: &str) -> Result<Bus, AwsError> {
        match self.buses.get(&scope.key(name)) {
            Some(bus) => Ok(bus),
            None if name == DEFAULT => Ok(Bus {
                name: name.to_owned(),
                scope: scope.clone(),
                description: None,
                policy: None,
                settings: BTreeMap::new(),
                tags: BTreeMap::new(),
                created: jiff::Timestamp::UNIX_EPOCH,
                modified: jiff::Timestamp::UNIX_EPOCH,
            }),
            None => Err(not_found(format!("Event bus {name} does not exist."))),
        }
    }

    pub(super) fn create_event_bus(&self, call: &Call) -> Result<Value, AwsError> {
        let name = call.input.text("Name").unwrap_or_default();
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/".contains(&byte);
        if name.is_empty() || name.len() > 256 || !name.bytes().all(good) || name.contains('/') {
            return Err(AwsError::validation(format!(
                "Event bus name {name} is not valid: names have letters, digits, dots, hyphens and underscores."
            )));
        }
        let now = self.aws.clock().now();
        let bus = Bus {
            name: name.to_owned(),
            scope: call.scope.clone(),
            description: call.input.text("Description").map(str::to_owned),
            policy: None,
            settings: settings(&call.input),
            tags: crate::tags::given(&call.input),
            created: now,
            modified: now,
        };
        let answer = summary(&bus);
        if name == DEFAULT || !self.buses.insert(&call.scope.key(name), bus) {
            let message = format!("Event bus {name} already exists.");
            return Err(AwsError::new("ResourceAlreadyExistsException", message));
        }
        let mut output = json!({ "EventBusArn": answer["Arn"] });
        for name in ["Description"].iter().chain(SETTINGS) {
            if let Some(value) = call.input.member(name) {
                output[*name] = value.clone();
            }
        }
        Ok(output)
    }

    pub(super) fn describe_event_bus(&self, call: &Call) -> Result<Value, AwsError> {
        let bus = self.bus(&call.scope, bus_name(call, "Name"))?;
        Ok(summary(&bus))
    }

    pub(super) fn update_event_bus(&self, call: &Call) -> Result<Value, AwsError> {
        let mut bus = self.bus(&call.scope, bus_name(call, "Name"))?;
        bus.settings.extend(settings(&call.input));
        if let Some(description) = call.input.text("Description") {
            bus.description = Some(description.to_owned());
        }
        bus.modified = self.aws.clock().now();
        let mut answer = summary(&bus);
        // An update does not answer its time.
        if let Value::Object(members) = &mut answer {
            members.retain(|name, _| !name.ends_with("Time") && name != "Policy");
        }
        self.buses.put(&bus.scope.key(&bus.name), bus);
        Ok(answer)
    }

    pub(super) fn delete_event_bus(&self, call: &Call) -> Result<Value, AwsError> {
        let name = bus_name(call, "Name");
        if name == DEFAULT {
            return Err(AwsError::validation("Cannot delete event bus default."));
        }
        let rules = self.rules.scan(&rule_key(&call.scope, name, ""));
        if !rules.is_empty() {
            return Err(AwsError::validation(
                "Event bus can't be deleted since it has rules.",
            ));
        }
        self.buses.remove(&call.scope.key(name));
        Ok(json!({}))
    }

    pub(super) fn list_event_buses(&self, call: &Call) -> Result<Value, AwsError> {
        let prefix = call.input.text("NamePrefix").unwrap_or_default();
        let mut buses = self.buses.scan(&call.scope.key(prefix));
        if DEFAULT.starts_with(prefix) && !self.buses.contains(&call.scope.key(DEFAULT)) {
            let bus = self.bus(&call.scope, DEFAULT)?;
            buses.push((call.scope.key(DEFAULT), bus));
            buses.sort_by(|one, two| one.0.cmp(&two.0));
        }
        let shown = buses.into_iter().map(|(_, bus)| summary(&bus)).collect();
        list(call, "EventBuses", shown, "Name")
    }
}

fn settings(input: &Value) -> BTreeMap<String, Value> {
    let given = SETTINGS.iter();
    given
        .filter_map(|name| Some(((*name).to_owned(), input.member(name)?.clone())))
        .collect()
}

fn summary(bus: &Bus) -> Value {
    let mut shown = json!({
        "Name": bus.name,
        "Arn": bus.arn(),
        "CreationTime": bus.created,
        "LastModifiedTime": bus.modified,
    });
    if let Some(description) = &bus.description {
        shown["Description"] = json!(description);
    }
    if let Some(policy) = &bus.policy {
        shown["Policy"] = json!(policy);
    }
    for (name, value) in &bus.settings {
        shown[name.as_str()] = value.clone();
    }
    shown
}

/// A page of a list under `member`, sorted by the items' `name` member.
pub(super) fn list(
    call: &Call,
    member: &str,
    items: Vec<Value>,
    name: &str,
) -> Result<Value, AwsError> {
    let limit = call.input.number("Limit").unwrap_or(100).clamp(1, 100);
    let limit = usize::try_from(limit).unwrap_or(100);
    let key = |item: &Value| match item {
        Value::String(text) => text.clone(),
        item => item.text(name).unwrap_or_default().to_owned(),
    };
    let shown = page(items, key, call.input.text("NextToken"), limit);
    let (items, next) = shown.ok_or_else(|| AwsError::validation("Token is not valid."))?;
    let mut output = json!({ member: items });
    if let Some(next) = next {
        output["NextToken"] = json!(next);
    }
    Ok(output)
}
