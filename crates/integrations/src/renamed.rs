//! Actions that stand for an operation of another name, with parameters of their own: those of
//! Amazon EMR. "Create and manage Amazon EMR clusters with Step Functions" in the developer guide.

use awsapi::Operation;
use awsapi::states::{Fault, Integration, check, resolve};
use serde_json::{Map, Value, json};

use crate::{COMPUTED, is_computed};

/// An action and what it does.
#[derive(Debug)]
pub struct Renamed {
    service: &'static str,
    action: &'static str,
    /// The operation, spelled as an action.
    operation: &'static str,
    /// None: those of the operation.
    members: Option<&'static [Member]>,
    by_name: Option<ByName>,
    /// A member of the answer, whether it is a list of one, and its name in the result.
    result: Option<(&'static str, bool, &'static str)>,
}

#[derive(Debug)]
struct Member {
    name: &'static str,
    required: bool,
    to: To,
}

/// Where a parameter goes.
#[derive(Debug)]
enum To {
    Member(&'static str),
    /// As the one item of a list.
    List(&'static str),
    /// Nowhere: what it names is looked up.
    Lookup,
}

/// What is named and has to be found by its name first.
#[derive(Debug)]
pub struct ByName {
    /// The action that lists all of them; it takes a `ClusterId`.
    pub list: &'static str,
    /// Where its answer has them.
    pub items: &'static str,
    /// The parameter that holds the name.
    pub name: &'static str,
    /// The member for the id.
    pub id: &'static str,
}

const fn needs(name: &'static str, to: To) -> Member {
    Member {
        name,
        required: true,
        to,
    }
}

const CLUSTERS: Member = needs("ClusterId", To::List("JobFlowIds"));
const CLUSTER: Member = needs("ClusterId", To::Member("ClusterId"));
const EMR: &str = "elasticmapreduce";

#[rustfmt::skip] // a table
static ALL: &[Renamed] = &[
    Renamed { service: EMR, action: "createCluster", operation: "runJobFlow",
        members: None, by_name: None, result: Some(("JobFlowId", false, "ClusterId")) },
    Renamed { service: EMR, action: "terminateCluster", operation: "terminateJobFlows",
        members: Some(&[CLUSTERS]), by_name: None, result: None },
    Renamed { service: EMR, action: "setClusterTerminationProtection", operation: "setTerminationProtection",
        members: Some(&[CLUSTERS, needs("TerminationProtected", To::Member("TerminationProtected"))]),
        by_name: None, result: None },
    Renamed { service: EMR, action: "addStep", operation: "addJobFlowSteps",
        members: Some(&[
            needs("ClusterId", To::Member("JobFlowId")),
            needs("Step", To::List("Steps")),
            Member { name: "ExecutionRoleArn", required: false, to: To::Member("ExecutionRoleArn") }]),
        by_name: None, result: Some(("StepIds", true, "StepId")) },
    Renamed { service: EMR, action: "cancelStep", operation: "cancelSteps",
        members: Some(&[CLUSTER, needs("StepId", To::List("StepIds"))]),
        by_name: None, result: Some(("CancelStepsInfoList", true, "CancelStepsInfo")) },
    Renamed { service: EMR, action: "modifyInstanceFleetByName", operation: "modifyInstanceFleet",
        members: Some(&[CLUSTER,
            needs("InstanceFleetName", To::Lookup), needs("InstanceFleet", To::Member("InstanceFleet"))]),
        by_name: Some(ByName { list: "listInstanceFleets", items: "InstanceFleets",
            name: "InstanceFleetName", id: "InstanceFleetId" }),
        result: None },
    Renamed { service: EMR, action: "modifyInstanceGroupByName", operation: "modifyInstanceGroups",
        members: Some(&[CLUSTER,
            needs("InstanceGroupName", To::Lookup), needs("InstanceGroup", To::List("InstanceGroups"))]),
        by_name: Some(ByName { list: "listInstanceGroups", items: "InstanceGroups",
            name: "InstanceGroupName", id: "InstanceGroupId" }),
        result: None },
];

/// The action, if it has another name in the API.
#[must_use]
pub fn renamed(service: &str, action: &str) -> Option<&'static Renamed> {
    ALL.iter()
        .find(|renamed| renamed.service == service && renamed.action == action)
}

impl Renamed {
    /// The operation's name, spelled as an action.
    #[must_use]
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// What has to be looked up before, if anything.
    #[must_use]
    pub fn by_name(&self) -> Option<&ByName> {
        self.by_name.as_ref()
    }

    /// The operation's parameters; `id` is that of what is named.
    #[must_use]
    pub fn parameters(&self, given: &Value, id: Option<&str>) -> Value {
        let Some(members) = self.members else {
            return given.clone();
        };
        let mut out = Map::new();
        for member in members {
            let Some(value) = given.get(member.name) else {
                continue;
            };
            let mut value = value.clone();
            if let (Some(by_name), Some(id), Value::Object(inner)) = (&self.by_name, id, &mut value)
            {
                inner.insert(by_name.id.to_owned(), id.into());
            }
            match member.to {
                To::Member(name) => out.insert(name.to_owned(), value),
                To::List(name) => out.insert(name.to_owned(), json!([value])),
                To::Lookup => None,
            };
        }
        Value::Object(out)
    }

    /// The action's result by the operation's.
    #[must_use]
    pub fn result(&self, mut answer: Value) -> Value {
        if let (Some((from, is_list, to)), Value::Object(members)) = (self.result, &mut answer) {
            let value = members.shift_remove(from);
            let value = match value {
                Some(Value::Array(mut items)) if is_list && !items.is_empty() => {
                    Some(items.swap_remove(0))
                }
                value => value,
            };
            if let Some(value) = value {
                members.insert(to.to_owned(), value);
            }
        }
        answer
    }

    pub(crate) fn resolved(&self) -> Option<Operation> {
        resolve(self.service, self.operation, Integration::Optimised)
    }

    /// All that is wrong with the parameters.
    pub(crate) fn check(&self, given: &Value) -> Vec<Fault> {
        let Some(operation) = self.resolved() else {
            return Vec::new();
        };
        let Some(members) = self.members else {
            let mut faults = check(operation, Integration::Optimised, given);
            if given.get("Steps").is_some() {
                faults.push(unknown("Steps"));
            }
            return faults;
        };
        if is_computed(given) {
            return Vec::new();
        }
        let mut faults: Vec<Fault> = given
            .as_object()
            .into_iter()
            .flatten()
            .filter(|(name, _)| !members.iter().any(|member| member.name == *name))
            .map(|(name, _)| unknown(name))
            .collect();
        for member in members.iter().filter(|member| member.required) {
            if given.get(member.name).is_none() {
                faults.push(Fault {
                    pointer: String::new(),
                    message: format!("The field '{}' is required but was missing", member.name),
                });
            }
        }
        let sent = self.parameters(given, Some(COMPUTED));
        let inner = check(operation, Integration::Optimised, &sent);
        faults.extend(inner.into_iter().filter_map(|fault| back(members, fault)));
        faults
    }
}

/// A fault of the operation's parameters, at the place where it was written. What the operation
/// as a whole misses was told already.
fn back(members: &[Member], fault: Fault) -> Option<Fault> {
    let found = members.iter().find_map(|member| {
        let sent = match member.to {
            To::Member(name) => format!("/{name}"),
            To::List(name) => format!("/{name}/0"),
            To::Lookup => return None,
        };
        let rest = fault.pointer.strip_prefix(&sent)?;
        let inside = rest.is_empty() || rest.starts_with('/');
        inside.then(|| format!("/{}{rest}", member.name))
    });
    found.map(|pointer| Fault {
        pointer,
        message: fault.message,
    })
}

fn unknown(name: &str) -> Fault {
    Fault {
        pointer: format!("/{name}"),
        message: format!("The field \"{name}\" is not supported by Step Functions"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_action_has_its_operation() {
        for renamed in ALL {
            assert!(renamed.resolved().is_some(), "{}", renamed.action);
            if let Some(by_name) = &renamed.by_name {
                let list = resolve(renamed.service, by_name.list, Integration::Optimised);
                assert!(list.is_some(), "{}", by_name.list);
            }
        }
    }

    #[test]
    fn parameters_and_results_are_translated() {
        let step = json!({ "Name": "s", "HadoopJarStep": { "Jar": "j" } });
        let given = json!({ "ClusterId": "c", "Step": step });
        let add = renamed(EMR, "addStep").unwrap();
        assert_eq!(add.check(&given), []);
        assert_eq!(
            add.parameters(&given, None),
            json!({ "JobFlowId": "c", "Steps": [step] })
        );
        assert_eq!(
            add.result(json!({ "StepIds": ["s-1"] })),
            json!({ "StepId": "s-1" })
        );
        let fleet = json!({ "ClusterId": "c", "InstanceFleetName": "f",
            "InstanceFleet": { "TargetSpotCapacity": 2 } });
        let modify = renamed(EMR, "modifyInstanceFleetByName").unwrap();
        assert_eq!(modify.check(&fleet), []);
        assert_eq!(
            modify.parameters(&fleet, Some("if-1")),
            json!({ "ClusterId": "c",
                "InstanceFleet": { "TargetSpotCapacity": 2, "InstanceFleetId": "if-1" } })
        );
    }

    #[test]
    fn faults_are_told_where_they_were_written() {
        let add = renamed(EMR, "addStep").unwrap();
        let wrong =
            json!({ "Cluster": "c", "Step": { "Name": "s", "HadoopJarStep": { "Class": "C" } } });
        let told = add.check(&wrong);
        let told: Vec<_> = told
            .iter()
            .map(|fault| (fault.pointer.as_str(), fault.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                (
                    "/Cluster",
                    "The field \"Cluster\" is not supported by Step Functions"
                ),
                ("", "The field 'ClusterId' is required but was missing"),
                (
                    "/Step/HadoopJarStep/Class",
                    "The field \"Class\" is not supported by Step Functions"
                ),
                (
                    "/Step/HadoopJarStep",
                    "The field 'Jar' is required but was missing"
                ),
            ]
        );
    }
}
