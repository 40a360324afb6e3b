//! One operation on one stack: where it stands, what it writes down.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use awsapi::AwsError;
use serde_json::{Value, json};

use crate::cloudformation::CloudFormation;
use crate::cloudformation::secret::{masked, secrets};
use crate::cloudformation::stack::{Live, Stack, StackResource};
use crate::cloudformation::state::Event;
use crate::cloudformation::status::{ResourceStatus, StackStatus};
use crate::cloudformation::template::{Faults, Instance, Template, World};
use crate::resources::Context;

/// An operation that goes on.
pub(crate) struct Run {
    pub(super) cfn: Arc<CloudFormation>,
    pub(super) key: String,
    /// Set when a resource failed: others that are being made count as cancelled.
    pub(super) stopped: AtomicBool,
}

impl Run {
    pub(super) fn new(cfn: &Arc<CloudFormation>, key: String) -> Self {
        Self {
            cfn: Arc::clone(cfn),
            key,
            stopped: AtomicBool::new(false),
        }
    }

    /// The stack as it is stored now.
    pub(super) fn stack(&self) -> Result<Stack, String> {
        let found = self.cfn.state.stacks.get(&self.key);
        found.ok_or_else(|| "the stack is gone".to_owned())
    }

    /// The resources of the current deployment.
    pub(super) fn instance(&self) -> Result<Instance, String> {
        let stack = self.stack()?;
        let read = || -> Result<Instance, Faults> {
            let template = Template::parse(&stack.current.template)?;
            let world = World {
                scope: stack.scope.clone(),
                stack_name: stack.name.clone(),
                stack_id: stack.id.clone(),
                notification_arns: stack.current.notification_arns.clone(),
            };
            Instance::new(&template, &stack.current.parameters, world)
        };
        read().map_err(|faults| AwsError::from(faults).message)
    }

    pub(super) fn resources(&self) -> Vec<StackResource> {
        self.cfn.state.resources_of(&self.key)
    }

    pub(super) fn resource(&self, logical: &str) -> Option<StackResource> {
        self.cfn.state.resources.get(&self.resource_key(logical))
    }

    pub(super) fn resource_key(&self, logical: &str) -> String {
        format!("{}/{logical}", self.key)
    }

    /// Changes a resource's row.
    pub(super) fn change(&self, logical: &str, change: impl FnOnce(&mut StackResource)) {
        let key = self.resource_key(logical);
        self.cfn.state.resources.update(&key, change);
    }

    /// Whether somebody wants the operation stopped.
    pub(super) fn is_cancelled(&self) -> bool {
        let cancelled = self
            .cfn
            .state
            .stacks
            .with(&self.key, |stack| stack.cancelled);
        cancelled.unwrap_or_default()
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// What handlers are told.
    pub(super) fn context(&self, stack: &Stack, logical: &str, live: &Live) -> Context {
        context(stack, logical, live)
    }

    /// Sets a resource's status and writes the event. Without a `live` instance of its own the
    /// one of the row is shown.
    pub(super) fn resource_status(
        &self,
        logical: &str,
        status: ResourceStatus,
        reason: Option<&str>,
    ) {
        let now = self.cfn.aws.clock().now();
        self.change(logical, |resource| {
            resource.status = status;
            resource.reason = reason.map(str::to_owned);
            resource.updated = now;
        });
        if let Some(resource) = self.resource(logical) {
            self.resource_event(logical, &resource.live, status, reason);
        }
    }

    /// Writes an event about an instance of a resource.
    pub(super) fn resource_event(
        &self,
        logical: &str,
        live: &Live,
        status: ResourceStatus,
        reason: Option<&str>,
    ) {
        let Ok(stack) = self.stack() else { return };
        // Masked before it is written: a later deployment no longer knows the value.
        let mut hidden = secrets(&stack.current);
        hidden.extend(stack.previous.iter().flat_map(|one| secrets(one)));
        let event = Event {
            id: format!("{logical}-{}-{}", status.text(), self.cfn.aws.ids().uuid()),
            logical: logical.to_owned(),
            physical: live.physical.clone(),
            kind: live.kind.clone(),
            status: status.text().to_owned(),
            reason: reason.map(str::to_owned),
            at: self.cfn.aws.clock().now(),
            properties: Some(masked(&live.properties, &hidden)),
            token: stack.token.clone(),
        };
        self.cfn.tell(&stack, event);
    }

    /// Sets the stack's status and writes the event.
    pub(super) fn stack_status(&self, status: StackStatus, reason: Option<&str>) {
        self.cfn.set_stack_status(&self.key, status, reason);
    }
}

/// What handlers are told about a resource.
pub(crate) fn context(stack: &Stack, logical: &str, live: &Live) -> Context {
    let mut context = Context::new(stack.scope.clone(), live.kind.clone());
    context.logical_id = logical.to_owned();
    context.stack_name = Some(stack.name.clone());
    context.stack_id = Some(stack.id.clone());
    context.tags.clone_from(&live.tags);
    context
}

impl CloudFormation {
    /// Sets a stack's status and writes the event.
    pub(crate) fn set_stack_status(&self, key: &str, status: StackStatus, reason: Option<&str>) {
        let now = self.aws.clock().now();
        let changed = self.state.stacks.update(key, |stack| {
            stack.status = status;
            stack.reason = reason.map(str::to_owned);
            if status == StackStatus::DeleteComplete {
                stack.deleted = Some(now);
            }
            stack.clone()
        });
        let Some(stack) = changed else { return };
        let event = Event {
            id: self.aws.ids().uuid(),
            logical: stack.name.clone(),
            physical: Some(stack.id.clone()),
            kind: "AWS::CloudFormation::Stack".to_owned(),
            status: status.text().to_owned(),
            reason: reason.map(str::to_owned),
            at: now,
            properties: None,
            token: stack.token.clone(),
        };
        self.tell(&stack, event);
        self.announce(&stack);
    }

    /// Sends the "Stack Status Change" event of a stack ("EventBridge events" in the CloudFormation
    /// user guide).
    fn announce(&self, stack: &Stack) {
        let detail = json!({
            "stack-id": stack.id,
            "status-details": {
                "status": stack.status.text(),
                "status-reason": stack.reason.as_deref().unwrap_or_default(),
            },
            "client-request-token": stack.token,
        });
        let entry = json!({
            "Source": "aws.cloudformation",
            "DetailType": "CloudFormation Stack Status Change",
            "Resources": [stack.id],
            "Time": self.aws.clock().now(),
            "Detail": detail.to_string(),
        });
        self.announcer.send(&stack.scope, entry);
    }

    /// Writes an event down and sends it to the stack's topics.
    pub(crate) fn tell(&self, stack: &Stack, event: Event) {
        for topic in &stack.current.notification_arns {
            let message = notification(stack, &event);
            let (aws, scope, topic) = (self.aws.clone(), stack.scope.clone(), topic.clone());
            self.aws.spawn(async move {
                let input = json!({
                    "TopicArn": topic,
                    "Subject": "AWS CloudFormation Notification",
                    "Message": message,
                });
                if let Err(error) = aws.call(&scope, "sns", "Publish", input).await {
                    tracing::warn!(topic, %error, "a stack event could not be published");
                }
            });
        }
        self.state.add_event(&stack.key(), event);
    }
}

fn notification(stack: &Stack, event: &Event) -> String {
    let properties = event.properties.as_ref().map(Value::to_string);
    let lines = [
        ("StackId", stack.id.as_str()),
        ("Timestamp", &event.at.to_string()),
        ("EventId", &event.id),
        ("LogicalResourceId", &event.logical),
        ("Namespace", &stack.scope.account),
        (
            "PhysicalResourceId",
            event.physical.as_deref().unwrap_or_default(),
        ),
        (
            "ResourceProperties",
            properties.as_deref().unwrap_or("null"),
        ),
        ("ResourceStatus", &event.status),
        (
            "ResourceStatusReason",
            event.reason.as_deref().unwrap_or_default(),
        ),
        ("ResourceType", &event.kind),
        ("StackName", &stack.name),
        (
            "ClientRequestToken",
            event.token.as_deref().unwrap_or("null"),
        ),
    ];
    lines
        .iter()
        .map(|(name, value)| format!("{name}='{value}'\n"))
        .collect()
}
