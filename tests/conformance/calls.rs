//! Recorded sequences of API calls.

use serde_json::{Value, json};

use crate::Differences;
use crate::cloud::{Cloud, compared};
use crate::era::answer_as_then;
use crate::names::Names;
use crate::replay::compare::{differences, normalise};

/// How often what is read again may still differ from the recording.
const PATIENCE: usize = 40;

pub(crate) fn play(vector: &Value) -> Differences {
    let mut cloud = Cloud::start(vector);
    let mut names = Names::of(vector);
    let calls = vector["calls"].as_array().unwrap();
    surroundings(&cloud, &names, calls);
    let mut bad = Vec::new();
    let mut revisions = 0;
    let mut next_token = None;
    for (number, call) in calls.iter().enumerate() {
        // What has no operation is what a test made of several answers.
        let Some(operation) = call["operation"].as_str() else {
            continue;
        };
        let expected = &call["expected"];
        if expected.get("error_raw").is_some() && expected.get("error_code").is_none() {
            // The recorder's client refused the request by itself: there was no call.
            continue;
        }
        let mut request = names.sent(&call["request"]);
        if let (Some(given), Some(token)) = (request.get("nextToken"), &next_token)
            && given
                .as_str()
                .is_some_and(|given| given.parse::<u64>().is_ok())
        {
            request["nextToken"] = Value::clone(token);
        }
        let action = pascal(operation);
        if call["expected"]["error_code"] == "ActivityDoesNotExist"
            && request.get("activityArn").is_some()
        {
            // The test had deleted it in a way that was not recorded.
            cloud.call(
                "DeleteActivity",
                &json!({ "activityArn": request["activityArn"] }),
            );
        }
        let mut patience = match operation.split('_').next() {
            Some("describe" | "list" | "get") => PATIENCE,
            _ => 0,
        };
        let (answer, found) = loop {
            let answer = cloud.call(&action, &request);
            let found = judge(vector, &mut names, call, answer.status, &answer.body);
            if found.is_empty() || patience == 0 {
                break (answer, found);
            }
            // It may become what was recorded, which was read when all was over.
            cloud.let_time_pass(true);
            patience -= 1;
        };
        cloud.let_time_pass(false);
        bad.extend(
            found
                .into_iter()
                .map(|what| format!("call {number} {operation}: {what}")),
        );
        if operation == "start_execution" && answer.status == 200 {
            names.learn_execution(answer.body["executionArn"].as_str().unwrap_or_default());
        }
        if let Some(id) = answer.body["revisionId"].as_str()
            && operation == "update_state_machine"
        {
            revisions += 1;
            names.pair(&format!("revision-{revisions}"), id);
        }
        if expected.get("nextToken").is_some() {
            next_token = answer.body.get("nextToken").cloned();
        }
    }
    bad
}

/// How an answer differs from the recorded one.
fn judge(
    vector: &Value,
    names: &mut Names,
    call: &Value,
    status: u16,
    body: &Value,
) -> Differences {
    let expected = &call["expected"];
    let refused = call["raises"] == true;
    if refused != (status != 200) {
        return vec![format!("answered {status} {body}")];
    }
    if expected.is_null() {
        return Vec::new();
    }
    names.learn(expected, body);
    let answer = crate::cloud::Answer {
        status,
        body: names.received(body),
    };
    let mut actual = normalise(answer.recorded(), vector);
    answer_as_then(vector, &mut actual);
    differences(vector, &compared(expected), &actual)
}

/// What the recorder's fixtures had made before the first call.
fn surroundings(cloud: &Cloud, names: &Names, calls: &[Value]) {
    cloud.make_log_groups(calls.iter().map(|call| &call["request"]));
    state_machine(cloud, names, calls);
    items(cloud, calls);
}

/// A state machine that a template had made: it is described first.
fn state_machine(cloud: &Cloud, names: &Names, calls: &[Value]) {
    let Some(first) = calls.first() else { return };
    if first["operation"] != "describe_state_machine" || first["raises"] == true {
        return;
    }
    let request = names.sent(&first["request"]);
    let arn = request["stateMachineArn"].as_str().unwrap();
    let definition = &first["expected"]["definition"];
    let role = names.behind(first["expected"]["roleArn"].as_str().unwrap_or_default());
    let role = names.sent(&role.into());
    let input = json!({
        "name": arn.rsplit(':').next(),
        "definition": definition.to_string().replace("<partition>", "aws"),
        "roleArn": role,
        "type": first["expected"]["type"],
    });
    cloud.call("CreateStateMachine", &input);
}

/// An object with as many rows as the map run was counted to have.
fn items(cloud: &Cloud, calls: &[Value]) {
    let counts = calls
        .iter()
        .find_map(|call| call.pointer("/expected/itemCounts/total"));
    let Some(total) = counts.and_then(Value::as_u64) else {
        return;
    };
    let input = calls
        .iter()
        .find_map(|call| call["request"]["input"].as_str());
    let input: Value = serde_json::from_str(input.unwrap_or_default()).unwrap();
    let rows: Vec<String> = (0..total).map(|row| format!("{row},x\n")).collect();
    let bucket = &input["Bucket"];
    cloud.make("s3", "CreateBucket", json!({ "Bucket": bucket }), "");
    let place = json!({ "Bucket": bucket, "Key": input["Key"] });
    cloud.make("s3", "PutObject", place, &format!("a,b\n{}", rows.concat()));
}

/// `start_execution` is `StartExecution`.
pub(crate) fn pascal(operation: &str) -> String {
    let word = |word: &str| {
        let mut chars = word.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect::<String>()
    };
    operation.split('_').map(word).collect()
}
