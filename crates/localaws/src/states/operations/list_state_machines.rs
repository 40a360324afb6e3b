//! `ListStateMachines`.

use asl::Kind;
use serde_json::{Value, json};

use crate::states::input::Input;
use crate::states::page::Page;
use crate::states::{States, arn};
use crate::{AwsError, Scope};

pub(super) fn run(states: &States, scope: &Scope, input: Input<'_>) -> Result<Value, AwsError> {
    let page = Page::of(input, "machines", 1024)?;
    let all = states.machines.rows().scan(&arn::state_machine(scope, ""));
    let (part, next) = page.cut(all);
    let machines = part.into_iter().map(|(arn, machine)| {
        json!({
            "stateMachineArn": arn,
            "name": machine.name,
            "type": match machine.kind {
                Kind::Standard => "STANDARD",
                Kind::Express => "EXPRESS",
            },
            "creationDate": machine.created.to_string(),
        })
    });
    let mut out = json!({ "stateMachines": machines.collect::<Value>() });
    if let Some(next) = next {
        out["nextToken"] = next.into();
    }
    Ok(out)
}
