//! Ten thousand executions that wait at the same time, on timers and on tokens.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::json;

use super::client::Client;
use super::row;
use super::server::Server;

const MANY: usize = 10_000;

pub(crate) fn figures(program: &Path, flags: &[&str]) {
    timers(program, flags);
    tokens(program, flags);
}

/// All wait for the same moment; measured is what they cost, and how late the last one ends.
fn timers(program: &Path, flags: &[&str]) {
    let server = Server::start(program, flags);
    let mut client = Client::open(server.address());
    let machine = json!({ "StartAt": "W", "States": {
        "W": { "Type": "Wait", "TimestampPath": "$.until", "End": true },
    }});
    let machine = client.machine("waiting", &machine);
    // What the first executions load stays.
    for _ in 0..100 {
        let done = client.start(&machine, r#"{"until":"2020-01-01T00:00:00Z"}"#);
        client.finish(&done);
    }
    let (before, _) = server.size();
    let until = jiff::Timestamp::now() + Duration::from_secs(12);
    let input = json!({ "until": until.to_string() }).to_string();
    let executions: Vec<String> = (0..MANY).map(|_| client.start(&machine, &input)).collect();
    assert!(
        jiff::Timestamp::now() < until,
        "the machine is too busy to measure"
    );
    let (after, threads) = server.size();
    row("10,000 on timers: memory each", &each(after - before));
    row(
        "  of it what the API tells of one",
        &own(&mut client, &executions[0]),
    );
    row(
        "10,000 on timers: threads of the program",
        &threads.to_string(),
    );
    let (ticks, idle) = (server.ticks(), Instant::now());
    let left = until.duration_since(jiff::Timestamp::now());
    std::thread::sleep(Duration::try_from(left).unwrap_or_default().mul_f64(0.9));
    let used = server.ticks() - ticks;
    let seconds = idle.elapsed().as_secs();
    row(
        "10,000 on timers: processor time while they wait",
        &format!("{used} ticks in {seconds} s"),
    );
    for execution in &executions {
        client.finish(execution);
    }
    let late = jiff::Timestamp::now().duration_since(until);
    row(
        "10,000 on timers: all done and seen after",
        &format!("{} ms", late.as_millis()),
    );
}

/// Each waits for its task token, then all are answered.
fn tokens(program: &Path, flags: &[&str]) {
    let server = Server::start(program, flags);
    let mut client = Client::open(server.address());
    let made = client.json("CreateActivity", &json!({ "name": "work" }));
    let activity = made["activityArn"].as_str().unwrap();
    let machine = json!({ "StartAt": "T", "States": {
        "T": { "Type": "Task", "Resource": activity, "End": true },
    }});
    let machine = client.machine("waiting", &machine);
    let answer = |client: &mut Client| {
        let task = client.json("GetActivityTask", &json!({ "activityArn": activity }));
        json!({ "taskToken": task["taskToken"], "output": "{}" })
    };
    for _ in 0..100 {
        let done = client.start(&machine, "{}");
        let output = answer(&mut client);
        client.call("SendTaskSuccess", &output);
        client.finish(&done);
    }
    let (before, _) = server.size();
    let executions: Vec<String> = (0..MANY).map(|_| client.start(&machine, "{}")).collect();
    let answers: Vec<_> = (0..MANY).map(|_| answer(&mut client)).collect();
    let (after, _) = server.size();
    row("10,000 on tokens: memory each", &each(after - before));
    row(
        "  of it what the API tells of one",
        &own(&mut client, &executions[0]),
    );
    let began = Instant::now();
    for answer in &answers {
        client.call("SendTaskSuccess", answer);
    }
    for execution in &executions {
        client.finish(execution);
    }
    let took = began.elapsed();
    row(
        "10,000 on tokens: all answered and seen in",
        &format!("{} ms", took.as_millis()),
    );
}

/// Its row and its history, as a client sees them.
fn own(client: &mut Client, execution: &str) -> String {
    let input = json!({ "executionArn": execution });
    let row = client.call("DescribeExecution", &input);
    let history = client.call("GetExecutionHistory", &input);
    format!("{} bytes", row.len() + history.len())
}

fn each(bytes: usize) -> String {
    format!("{} bytes", bytes / MANY)
}
