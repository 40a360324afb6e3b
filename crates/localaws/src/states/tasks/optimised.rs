//! Optimised integrations that add nothing to the API but metadata in the result:
//! `sqs:sendMessage`, `sns:publish`, `dynamodb:getItem`, `ecs:runTask`, `glue:startJobRun` and
//! their like.

use asl::Pattern;
use awsapi::Protocol;
use integrations::{ByName, Renamed};
use serde_json::{Value, json};

use super::Task;
use super::api::{Answer, Api};
use super::failure::Failure;

/// Makes the call.
pub(super) async fn call(
    task: &Task,
    service: &str,
    action: &str,
    pattern: Pattern,
) -> Result<String, Failure> {
    if let Some(renamed) = integrations::renamed(service, action) {
        return call_renamed(task, service, renamed).await;
    }
    let api = Api::optimised(service, action)?;
    let mut parameters = task.asked.parameters.clone();
    if service == "batch" && pattern == Pattern::Sync {
        mark_as_managed(&mut parameters);
    }
    let answer = api.call(task, &parameters).await?;
    if service == "ecs" && has_only_failures(&answer.result) {
        let cause = shown(task, service, &api, answer);
        return Err(Failure::new("AmazonECS.Unknown", cause));
    }
    Ok(shown(task, service, &api, answer))
}

/// Makes the call of an action that has another name, and other parameters, in the API.
async fn call_renamed(task: &Task, service: &str, renamed: &Renamed) -> Result<String, Failure> {
    let given = &task.asked.parameters;
    let id = match renamed.by_name() {
        Some(by_name) => Some(find_id(task, service, by_name).await?),
        None => None,
    };
    let api = Api::optimised(service, renamed.operation())?;
    let parameters = renamed.parameters(given, id.as_deref());
    let mut answer = api.call(task, &parameters).await?;
    answer.result = renamed.result(answer.result);
    Ok(shown(task, service, &api, answer))
}

/// The id of what the parameters name. AWS's words for a name that there is not are not known.
async fn find_id(task: &Task, service: &str, by_name: &ByName) -> Result<String, Failure> {
    let api = Api::optimised(service, by_name.list)?;
    let given = &task.asked.parameters;
    let name = given.get(by_name.name).and_then(Value::as_str);
    let mut list = json!({ "ClusterId": given.get("ClusterId") });
    loop {
        let answer = api.call(task, &list).await?.result;
        let items = answer.get(by_name.items).and_then(Value::as_array);
        let mut items = items.into_iter().flatten();
        let found = items.find(|item| item.get("Name").and_then(Value::as_str) == name);
        if let Some(id) = found.and_then(|item| item.get("Id")?.as_str()) {
            return Ok(id.to_owned());
        }
        match answer.get("Marker") {
            Some(marker) => list["Marker"] = marker.clone(),
            None => break,
        }
    }
    let (what, name) = (by_name.name, name.unwrap_or_default());
    Err(Failure::new(
        "ElasticMapReduce.InvalidRequestException",
        format!("There is nothing of the {what} '{name}' in the cluster"),
    ))
}

fn shown(task: &Task, service: &str, api: &Api, answer: Answer) -> String {
    // As recorded for sns, sqs, dynamodb and ecs; what others send follows from their protocol.
    match service {
        "sqs" => answer.with_metadata(task, "application/x-amz-json-1.0", Some("connection")),
        "dynamodb" => {
            let kind = "application/x-amz-json-1.0";
            let mut headers = answer.headers(task, kind, Some("Connection"));
            headers.add("Server", "Server");
            headers.complete(answer.result).to_string()
        }
        "ecs" => answer.with_metadata(task, "application/x-amz-json-1.1", None),
        _ => {
            let service = api.service();
            let kind = match service.protocol() {
                Protocol::Json => format!("application/x-amz-json-{}", service.json_version()),
                Protocol::Query | Protocol::Ec2 | Protocol::RestXml => "text/xml".to_owned(),
                Protocol::RestJson => "application/json".to_owned(),
                Protocol::Cbor => "application/cbor".to_owned(),
            };
            answer.with_metadata(task, &kind, Some("connection"))
        }
    }
}

/// `RunTask` answers without an error when nothing could be placed.
fn has_only_failures(result: &Value) -> bool {
    let count = |name: &str| {
        result
            .get(name)
            .and_then(Value::as_array)
            .map_or(0, Vec::len)
    };
    count("Tasks") == 0 && count("Failures") > 0
}

/// Jobs that are waited for are told so by a variable.
fn mark_as_managed(parameters: &mut Value) {
    let managed = json!({ "Name": "MANAGED_BY_AWS", "Value": "STARTED_BY_STEP_FUNCTIONS" });
    let Some(members) = parameters.as_object_mut() else {
        return;
    };
    let others = [
        "EcsPropertiesOverride",
        "EksPropertiesOverride",
        "NodeOverrides",
    ];
    if others.iter().any(|name| members.contains_key(*name)) {
        return;
    }
    let overrides = members
        .entry("ContainerOverrides")
        .or_insert_with(|| json!({}));
    let Some(overrides) = overrides.as_object_mut() else {
        return;
    };
    let environment = overrides.entry("Environment").or_insert_with(|| json!([]));
    if let Some(environment) = environment.as_array_mut() {
        environment.push(managed);
    }
}
