//! A deployment as it stands: its stack, its state machine, the use case it carries.

use aws_sdk_cloudformation::types::Stack;

use crate::catalogue::{self, UseCase};
use crate::deploy::change_set;
use crate::failure::{Failure, Result};
use crate::stack;
use crate::target::Target;

/// A deployment.
#[derive(Debug)]
pub struct Deployed {
    /// Its name.
    pub name: String,
    /// Its stack.
    pub stack: Stack,
    /// The use case, where it was deployed as this program ships it.
    pub use_case: Option<&'static UseCase>,
}

impl Deployed {
    /// Finds a deployment by its name. A stack of that name that the program did not deploy is
    /// none.
    pub async fn find(target: &Target, name: &str) -> Result<Self> {
        stack::check_name(name)?;
        let (stack_name, flags) = (stack::stack_name(name), &target.flags);
        let Some(found) = change_set::find(target, &stack_name).await? else {
            let failure = Failure::new(format!(
                "`{name}` is not deployed in {} (there is no stack {stack_name})",
                target.region
            ));
            return Err(match catalogue::find(name) {
                Ok(case) => failure.help(format!(
                    "deploy it with: footwork deploy {}{flags}",
                    case.name
                )),
                Err(_) => failure.help(format!("`footwork status{flags}` shows all deployments")),
            });
        };
        if stack::tag(&found, stack::WORKFLOW_TAG).is_none() {
            return Err(Failure::new(format!(
                "the stack {stack_name} was not deployed by footwork: it has no tag {}",
                stack::WORKFLOW_TAG
            )));
        }
        Ok(Self::from_stack(name, found))
    }

    fn from_stack(name: &str, stack: Stack) -> Self {
        let workflow = stack::tag(&stack, stack::WORKFLOW_TAG);
        // A directory may have changed everything that the program knows of a workflow.
        let shipped = workflow.filter(|_| stack::tag(&stack, stack::SOURCE_TAG).is_none());
        let use_case = shipped.and_then(|workflow| catalogue::find(workflow).ok());
        Self {
            name: name.to_owned(),
            use_case,
            stack,
        }
    }

    /// All deployments of the account and region.
    pub async fn all(target: &Target) -> Result<Vec<Self>> {
        let mut pages = target
            .cloudformation
            .describe_stacks()
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| Failure::aws("list the stacks", error))?;
            for one in page.stacks.unwrap_or_default() {
                let Some(name) = one
                    .stack_name()
                    .and_then(stack::deployment_name)
                    .map(str::to_owned)
                else {
                    continue;
                };
                if stack::tag(&one, stack::WORKFLOW_TAG)
                    .is_some_and(|workflow| workflow != stack::BOOTSTRAP)
                {
                    found.push(Self::from_stack(&name, one));
                }
            }
        }
        found.sort_by(|one, two| one.name.cmp(&two.name));
        Ok(found)
    }

    /// Name of the use case, as tagged.
    pub fn workflow(&self) -> &str {
        stack::tag(&self.stack, stack::WORKFLOW_TAG).unwrap_or("unknown")
    }

    /// The container whose exit code counts, where the stack names one.
    pub fn container(&self) -> Option<&str> {
        stack::output(&self.stack, "ContainerName").filter(|name| !name.is_empty())
    }

    /// The table that holds the history, where the use case keeps one: also that of a workflow of
    /// one's own, whose template still says which one it was made from.
    pub fn history_table(&self) -> Option<&str> {
        let origin = || {
            let template = stack::output(&self.stack, "TemplateID")?;
            catalogue::find(template).ok()
        };
        let case = self.use_case.or_else(origin)?;
        stack::output(&self.stack, case.history?)
    }

    /// What runs are started on: the alias `live`, or the state machine itself.
    pub fn start_arn(&self) -> Result<&str> {
        stack::output(&self.stack, "StateMachineAliasArn").map_or_else(|| self.machine_arn(), Ok)
    }

    /// The state machine.
    pub fn machine_arn(&self) -> Result<&str> {
        stack::output(&self.stack, "StateMachineArn").ok_or_else(|| {
            let status = self
                .stack
                .stack_status()
                .map_or("unknown", |status| status.as_str());
            let failure = Failure::new(format!(
                "`{}` has no state machine to run (its stack is {status})",
                self.name
            ));
            if status.ends_with("_IN_PROGRESS") {
                return failure.help("wait until it is done");
            }
            failure.help(format!(
                "deploy it again: footwork deploy {} --name {}",
                self.workflow(),
                self.name
            ))
        })
    }
}
