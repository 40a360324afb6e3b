//! Makes an execution from a request to start one.

use std::sync::Arc;

use asl::Kind;

use crate::AwsError;

use super::arn::{self, Arn};
use super::execution::{Execution, Status};
use super::input::Input;
use super::{States, errors, json_text};

/// The execution that `StartExecution` or `StartSyncExecution` asks for.
pub(super) fn execution(states: &States, input: Input<'_>) -> Result<Execution, AwsError> {
    let machine_arn = input.required("stateMachineArn")?;
    let name = match input.text("name") {
        Some(_) => input.name("name")?.to_owned(),
        None => states.aws.ids().uuid(),
    };
    let trace_header = input.limited("traceHeader", 256)?.map(Box::from);
    let payload = input.payload("input")?.unwrap_or("{}");
    let target = states.machines.resolve(machine_arn, states.dice())?;
    if target.machine.deleting {
        return Err(errors::machine_deleting(machine_arn));
    }
    if payload.is_empty() {
        return Err(invalid_input("Invalid execution input."));
    }
    json_text::check(payload).map_err(|fault| invalid_input(&fault))?;
    let revision = states.machines.revision(&target.revision);
    let revision = revision.ok_or_else(|| errors::no_such_machine(machine_arn))?;
    let machine = target.machine;
    let scope = Arn::parse(&machine.arn, &["stateMachine"])?.scope();
    let arn = match machine.kind {
        Kind::Standard => arn::execution(&scope, &machine.name, &name),
        Kind::Express => arn::express(&scope, &machine.name, &name, &states.aws.ids().uuid()),
    };
    Ok(Execution {
        arn: arn.into(),
        machine_arn: machine.arn,
        version_arn: target.version_arn.map(Arc::from),
        alias_arn: target.alias_arn.map(Arc::from),
        revision: target.revision,
        kind: machine.kind,
        role_arn: Arc::clone(&revision.role_arn),
        input: payload.into(),
        trace_header,
        started: states.aws.clock().now(),
        order: states.next_order(),
        seed: states.aws.ids().u64(),
        status: Status::Running,
        stopped: None,
        output: None,
        error: None,
        cause: None,
        events: 0,
        redrives: None,
        parent: None,
    })
}

fn invalid_input(fault: &str) -> AwsError {
    AwsError::new(
        "InvalidExecutionInput",
        format!("Invalid State Machine Execution Input: '{fault}'"),
    )
}
