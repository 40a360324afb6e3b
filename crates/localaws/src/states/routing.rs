//! Names and routing configurations of aliases.

use serde_json::Value;

use crate::AwsError;

use super::arn::Arn;
use super::errors;
use super::input::Input;
use super::machine::{Machine, Route};

/// Checks an alias's name: letters, digits, `-`, `_` and `.`, not digits alone.
pub(super) fn alias_name(input: Input<'_>) -> Result<&str, AwsError> {
    let name = input.required("name")?;
    input.limited("name", 80)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !name.chars().all(allowed) || name.chars().all(|c| c.is_ascii_digit()) {
        let pattern = r"^(?=.*[a-zA-Z_\-\.])[a-zA-Z0-9_\-\.]+$";
        let rule = format!("satisfy regular expression pattern: {pattern}");
        return Err(errors::constraint(name, "name", &rule));
    }
    Ok(name)
}

/// Reads a routing configuration and says which machine it is for.
pub(super) fn read(input: Input<'_>) -> Result<(String, Vec<Route>), AwsError> {
    let list = input.list("routingConfiguration");
    let mut routes = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let weight = Input(item)
            .number("weight", i64::MIN, i64::MAX)?
            .unwrap_or_default();
        let member = format!("routingConfiguration.{}.member.weight", index + 1);
        if weight > 100 {
            let rule = "have value less than or equal to 100";
            return Err(errors::constraint(&weight.to_string(), &member, rule));
        }
        let Ok(weight) = u64::try_from(weight) else {
            let rule = "have value greater than or equal to 0";
            return Err(errors::constraint(&weight.to_string(), &member, rule));
        };
        let version_arn = Input(item).required("stateMachineVersionArn")?.to_owned();
        routes.push(Route {
            version_arn,
            weight,
        });
    }
    let bound = match routes.len() {
        0 => Some("have length greater than or equal to 1"),
        1 | 2 => None,
        _ => Some("have length less than or equal to 2"),
    };
    if let Some(rule) = bound {
        let shown = |route: &Route| {
            let (arn, weight) = (&route.version_arn, route.weight);
            format!("RoutingConfigurationListItem(stateMachineVersionArn={arn}, weight={weight})")
        };
        let shown: Vec<String> = routes.iter().map(shown).collect();
        let value = format!("[{}]", shown.join(", "));
        return Err(errors::constraint(&value, "routingConfiguration", rule));
    }
    let arns: Vec<&str> = routes
        .iter()
        .map(|route| route.version_arn.as_str())
        .collect();
    let received = format!("Received: [{}]", arns.join(", "));
    let mut machines = Vec::new();
    for arn in &arns {
        match Arn::parse(arn, &["stateMachine"])?.qualifier() {
            (machine, Some(version)) if version.parse::<u64>().is_ok() => machines.push(machine),
            _ => {
                return Err(AwsError::validation(format!(
                    "Routing configuration must contain state machine version ARNs. {received}"
                )));
            }
        }
    }
    if let [first, second] = arns[..]
        && first == second
    {
        return Err(AwsError::validation(format!(
            "Routing configuration must contain distinct state machine version ARNs. {received}"
        )));
    }
    let machine = machines.first().copied().unwrap_or_default().to_owned();
    if machines.iter().any(|other| *other != machine) {
        return Err(AwsError::validation(format!(
            "Routing configuration must contain versions of one state machine. {received}"
        )));
    }
    let sum: u64 = routes.iter().map(|route| route.weight).sum();
    if sum != 100 {
        let weights: Value = routes.iter().map(|route| route.weight).collect();
        let weights = weights.to_string().replace(',', ", ");
        return Err(AwsError::validation(format!(
            "Sum of routing configuration weights must equal 100. Received: {weights}"
        )));
    }
    Ok((machine, routes))
}

/// Checks that the versions exist.
pub(super) fn check(machine: &Machine, routes: &[Route]) -> Result<(), AwsError> {
    let known = |route: &Route| {
        let number = route.version_arn.rsplit(':').next().unwrap_or_default();
        let own = route.version_arn.starts_with(&format!("{}:", machine.arn));
        own && machine.version(number).is_some()
    };
    if routes.iter().all(known) {
        Ok(())
    } else {
        Err(errors::no_such_reference())
    }
}
