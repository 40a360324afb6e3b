//! A process that is killed and started again.

use serde_json::json;

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_waiting_execution_goes_on_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.sqlite");
    let two_waits = json!({
        "StartAt": "One",
        "States": {
            "One": { "Type": "Wait", "Seconds": 60, "Next": "Two" },
            "Two": { "Type": "Wait", "Seconds": 3600, "End": true },
        },
    });
    let (waiting, token, before) = {
        let world = World::with_store(Store::open(&file).unwrap());
        let still = world.aws.clock().busy();
        world.ok("CreateActivity", json!({ "name": "a" })).await;
        let asks = task(
            "arn:aws:states:eu-central-1:000000000000:activity:a",
            json!({}),
        );
        let asks = world.machine("asks", asks).await;
        let asking = world.start(&asks, json!({})).await;
        let poll = json!({ "activityArn": "arn:aws:states:eu-central-1:000000000000:activity:a" });
        let polled = world.ok("GetActivityTask", poll).await;
        let machine = world.machine("m", two_waits).await;
        let execution = world.start(&machine, json!({ "a": 1 })).await;
        // Time passes to the first wait's end, not to the second's.
        let clock = world.aws.clock().clone();
        let minute = world.aws.spawn(async move {
            clock.sleep(std::time::Duration::from_secs(61)).await;
            clock.busy()
        });
        drop(still);
        let still = minute.await.unwrap();
        let before = world.types(&execution).await;
        world.saved().await;
        std::mem::forget(still);
        ((execution, asking), text(&polled, "taskToken"), before)
    };
    // Held from the start: otherwise the clock runs to the end of all waits, the activity's
    // time-out among them, before its worker answers.
    let clock = Clock::fast_from("2026-01-01T00:00:00Z".parse().unwrap());
    let still = clock.busy();
    let world = World::with_clock(Store::open(&file).unwrap(), clock);
    let (execution, asking) = waiting;
    world
        .ok(
            "SendTaskSuccess",
            json!({ "taskToken": token, "output": "2" }),
        )
        .await;
    assert_eq!(world.ended(&asking).await["output"], "2");
    drop(still);
    let ended = world.ended(&execution).await;
    assert_eq!(ended["output"], "{\"a\":1}");
    assert_eq!(ended["stopDate"], "2026-01-01T01:01:00Z");
    let after = world.types(&execution).await;
    assert_eq!(after[..before.len()], before);
    assert_eq!(after.len(), before.len() + 2);
    world.saved().await;
    let again = World::with_store(Store::open(&file).unwrap());
    assert_eq!(again.describe(&execution).await, ended);
    assert_eq!(again.types(&execution).await, after);
}
