//! Many executions that wait at the same time: each ends when it should, and none costs a job.

use std::time::Duration;

use jiff::Timestamp;
use serde_json::json;

use super::*;

/// Enough for anything that is quadratic to show, few enough for every run of the tests.
const MANY: usize = 1_000;

fn waits() -> Value {
    json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "SecondsPath": "$.seconds", "End": true },
    }})
}

fn asks() -> Value {
    task(
        "arn:aws:states:eu-central-1:000000000000:activity:work",
        json!({ "number.$": "$.number" }),
    )
}

/// Seconds that the execution of a number waits: not in the order of the numbers.
fn seconds(number: usize) -> usize {
    (number * 7919) % MANY + 1
}

async fn start_all(world: &World) -> (Vec<String>, Vec<String>) {
    let (waits, asks) = (
        world.machine("waits", waits()).await,
        world.machine("asks", asks()).await,
    );
    let (mut waiting, mut asking) = (Vec::new(), Vec::new());
    for number in 0..MANY {
        let input = json!({ "seconds": seconds(number) });
        waiting.push(world.start(&waits, input).await);
        asking.push(world.start(&asks, json!({ "number": number })).await);
    }
    (waiting, asking)
}

/// Takes all tasks, and answers them in the order of their tokens, which is none.
async fn answer_all(world: &World) {
    let poll = json!({ "activityArn": "arn:aws:states:eu-central-1:000000000000:activity:work" });
    let mut tasks = Vec::new();
    for _ in 0..MANY {
        let task = world.ok("GetActivityTask", poll.clone()).await;
        tasks.push((text(&task, "taskToken"), text(&task, "input")));
    }
    tasks.sort();
    for (token, output) in tasks {
        let answer = json!({ "taskToken": token, "output": output });
        world.ok("SendTaskSuccess", answer).await;
    }
}

async fn all_end(world: &World, began: Timestamp, waiting: &[String], asking: &[String]) {
    for (number, execution) in waiting.iter().enumerate() {
        let ended = world.ended(execution).await;
        let due = began + Duration::from_secs(seconds(number) as u64);
        assert_eq!(ended["stopDate"], due.to_string(), "{number}");
    }
    for (number, execution) in asking.iter().enumerate() {
        let ended = world.ended(execution).await;
        assert_eq!(ended["output"], format!("{{\"number\":{number}}}"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_and_tokens_of_many_executions_need_no_jobs() {
    let world = World::new();
    world.ok("CreateActivity", json!({ "name": "work" })).await;
    let still = world.aws.clock().busy();
    let began = world.aws.clock().now();
    let jobs = || {
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks()
    };
    let before = jobs();
    let (waiting, asking) = start_all(&world).await;
    // What starts an execution is a job, which ends when the execution waits.
    while jobs() > before {
        tokio::task::yield_now().await;
    }
    // They rest, and yet can be looked at.
    let looked = world.types(&waiting[0]).await;
    assert_eq!(looked, ["ExecutionStarted", "WaitStateEntered"]);
    answer_all(&world).await;
    drop(still);
    all_end(&world, began, &waiting, &asking).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn timers_and_tokens_of_many_executions_outlive_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("state.sqlite");
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let (waiting, asking) = {
        let world = World::with_clock(Store::open(&file).unwrap(), Clock::fast_from(start));
        world.ok("CreateActivity", json!({ "name": "work" })).await;
        let still = world.aws.clock().busy();
        let started = start_all(&world).await;
        // The process ends here: time never passes again for what is left of it.
        std::mem::forget(still);
        started
    };
    let clock = Clock::fast_from(start);
    let still = clock.busy();
    let world = World::with_clock(Store::open(&file).unwrap(), clock);
    answer_all(&world).await;
    drop(still);
    all_end(&world, start, &waiting, &asking).await;
}
