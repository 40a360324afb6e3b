//! Bad input: AWS's code, AWS's message, and nothing changed.

use serde_json::json;

use super::*;

impl World {
    /// Everything that a refused call could have changed.
    async fn everything(&self, machine: &str, execution: &str) -> Value {
        let of_machine = json!({ "stateMachineArn": machine });
        let of_execution = json!({ "executionArn": execution });
        json!([
            self.ok("ListStateMachines", json!({})).await,
            self.ok("DescribeStateMachine", of_machine.clone()).await,
            self.ok("ListStateMachineVersions", of_machine.clone())
                .await,
            self.ok("ListStateMachineAliases", of_machine.clone()).await,
            self.ok("ListExecutions", of_machine).await,
            self.ok("ListActivities", json!({})).await,
            self.ok("DescribeExecution", of_execution.clone()).await,
            self.ok("GetExecutionHistory", of_execution).await,
        ])
    }
}

#[tokio::test]
async fn bad_input_is_refused_in_the_words_of_aws_and_changes_nothing() {
    let world = World::new();
    let _still = world.aws.clock().busy();
    let scope = "arn:aws:states:eu-central-1:000000000000";
    world.ok("CreateActivity", json!({ "name": "a" })).await;
    let activity = format!("{scope}:activity:a");
    let machine = world.machine("m", task(&activity, json!({}))).await;
    let poll = json!({ "activityArn": activity });
    let other = world.start(&machine, json!({})).await;
    let used = world.ok("GetActivityTask", poll.clone()).await;
    let used = text(&used, "taskToken");
    let answer = json!({ "taskToken": used, "output": "1" });
    world.ok("SendTaskSuccess", answer).await;
    world.ended(&other).await;
    let execution = world.start(&machine, json!({})).await;
    let token = text(&world.ok("GetActivityTask", poll).await, "taskToken");
    let before = world.everything(&machine, &execution).await;

    let definition = pass().to_string();
    let new = |name: &str, text: &str| json!({ "name": name, "definition": text, "roleArn": ROLE });
    let start = |input: &str| json!({ "stateMachineArn": machine, "input": input });
    let long = "x".repeat(81);
    let too_large = format!("\"{}\"", "x".repeat(262_144));
    let no_start = json!({ "States": { "P": { "Type": "Pass", "End": true } } }).to_string();
    let unknown = "A".repeat(128);
    let tags: Value = (0..51).map(|n| json!({ "key": n.to_string() })).collect();
    let tag = json!([{ "key": "k", "value": "v" }]);
    let cases = [
        // Definitions.
        (
            "CreateStateMachine",
            new("n", &no_start),
            "InvalidDefinition: Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: \
             These fields are required: [StartAt] at /'"
                .to_owned(),
        ),
        (
            "UpdateStateMachine",
            json!({ "stateMachineArn": machine, "definition": "not json" }),
            "InvalidDefinition: Invalid State Machine Definition: 'INVALID_JSON_DESCRIPTION: \
             Unrecognized token 'not'"
                .to_owned(),
        ),
        // Names.
        (
            "CreateStateMachine",
            new("a/b", &definition),
            "InvalidName: Invalid Name: 'a/b'".to_owned(),
        ),
        (
            "CreateStateMachine",
            new(&long, &definition),
            format!(
                "ValidationException: 1 validation error detected: Value '{long}' at 'name' \
                 failed to satisfy constraint: Member must have length less than or equal to 80"
            ),
        ),
        (
            "CreateActivity",
            json!({ "name": "a b" }),
            "InvalidName: Invalid Name: 'a b'".to_owned(),
        ),
        (
            "StartExecution",
            json!({ "stateMachineArn": machine, "name": "a/b" }),
            "InvalidName: Invalid Name: 'a/b'".to_owned(),
        ),
        // Inputs.
        (
            "StartExecution",
            start("{'not': 'json'"),
            "InvalidExecutionInput: Invalid State Machine Execution Input: 'Unexpected character \
             (''' (code 39)): was expecting double-quote to start field name'"
                .to_owned(),
        ),
        (
            "StartExecution",
            start(&too_large),
            "ValidationException: 1 validation error detected: Value at 'input' failed to satisfy \
             constraint: Member must have length less than or equal to 262144"
                .to_owned(),
        ),
        // Tokens.
        (
            "SendTaskSuccess",
            json!({ "taskToken": "nonsense", "output": "1" }),
            "InvalidToken: Invalid Token: 'Invalid token'".to_owned(),
        ),
        (
            "SendTaskSuccess",
            json!({ "taskToken": unknown, "output": "1" }),
            "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'".to_owned(),
        ),
        (
            "SendTaskFailure",
            json!({ "taskToken": used }),
            "TaskTimedOut: Task Timed Out: 'Provided task does not exist anymore'".to_owned(),
        ),
        (
            "SendTaskSuccess",
            json!({ "taskToken": token, "output": "not json" }),
            "InvalidOutput: Invalid Output: 'Unrecognized token 'not'".to_owned(),
        ),
        // Executions in the wrong state.
        (
            "RedriveExecution",
            json!({ "executionArn": execution }),
            "ExecutionNotRedrivable: Execution is RUNNING and cannot be redriven".to_owned(),
        ),
        (
            "RedriveExecution",
            json!({ "executionArn": other }),
            "ExecutionNotRedrivable: Execution is SUCCEEDED and cannot be redriven".to_owned(),
        ),
        (
            "StartSyncExecution",
            start("{}"),
            "StateMachineTypeNotSupported: This operation is not supported by this type of state \
             machine"
                .to_owned(),
        ),
        // What is not there.
        (
            "DescribeStateMachine",
            json!({ "stateMachineArn": format!("{machine}x") }),
            format!("StateMachineDoesNotExist: State Machine Does Not Exist: '{machine}x'"),
        ),
        (
            "StopExecution",
            json!({ "executionArn": format!("{execution}x") }),
            format!("ExecutionDoesNotExist: Execution Does Not Exist: '{execution}x'"),
        ),
        (
            "GetActivityTask",
            json!({ "activityArn": format!("{activity}x") }),
            format!("ActivityDoesNotExist: Activity Does Not Exist: '{activity}x'"),
        ),
        (
            "DescribeMapRun",
            json!({ "mapRunArn": format!("{scope}:mapRun:m/l:1") }),
            format!("ResourceNotFound: Resource not found: '{scope}:mapRun:m/l:1'"),
        ),
        (
            "TagResource",
            json!({ "resourceArn": format!("{machine}x"), "tags": tag }),
            format!("ResourceNotFound: Resource not found: '{machine}x'"),
        ),
        // Configurations.
        (
            "CreateStateMachine",
            json!({ "name": "n", "definition": definition, "roleArn": ROLE, "tags": tags }),
            "TooManyTags: ".to_owned(),
        ),
        (
            "CreateStateMachine",
            json!({
                "name": "n", "definition": definition, "roleArn": ROLE,
                "encryptionConfiguration": { "type": "CUSTOMER_MANAGED_KMS_KEY" },
            }),
            "InvalidEncryptionConfiguration: ".to_owned(),
        ),
        (
            "UpdateStateMachine",
            json!({ "stateMachineArn": machine, "loggingConfiguration": { "level": "ALL" } }),
            "InvalidLoggingConfiguration: Invalid Logging Configuration: Must specify exactly one \
             Log Destination."
                .to_owned(),
        ),
        (
            "CreateStateMachine",
            json!({ "name": "n", "definition": definition, "roleArn": "nobody" }),
            "InvalidArn: Invalid Arn: 'Invalid ARN prefix: nobody'".to_owned(),
        ),
        (
            "PublishStateMachineVersion",
            json!({ "stateMachineArn": machine, "revisionId": "other" }),
            "ConflictException: Failed to publish the State Machine version for revision other. \
             The current State Machine revision is INITIAL."
                .to_owned(),
        ),
        (
            "UpdateStateMachine",
            json!({ "stateMachineArn": machine }),
            "MissingRequiredParameter: Either the definition, the role ARN".to_owned(),
        ),
        (
            "ListExecutions",
            json!({ "stateMachineArn": machine, "nextToken": "nonsense" }),
            "InvalidToken: Invalid Token: 'Invalid token'".to_owned(),
        ),
    ];
    for (action, input, wanted) in cases {
        let (code, message) = world.refused(action, input.clone()).await;
        let refused = format!("{code}: {message}");
        assert!(
            refused.starts_with(&wanted),
            "{action} {input}:\n{refused}\n{wanted}"
        );
        let after = world.everything(&machine, &execution).await;
        assert_eq!(before, after, "{action} {input}");
    }
    // The token is still good for its one answer.
    let answer = json!({ "taskToken": token, "output": "2" });
    world.ok("SendTaskSuccess", answer.clone()).await;
    assert_eq!(world.ended(&execution).await["output"], "2");
    let again = world.refused("SendTaskSuccess", answer).await;
    assert_eq!(again.0, "TaskTimedOut");
}

#[tokio::test]
async fn a_task_of_a_deleted_activity_fails_at_once() {
    let world = World::new();
    let activity = "arn:aws:states:eu-central-1:000000000000:activity:gone";
    let machine = world.machine("m", task(activity, json!({}))).await;
    let failed = world.run(&machine, json!({})).await;
    assert_eq!(failed["error"], "States.Runtime");
    let cause = format!(
        "An error occurred while executing the state 'Task' (entered at the event id #2). The \
         activity {activity} does not exist."
    );
    assert_eq!(failed["cause"], cause);
    let types = world.types(failed["executionArn"].as_str().unwrap()).await;
    assert_eq!(
        types,
        ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]
    );
}
