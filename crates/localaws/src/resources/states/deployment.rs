//! Gradual deployments of a state machine alias: the weight goes from the version before to the
//! new one at once, in equal steps (LINEAR), or in two (CANARY), and back when an alarm sounds.

use std::time::Duration;

use serde_json::{Value, json};

use crate::resources::values::{items, text, texts};
use crate::resources::{At, Code, Failure};

/// Sets the weights.
pub(super) async fn route(at: &At<'_>, alias: &str, routing: Value) -> Result<(), Failure> {
    let input = json!({ "stateMachineAliasArn": alias, "routingConfiguration": routing });
    at.call("stepfunctions", "UpdateStateMachineAlias", input)
        .await?;
    Ok(())
}

/// Shifts the alias to the version of the preference.
pub(super) async fn shift(at: &At<'_>, alias: &str, preference: &Value) -> Result<(), Failure> {
    let input = json!({ "stateMachineAliasArn": alias });
    let live = at
        .call("stepfunctions", "DescribeStateMachineAlias", input)
        .await?;
    let heaviest = items(&live, "routingConfiguration")
        .iter()
        .max_by_key(|one| one.get("weight").and_then(Value::as_u64));
    let old = heaviest.map_or("", |one| text(one, "stateMachineVersionArn"));
    let new = text(preference, "StateMachineVersionArn");
    let minutes = preference
        .get("Interval")
        .and_then(Value::as_u64)
        .unwrap_or(1);
    if old != new && !old.is_empty() {
        for weight in steps(preference) {
            let routing = json!([
                { "stateMachineVersionArn": old, "weight": 100 - weight },
                { "stateMachineVersionArn": new, "weight": weight },
            ]);
            route(at, alias, routing).await?;
            at.aws
                .clock()
                .sleep(Duration::from_secs(60 * minutes))
                .await;
            if let Some(alarm) = alarmed(at, preference).await? {
                route(at, alias, all_to(old)).await?;
                return Err(Failure::new(
                    Code::GeneralServiceException,
                    format!("Alarm {alarm} is in ALARM state; the alias was routed back to {old}"),
                ));
            }
        }
    }
    route(at, alias, all_to(new)).await
}

fn all_to(version: &str) -> Value {
    json!([{ "stateMachineVersionArn": version, "weight": 100 }])
}

/// Weights of the new version on the way to 100.
fn steps(preference: &Value) -> Vec<u64> {
    let percentage = preference
        .get("Percentage")
        .and_then(Value::as_u64)
        .unwrap_or(100)
        .max(1);
    match text(preference, "Type") {
        "LINEAR" => (1..)
            .map(|step| step * percentage)
            .take_while(|weight| *weight < 100)
            .collect(),
        "CANARY" if percentage < 100 => vec![percentage],
        _ => Vec::new(),
    }
}

async fn alarmed(at: &At<'_>, preference: &Value) -> Result<Option<String>, Failure> {
    let names = texts(preference, "Alarms");
    if names.is_empty() {
        return Ok(None);
    }
    let input = json!({ "AlarmNames": names, "StateValue": "ALARM" });
    let found = at.call("cloudwatch", "DescribeAlarms", input).await?;
    let alarm = items(&found, "MetricAlarms")
        .iter()
        .chain(items(&found, "CompositeAlarms"))
        .next();
    Ok(alarm.map(|alarm| text(alarm, "AlarmName").to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_on_the_way() {
        let steps =
            |kind: &str, percentage: u64| steps(&json!({ "Type": kind, "Percentage": percentage }));
        assert_eq!(steps("LINEAR", 30), [30, 60, 90]);
        assert_eq!(steps("CANARY", 10), [10]);
        assert!(steps("ALL_AT_ONCE", 100).is_empty());
    }
}
