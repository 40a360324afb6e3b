//! Operations that are stopped or left where they failed.

use serde_json::json;

use super::World;
use super::lifecycle::{NETWORK, broken};

#[tokio::test]
async fn operations_that_go_on_can_be_stopped() {
    let world = World::new();
    let input = json!({"StackName": "network", "TemplateBody": NETWORK});
    let id = world.call("CreateStack", input).await["StackId"].clone();
    world
        .call("DeleteStack", json!({"StackName": "network"}))
        .await;
    let stack = world.settled(id.as_str().unwrap()).await;
    assert_eq!(stack["StackStatus"], "DELETE_COMPLETE");

    world.deploy("network", NETWORK).await;
    let before = world.physical("network").await;
    let template = NETWORK.replace("10.0.0.0/16", "10.1.0.0/16");
    let update = json!({"StackName": "network", "TemplateBody": template});
    world.call("UpdateStack", update.clone()).await;
    let refused = world.refused("UpdateStack", update).await;
    assert!(
        refused.ends_with("is in UPDATE_IN_PROGRESS state and can not be updated."),
        "{refused}"
    );
    world
        .call("CancelUpdateStack", json!({"StackName": "network"}))
        .await;
    let stack = world.settled("network").await;
    assert_eq!(stack["StackStatus"], "UPDATE_ROLLBACK_COMPLETE");
    assert_eq!(world.physical("network").await, before);
}

#[tokio::test]
async fn a_failed_update_may_stay_and_be_mended() {
    let world = World::new();
    world.deploy("network", NETWORK).await;
    let input = json!({"StackName": "network", "TemplateBody": broken(), "DisableRollback": true});
    world.call("UpdateStack", input).await;
    assert_eq!(
        world.settled("network").await["StackStatus"],
        "UPDATE_FAILED"
    );
    let mended = NETWORK.replace("EnableDnsSupport: true", "EnableDnsSupport: false");
    world
        .call(
            "UpdateStack",
            json!({"StackName": "network", "TemplateBody": mended}),
        )
        .await;
    assert_eq!(
        world.settled("network").await["StackStatus"],
        "UPDATE_COMPLETE"
    );
}
