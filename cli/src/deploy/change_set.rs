//! Change sets: planned, looked at, executed, watched.

use std::collections::HashSet;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudformation::error::ProvideErrorMetadata;
use aws_sdk_cloudformation::types::{
    Capability, Change as Planned, ChangeSetStatus, ChangeSetType, Parameter, ResourceStatus,
    Stack, StackEvent, StackStatus, Tag,
};

use crate::exit::Exit;
use crate::failure::{Failure, Result};
use crate::pace::Pace;
use crate::stack;
use crate::target::Target;
use crate::ui::{Mark, Ui, plain};

/// What a stack shall become.
#[derive(Debug)]
pub struct Change<'a> {
    /// Name of the stack.
    pub stack: &'a str,
    /// The template's text.
    pub template: String,
    /// Where the template lies, when it is too large to be sent along.
    pub template_url: Option<String>,
    /// Values of its parameters.
    pub parameters: Vec<Parameter>,
    /// Tags of the stack.
    pub tags: Vec<Tag>,
    /// What the template may make.
    pub capabilities: Vec<Capability>,
}

/// A change set that was made and waits.
#[derive(Debug)]
pub struct Plan {
    /// Id of the stack.
    pub stack_id: String,
    /// Id of the change set.
    pub id: String,
    /// Whether the stack is new.
    pub new: bool,
    /// What it would do.
    pub changes: Vec<Planned>,
}

/// The stack of a name, if there is one.
pub async fn find(target: &Target, name: &str) -> Result<Option<Stack>> {
    let found = target
        .cloudformation
        .describe_stacks()
        .stack_name(name)
        .send()
        .await;
    match found {
        Ok(found) => Ok(found.stacks.unwrap_or_default().into_iter().next()),
        // CloudFormation has no error code of its own for this.
        Err(error)
            if error
                .message()
                .is_some_and(|text| text.contains("does not exist")) =>
        {
            Ok(None)
        }
        Err(error) => Err(Failure::aws(&format!("look for the stack {name}"), error)),
    }
}

/// Makes a change set; `None` when nothing would change.
pub async fn create(target: &Target, change: &Change<'_>) -> Result<Option<Plan>> {
    let before = find(target, change.stack).await?;
    let new = match before.as_ref().and_then(Stack::stack_status) {
        None | Some(StackStatus::ReviewInProgress) => true,
        Some(status) => {
            refuse_stuck(status, change.stack, target)?;
            false
        }
    };
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let request = target
        .cloudformation
        .create_change_set()
        .stack_name(change.stack)
        .change_set_name(format!("footwork-{}", now.as_millis()))
        .change_set_type(if new {
            ChangeSetType::Create
        } else {
            ChangeSetType::Update
        })
        .set_parameters(Some(change.parameters.clone()))
        .set_tags(Some(change.tags.clone()))
        .set_capabilities(Some(change.capabilities.clone()));
    let request = match &change.template_url {
        Some(url) => request.template_url(url),
        None => request.template_body(&change.template),
    };
    let made = request
        .send()
        .await
        .map_err(|error| Failure::aws("plan the change", error))?;
    let (id, stack_id) = (
        made.id.unwrap_or_default(),
        made.stack_id.unwrap_or_default(),
    );
    let mut pace = Pace::new(target);
    loop {
        let mut changes = Vec::new();
        let mut pages = target
            .cloudformation
            .describe_change_set()
            .change_set_name(&id)
            .into_paginator()
            .send();
        let mut outcome = (None, None);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Failure::aws("read the planned change", error))?;
            changes.extend(page.changes.unwrap_or_default());
            outcome = (page.status, page.status_reason);
        }
        match outcome {
            (Some(ChangeSetStatus::CreateComplete), _) => {
                return Ok(Some(Plan {
                    stack_id,
                    id,
                    new,
                    changes,
                }));
            }
            (Some(ChangeSetStatus::Failed), reason) => {
                let reason = reason.unwrap_or_default();
                discard(target, &id, &stack_id, new).await;
                if reason.contains("didn't contain changes")
                    || reason.contains("No updates are to be performed")
                {
                    return Ok(None);
                }
                return Err(Failure::new(format!("the change cannot be made: {reason}")));
            }
            _ => pace.wait().await,
        }
    }
}

/// Refuses stacks that CloudFormation cannot update, and says the way out.
fn refuse_stuck(status: &StackStatus, stack_name: &str, target: &Target) -> Result<()> {
    let again = "then run the same command again";
    let delete = || {
        let name = stack::deployment_name(stack_name).unwrap_or(stack_name);
        format!("footwork delete {name}{}", target.flags)
    };
    match status {
        status if status.as_str().ends_with("_IN_PROGRESS") => Err(Failure::new(format!(
            "the stack {stack_name} is busy ({status})"
        ))
        .help(format!("wait until it is done, {again}"))),
        StackStatus::RollbackComplete | StackStatus::RollbackFailed => Err(Failure::new(format!(
            "the stack {stack_name} was never completed ({status}) and can only be deleted"
        ))
        .help(format!("`{}`, {again}", delete()))),
        StackStatus::DeleteFailed => Err(Failure::new(format!(
            "the stack {stack_name} is half deleted ({status})"
        ))
        .help(format!("`{}` tries again; {again}", delete()))),
        StackStatus::UpdateRollbackFailed => {
            let continued = "aws cloudformation continue-update-rollback --stack-name";
            Err(Failure::new(format!(
                "the stack {stack_name} is stuck in the rollback of an update ({status})"
            ))
            .help(format!("`{continued} {stack_name}`, {again}")))
        }
        _ => Ok(()),
    }
}

impl Plan {
    /// Asks whether to execute the plan; without a yes, it is discarded.
    pub async fn agreed(&self, target: &Target, ui: &Ui) -> Result<bool> {
        let answer = ui.confirm("execute?").await;
        if !matches!(answer, Ok(true)) {
            discard(target, &self.id, &self.stack_id, self.new).await;
            ui.mark(Mark::Note, "nothing was changed");
        }
        answer
    }
}

/// Takes a change set back that nobody wants any more, and with it the empty stack
/// (`REVIEW_IN_PROGRESS`) that CloudFormation made for it, if the stack is new. What cannot be
/// removed does no harm: the next deployment goes on from it.
pub async fn discard(target: &Target, id: &str, stack_id: &str, new: bool) {
    let client = &target.cloudformation;
    let _ = client.delete_change_set().change_set_name(id).send().await;
    if new {
        let _ = client.delete_stack().stack_name(stack_id).send().await;
    }
}

/// Executes a plan and shows its events until the stack rests.
pub async fn execute(target: &Target, plan: &Plan, ui: &Ui) -> Result<()> {
    let mut events = Events::after_now(target, &plan.stack_id).await?;
    let execution = target
        .cloudformation
        .execute_change_set()
        .change_set_name(&plan.id);
    execution
        .send()
        .await
        .map_err(|error| Failure::aws("execute the change", error))?;
    events.until_rest(target, ui).await
}

/// The events of a stack that have not been shown.
#[derive(Debug)]
pub struct Events {
    stack_id: String,
    seen: HashSet<String>,
    failures: Vec<String>,
}

impl Events {
    /// Events from now on.
    pub async fn after_now(target: &Target, stack_id: &str) -> Result<Self> {
        let mut events = Self {
            stack_id: stack_id.to_owned(),
            seen: HashSet::new(),
            failures: Vec::new(),
        };
        events.fresh(target).await?;
        Ok(events)
    }

    async fn fresh(&mut self, target: &Target) -> Result<Vec<StackEvent>> {
        let mut fresh = Vec::new();
        let mut pages = target
            .cloudformation
            .describe_stack_events()
            .stack_name(&self.stack_id)
            .into_paginator()
            .send();
        'pages: while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Failure::aws("read the stack's events", error))?;
            for event in page.stack_events.unwrap_or_default() {
                // Newest first: the first known one ends what is new.
                if self.seen.contains(event.event_id().unwrap_or_default()) {
                    break 'pages;
                }
                fresh.push(event);
            }
        }
        // Only now: what was read before a page failed will be read again.
        let ids = fresh.iter().filter_map(StackEvent::event_id);
        self.seen.extend(ids.map(str::to_owned));
        fresh.reverse();
        Ok(fresh)
    }

    /// Shows events until the stack rests; a failure says the first cause first.
    pub async fn until_rest(&mut self, target: &Target, ui: &Ui) -> Result<()> {
        let mut pace = Pace::new(target);
        loop {
            let fresh = pace.forgive(self.fresh(target).await)?.unwrap_or_default();
            if !fresh.is_empty() {
                pace.hurry();
            }
            for event in &fresh {
                self.show(event, ui);
                if let Some(good) = rests(event) {
                    return if good {
                        Ok(())
                    } else {
                        Err(self.failure(event))
                    };
                }
            }
            pace.wait().await;
        }
    }

    fn show(&mut self, event: &StackEvent, ui: &Ui) {
        let Some(status) = event.resource_status() else {
            return;
        };
        let status_text = status.as_str();
        let name = event.logical_resource_id().unwrap_or_default();
        let kind = event.resource_type().unwrap_or_default();
        if status_text.ends_with("_FAILED") {
            let reason = plain(event.resource_status_reason().unwrap_or("no reason given"));
            ui.mark(
                Mark::Bad,
                format!("{status_text:<22} {name} ({kind}): {reason}"),
            );
            if !reason.contains("cancelled") {
                self.failures.push(format!("{name} ({kind}): {reason}"));
            }
        } else if matches!(
            status,
            ResourceStatus::CreateComplete
                | ResourceStatus::UpdateComplete
                | ResourceStatus::DeleteComplete
        ) {
            ui.mark(Mark::Good, format!("{status_text:<22} {name} ({kind})"));
        } else if *status == ResourceStatus::DeleteSkipped {
            let id = event.physical_resource_id().unwrap_or_default();
            ui.mark(
                Mark::Note,
                format!("{status_text:<22} {id} ({kind}): kept with its data"),
            );
        }
    }

    fn failure(&self, last: &StackEvent) -> Failure {
        let status = last
            .resource_status()
            .map_or("failed", ResourceStatus::as_str);
        let name = last.logical_resource_id().unwrap_or_default();
        let cause = self
            .failures
            .first()
            .map_or("see its events", String::as_str);
        Failure::new(format!("the stack {name} ended as {status}: {cause}")).exit(Exit::Failed)
    }
}

/// Whether the event ends the operation on its stack, and whether well.
fn rests(event: &StackEvent) -> Option<bool> {
    if event.physical_resource_id() != event.stack_id() {
        return None;
    }
    let status = event.resource_status()?.as_str();
    match status {
        "CREATE_COMPLETE" | "UPDATE_COMPLETE" | "DELETE_COMPLETE" => Some(true),
        _ if status.ends_with("_COMPLETE") && !status.contains("CLEANUP") => Some(false),
        "CREATE_FAILED"
        | "DELETE_FAILED"
        | "UPDATE_FAILED"
        | "ROLLBACK_FAILED"
        | "UPDATE_ROLLBACK_FAILED" => Some(false),
        _ => None,
    }
}
