//! `ListExecutions`: of a machine, version, alias or map run, newest first.

use asl::Kind;
use serde_json::{Value, json};

use crate::AwsError;
use crate::states::arn::Arn;
use crate::states::execution::Execution;
use crate::states::input::Input;
use crate::states::page::Page;
use crate::states::{States, errors};

const STATUSES: [&str; 6] = [
    "SUCCEEDED",
    "TIMED_OUT",
    "PENDING_REDRIVE",
    "ABORTED",
    "FAILED",
    "RUNNING",
];

pub(super) fn run(states: &States, input: Input<'_>) -> Result<Value, AwsError> {
    let status = input.one_of("statusFilter", &STATUSES)?;
    let redriven = input.one_of("redriveFilter", &["REDRIVEN", "NOT_REDRIVEN"])?;
    let of = match (input.text("stateMachineArn"), input.text("mapRunArn")) {
        (Some(machine), None) => machine,
        (None, Some(map_run)) => map_run,
        _ => {
            return Err(AwsError::validation(
                "Either the state machine ARN or the map run ARN must be specified",
            ));
        }
    };
    let arn = Arn::parse(of, &["stateMachine", "mapRun"])?;
    let page = Page::of(input, &format!("executions of {of}"), 3096)?;
    let (list, qualifier) = if arn.kind == "mapRun" {
        states.map_runs.get(of)?;
        (of, None)
    } else {
        let machine = states.machines.resolve(of, 0)?.machine;
        if machine.kind == Kind::Express {
            return Err(errors::type_not_supported());
        }
        arn.qualifier()
    };
    let wanted = |row: &Execution| {
        let status = status.is_none_or(|status| row.public_status() == status);
        let redriven = match redriven {
            Some("REDRIVEN") => row.redrives().count > 0,
            Some(_) => row.redrives().count == 0,
            None => true,
        };
        let through = [&row.version_arn, &row.alias_arn];
        let through = through.iter().any(|arn| arn.as_deref() == Some(of));
        status && redriven && (qualifier.is_none() || through)
    };
    let mut all = Vec::new();
    for arn in states.executions.newest(list) {
        let rows = states.executions.rows();
        all.extend(
            rows.with(&arn, |row| wanted(row).then(|| row.summary()))
                .flatten(),
        );
    }
    let (part, next) = page.cut(all);
    let mut out = json!({ "executions": part });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
