//! PutRule, DescribeRule, EnableRule, DisableRule, DeleteRule, ListRules.

use serde_json::{Value, json};

use super::state::{DEFAULT, Rule, bus_name, not_found, rule_key};
use super::{Inner, event_pattern, schedule};
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    /// The rule that a member names.
    pub(super) fn rule(&self, call: &Call, member: &str) -> Result<Rule, AwsError> {
        let name = call.input.text(member).unwrap_or_default();
        let bus = bus_name(call, "EventBusName");
        let found = self.rules.get(&rule_key(&call.scope, bus, name));
        found.ok_or_else(|| not_found(format!("Rule {name} does not exist on EventBus {bus}.")))
    }

    pub(super) fn put_rule(&self, call: &Call) -> Result<Value, AwsError> {
        let input = &call.input;
        let name = input.text("Name").unwrap_or_default();
        let good = |byte: u8| byte.is_ascii_alphanumeric() || b"._-".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(good) {
            return Err(AwsError::validation(format!(
                "1 validation error detected: Value '{name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"
            )));
        }
        let bus = self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        let pattern = input.filled("EventPattern");
        let expression = input.filled("ScheduleExpression");
        if pattern.is_none() && expression.is_none() {
            return Err(AwsError::validation(
                "Parameter(s) EventPattern or ScheduleExpression must be specified.",
            ));
        }
        if let Some(pattern) = pattern {
            event_pattern::compile(pattern)?;
        }
        if expression.is_some() && bus.name != DEFAULT {
            return Err(AwsError::validation(
                "ScheduleExpression is supported only on the default event bus.",
            ));
        }
        let state = input.filled("State").unwrap_or("ENABLED");
        let states = [
            "ENABLED",
            "DISABLED",
            "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS",
        ];
        if !states.contains(&state) {
            return Err(AwsError::validation("Parameter State is not valid."));
        }
        let now = self.aws.clock().now();
        let key = rule_key(&call.scope, &bus.name, name);
        let before = self.rules.get(&key);
        let mut rule = Rule {
            name: name.to_owned(),
            bus: bus.name,
            scope: call.scope.clone(),
            pattern: pattern.map(str::to_owned),
            schedule: expression.map(str::to_owned),
            state: state.to_owned(),
            description: input.text("Description").map(str::to_owned),
            role: input.filled("RoleArn").map(str::to_owned),
            targets: Vec::new(),
            tags: crate::tags::given(input),
            anchor: now,
            next: None,
        };
        if let Some(before) = before {
            // Targets stay, and tags are set only when a rule is made.
            rule.targets = before.targets;
            rule.tags = before.tags;
            if before.schedule == rule.schedule && before.state == rule.state {
                rule.anchor = before.anchor;
            }
        }
        rule.next = schedule::next(&rule, now)?;
        let arn = rule.arn();
        self.rules.put(&key, rule);
        self.schedules_changed.notify_one();
        Ok(json!({ "RuleArn": arn }))
    }

    pub(super) fn describe_rule(&self, call: &Call) -> Result<Value, AwsError> {
        let rule = self.rule(call, "Name")?;
        let mut shown = summary(&rule);
        shown["CreatedBy"] = json!(rule.scope.account);
        Ok(shown)
    }

    pub(super) fn set_state(&self, call: &Call, state: &str) -> Result<Value, AwsError> {
        let mut rule = self.rule(call, "Name")?;
        let now = self.aws.clock().now();
        if rule.state != state {
            state.clone_into(&mut rule.state);
            rule.anchor = now;
            rule.next = schedule::next(&rule, now)?;
            self.rules.put(&rule.key(), rule);
            self.schedules_changed.notify_one();
        }
        Ok(json!({}))
    }

    pub(super) fn delete_rule(&self, call: &Call) -> Result<Value, AwsError> {
        // Deleting what is not there succeeds, on a bus that is.
        self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        let Ok(rule) = self.rule(call, "Name") else {
            return Ok(json!({}));
        };
        if !rule.targets.is_empty() {
            return Err(AwsError::validation(
                "Rule can't be deleted since it has targets.",
            ));
        }
        self.rules.remove(&rule.key());
        Ok(json!({}))
    }

    pub(super) fn list_rules(&self, call: &Call) -> Result<Value, AwsError> {
        let bus = self.bus(&call.scope, bus_name(call, "EventBusName"))?;
        let prefix = call.input.text("NamePrefix").unwrap_or_default();
        let rules = self.rules.scan(&rule_key(&call.scope, &bus.name, prefix));
        let shown = rules.into_iter().map(|(_, rule)| summary(&rule)).collect();
        super::bus::list(call, "Rules", shown, "Name")
    }
}

fn summary(rule: &Rule) -> Value {
    let mut shown = json!({
        "Name": rule.name,
        "Arn": rule.arn(),
        "State": rule.state,
        "EventBusName": rule.bus,
    });
    for (name, value) in [
        ("EventPattern", &rule.pattern),
        ("ScheduleExpression", &rule.schedule),
        ("Description", &rule.description),
        ("RoleArn", &rule.role),
    ] {
        if let Some(value) = value {
            shown[name] = json!(value);
        }
    }
    shown
}
