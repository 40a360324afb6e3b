//! State machines, versions, aliases, tags.

use serde_json::json;

use super::*;

#[tokio::test]
async fn creating_twice_is_idempotent_for_the_same_content_only() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    assert_eq!(
        arn,
        "arn:aws:states:eu-central-1:000000000000:stateMachine:m"
    );
    assert_eq!(world.machine("m", pass()).await, arn);
    let other = json!({ "name": "m", "definition": wait(1).to_string(), "roleArn": ROLE });
    assert_eq!(
        world.refused("CreateStateMachine", other).await,
        (
            "StateMachineAlreadyExists".to_owned(),
            format!("State Machine Already Exists: '{arn}'")
        )
    );
    let faulty = json!({ "name": "f", "definition": "{}", "roleArn": ROLE });
    let (code, message) = world.refused("CreateStateMachine", faulty).await;
    assert_eq!(code, "InvalidDefinition");
    assert!(message.starts_with("Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED"));
}

#[tokio::test]
async fn a_description_shows_revision_and_defaults() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let target = json!({ "stateMachineArn": arn });
    let described = world.ok("DescribeStateMachine", target.clone()).await;
    assert_eq!(described["definition"], pass().to_string());
    assert_eq!(
        described["loggingConfiguration"],
        json!({ "level": "OFF", "includeExecutionData": false })
    );
    assert!(described.get("revisionId").is_none());
    assert_eq!(
        world.refused("UpdateStateMachine", target.clone()).await.0,
        "MissingRequiredParameter"
    );
    let update = json!({ "stateMachineArn": arn, "definition": wait(1).to_string() });
    let first = text(
        &world.ok("UpdateStateMachine", update.clone()).await,
        "revisionId",
    );
    let again = text(&world.ok("UpdateStateMachine", update).await, "revisionId");
    assert_eq!(first, again);
    let described = world.ok("DescribeStateMachine", target).await;
    assert_eq!(described["revisionId"], first);
}

#[tokio::test]
async fn versions_and_aliases_keep_what_was_published() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let publish = json!({ "stateMachineArn": arn, "revisionId": "INITIAL" });
    let one = world
        .ok("PublishStateMachineVersion", publish.clone())
        .await;
    let one = text(&one, "stateMachineVersionArn");
    assert_eq!(one, format!("{arn}:1"));
    let update = json!({
        "stateMachineArn": arn,
        "definition": wait(1).to_string(),
        "publish": true,
        "versionDescription": "waits",
    });
    let two = text(
        &world.ok("UpdateStateMachine", update).await,
        "stateMachineVersionArn",
    );
    assert_eq!(
        world.refused("PublishStateMachineVersion", publish).await.0,
        "ConflictException"
    );
    let described = world
        .ok("DescribeStateMachine", json!({ "stateMachineArn": one }))
        .await;
    assert_eq!(described["definition"], pass().to_string());
    let described = world
        .ok("DescribeStateMachine", json!({ "stateMachineArn": two }))
        .await;
    assert_eq!(described["description"], "waits");

    let alias = json!({
        "name": "prod",
        "routingConfiguration": [{ "stateMachineVersionArn": one, "weight": 100 }],
    });
    let alias = text(
        &world.ok("CreateStateMachineAlias", alias).await,
        "stateMachineAliasArn",
    );
    let execution = world.run(&alias, json!({})).await;
    assert_eq!(execution["stateMachineVersionArn"], one);
    assert_eq!(execution["stateMachineAliasArn"], alias);
    assert_eq!(execution["stateMachineArn"], arn);
    let listed = world
        .ok("ListExecutions", json!({ "stateMachineArn": alias }))
        .await;
    assert_eq!(listed["executions"].as_array().unwrap().len(), 1);

    let delete = json!({ "stateMachineVersionArn": one });
    assert_eq!(
        world.refused("DeleteStateMachineVersion", delete).await.0,
        "ConflictException"
    );
    let wrong = json!({
        "name": "wrong",
        "routingConfiguration": [
            { "stateMachineVersionArn": one, "weight": 70 },
            { "stateMachineVersionArn": two, "weight": 29 },
        ],
    });
    assert_eq!(
        world.refused("CreateStateMachineAlias", wrong).await.1,
        "Sum of routing configuration weights must equal 100. Received: [70, 29]"
    );
}

#[tokio::test]
async fn deleting_waits_for_running_executions() {
    let world = World::new();
    let still = world.aws.clock().busy();
    let arn = world.machine("m", wait(60)).await;
    let execution = world.start(&arn, json!({})).await;
    world.until(&execution, "WaitStateEntered").await;
    world
        .ok("DeleteStateMachine", json!({ "stateMachineArn": arn }))
        .await;
    let target = json!({ "stateMachineArn": arn });
    let described = world.ok("DescribeStateMachine", target.clone()).await;
    assert_eq!(described["status"], "DELETING");
    let start = json!({ "stateMachineArn": arn });
    assert_eq!(
        world.refused("StartExecution", start).await.0,
        "StateMachineDeleting"
    );
    drop(still);
    while world
        .call("DescribeStateMachine", target.clone())
        .await
        .is_ok()
    {
        tokio::task::yield_now().await;
    }
    let gone = json!({ "executionArn": execution });
    assert_eq!(
        world.refused("DescribeExecution", gone).await.0,
        "ExecutionDoesNotExist"
    );
}

#[tokio::test]
async fn tags_are_set_and_taken_off() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let tag = json!({
        "resourceArn": arn,
        "tags": [{ "key": "a", "value": "1" }, { "key": "b", "value": "" }],
    });
    world.ok("TagResource", tag).await;
    world
        .ok(
            "UntagResource",
            json!({ "resourceArn": arn, "tagKeys": ["a"] }),
        )
        .await;
    let listed = world
        .ok("ListTagsForResource", json!({ "resourceArn": arn }))
        .await;
    assert_eq!(listed["tags"], json!([{ "key": "b", "value": "" }]));
    let version = json!({ "resourceArn": format!("{arn}:1"), "tags": [] });
    assert_eq!(
        world.refused("TagResource", version).await.0,
        "ResourceNotFound"
    );
}

#[tokio::test]
async fn a_machine_has_a_thousand_versions_at_most() {
    let world = World::new();
    let arn = world.machine("m", pass()).await;
    let publish = |seconds: u64| json!({ "stateMachineArn": arn, "definition": wait(seconds).to_string(), "publish": true });
    for seconds in 1..=1000 {
        world.ok("UpdateStateMachine", publish(seconds)).await;
    }
    let described = json!({ "stateMachineArn": arn });
    let before = world.ok("DescribeStateMachine", described.clone()).await;
    let refused = world.refused("UpdateStateMachine", publish(1001)).await;
    assert_eq!(refused.0, "ServiceQuotaExceededException");
    assert_eq!(
        world.ok("DescribeStateMachine", described.clone()).await,
        before
    );
    // What is published already may be published again, and room can be made.
    let again = world
        .ok("PublishStateMachineVersion", described.clone())
        .await;
    assert_eq!(again["stateMachineVersionArn"], format!("{arn}:1000"));
    let first = json!({ "stateMachineVersionArn": format!("{arn}:1") });
    world.ok("DeleteStateMachineVersion", first).await;
    let next = world.ok("UpdateStateMachine", publish(1001)).await;
    assert_eq!(next["stateMachineVersionArn"], format!("{arn}:1001"));
}
