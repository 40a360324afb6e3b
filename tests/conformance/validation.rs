//! Recorded refusals of definitions and configurations.

use serde_json::{Value, json};

use crate::Differences;
use crate::calls::pascal;
use crate::cloud::{Cloud, compared};
use crate::names::Names;
use crate::replay::compare::{differences, normalise};

pub(crate) fn play(vector: &Value) -> Differences {
    let cloud = Cloud::start(vector);
    let names = Names::of(vector);
    let expected = &vector["expected"];
    let mut request = vector["arguments"].clone();
    request["definition"] = vector["definition"].clone();
    let request = names.sent(&request);
    if expected["error_code"] == "StateMachineAlreadyExists" {
        let mut other = request.clone();
        other["definition"] = json!({
            "StartAt": "Other", "States": { "Other": { "Type": "Succeed" } },
        })
        .to_string()
        .into();
        cloud.call("CreateStateMachine", &other);
    }
    let answer = cloud.call(&pascal(vector["operation"].as_str().unwrap()), &request);
    let by_client = expected.get("error_code").is_none() && expected.get("error_raw").is_some();
    if by_client && answer.status == 400 {
        return Vec::new();
    }
    let actual = normalise(names.received(&answer.recorded()), vector);
    differences(vector, &compared(expected), &actual)
}
