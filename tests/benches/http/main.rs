//! The embedded Step Functions over HTTP: `cargo bench --package tests --bench http`.
//!
//! Measures the release build of the program, once with its state in a file, as it comes, and once
//! in memory. `-- --endpoint 127.0.0.1:4567` measures whatever answers there instead, so that other
//! emulators can be put beside it. Medians; nothing here asserts how long anything takes.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a benchmark prints, stops at what it cannot measure, and counts far below 2^52"
)]

mod client;
mod server;
mod waiting;

use std::time::{Duration, Instant};

use client::Client;
use serde_json::{Value, json};
use server::Server;

/// Connections that start executions at the same time.
const CLIENTS: usize = 8;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let endpoint = arguments
        .iter()
        .position(|argument| argument == "--endpoint");
    if let Some(address) = endpoint.and_then(|at| arguments.get(at + 1)) {
        figures(address);
        return;
    }
    let program = server::build();
    for (title, flags) in [("state in a file", &[][..]), ("in memory", &["--memory"])] {
        println!("{title}");
        let server = Server::start(&program, flags);
        figures(server.address());
        drop(server);
        waiting::figures(&program, flags);
    }
}

fn row(figure: &str, measured: &str) {
    println!("  {figure:<52} {measured:>16}");
}

fn figures(address: &str) {
    let mut client = Client::open(address);
    three_states(&mut client);
    throughput(address, &mut client);
    let done = loops(&mut client);
    history(&mut client, &done);
    map(&mut client);
}

/// Latency from the start to the answer that says that it is done.
fn three_states(client: &mut Client) {
    let machine = client.machine(&unique("three"), &three_state_machine());
    let run = |client: &mut Client| {
        let began = Instant::now();
        let execution = client.start(&machine, "{}");
        client.finish(&execution);
        began.elapsed()
    };
    let mut times: Vec<Duration> = (0..1_050).map(|_| run(client)).skip(50).collect();
    times.sort();
    let shown = |at: usize| format!("{:.3} ms", millis(times[at]));
    row("three states, start to done, p50", &shown(times.len() / 2));
    row(
        "three states, start to done, p99",
        &shown(times.len() * 99 / 100),
    );
}

/// Executions per second, started and seen to their end by several clients at once.
fn throughput(address: &str, client: &mut Client) {
    let states = (1..=5).map(|n| {
        let next = match n {
            5 => json!({ "Type": "Pass", "End": true }),
            _ => json!({ "Type": "Pass", "Next": format!("P{}", n + 1) }),
        };
        (format!("P{n}"), next)
    });
    let states: serde_json::Map<String, Value> = states.collect();
    let machine = client.machine(
        &unique("five"),
        &json!({ "StartAt": "P1", "States": states }),
    );
    let rate = median(3, || {
        const EACH: usize = 250;
        let began = Instant::now();
        std::thread::scope(|scope| {
            for _ in 0..CLIENTS {
                scope.spawn(|| {
                    let mut client = Client::open(address);
                    for _ in 0..EACH {
                        let execution = client.start(&machine, "{}");
                        client.finish(&execution);
                    }
                });
            }
        });
        (CLIENTS * EACH) as f64 / began.elapsed().as_secs_f64()
    });
    row("five states, 8 clients", &format!("{rate:.0} executions/s"));
}

/// Transitions per second of a loop; returns an execution with a long history.
fn loops(client: &mut Client) -> String {
    const TIMES: usize = 2_000;
    let mut last = String::new();
    for (language, machine) in [
        ("JSONata", loop_jsonata(TIMES)),
        ("JSONPath", loop_jsonpath(TIMES)),
    ] {
        let machine = client.machine(&unique("loop"), &machine);
        let seconds = median(7, || {
            let began = Instant::now();
            last = client.start(&machine, "{}");
            client.finish(&last);
            began.elapsed().as_secs_f64()
        });
        let transitions = (2 * TIMES + 2) as f64 / seconds;
        let figure = format!("2,000 times Pass and Choice in {language}");
        row(&figure, &format!("{transitions:.0} transitions/s"));
    }
    last
}

fn history(client: &mut Client, execution: &str) {
    let mut events = 0;
    let seconds = median(7, || {
        let began = Instant::now();
        let mut input = json!({ "executionArn": execution, "maxResults": 1000 });
        events = 0;
        loop {
            let page = client.call("GetExecutionHistory", &input);
            let text = String::from_utf8(page).unwrap();
            events += text.matches("previousEventId").count();
            // Only the token is read, so that the figure is the server's and not a parser's.
            let Some((_, token)) = text.rsplit_once("\"nextToken\":") else {
                break;
            };
            let token = token.split('"').nth(1).unwrap();
            input["nextToken"] = token.into();
        }
        began.elapsed().as_secs_f64()
    });
    let figure = format!("reading a history of {events} events");
    row(&figure, &format!("{:.1} ms", seconds * 1000.0));
}

fn map(client: &mut Client) {
    const ITEMS: usize = 1_000;
    let machine = json!({ "StartAt": "M", "States": { "M": {
        "Type": "Map",
        "ItemsPath": "$.items",
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "INLINE" },
            "StartAt": "P",
            "States": { "P": { "Type": "Pass", "End": true } },
        },
        "End": true,
    }}});
    let machine = client.machine(&unique("map"), &machine);
    let input = json!({ "items": (0..ITEMS).collect::<Vec<_>>() }).to_string();
    let seconds = median(7, || {
        let began = Instant::now();
        let execution = client.start(&machine, &input);
        client.finish(&execution);
        began.elapsed().as_secs_f64()
    });
    row(
        "Map over 1,000 items",
        &format!("{:.0} items/s", ITEMS as f64 / seconds),
    );
}

fn three_state_machine() -> Value {
    json!({ "StartAt": "P", "States": {
        "P": { "Type": "Pass", "Result": { "v": 7 }, "Next": "C" },
        "C": {
            "Type": "Choice",
            "Choices": [{ "Variable": "$.v", "NumericEquals": 7, "Next": "S" }],
            "Default": "S",
        },
        "S": { "Type": "Succeed" },
    }})
}

fn loop_jsonpath(times: usize) -> Value {
    json!({ "StartAt": "Init", "States": {
        "Init": { "Type": "Pass", "Result": { "i": 0 }, "Next": "Inc" },
        "Inc": { "Type": "Pass", "Parameters": { "i.$": "States.MathAdd($.i, 1)" }, "Next": "More" },
        "More": {
            "Type": "Choice",
            "Choices": [{ "Variable": "$.i", "NumericLessThan": times, "Next": "Inc" }],
            "Default": "Done",
        },
        "Done": { "Type": "Succeed" },
    }})
}

fn loop_jsonata(times: usize) -> Value {
    json!({ "QueryLanguage": "JSONata", "StartAt": "Init", "States": {
        "Init": { "Type": "Pass", "Assign": { "i": 0 }, "Next": "Inc" },
        "Inc": { "Type": "Pass", "Assign": { "i": "{% $i + 1 %}" }, "Next": "More" },
        "More": {
            "Type": "Choice",
            "Choices": [{ "Condition": format!("{{% $i < {times} %}}"), "Next": "Inc" }],
            "Default": "Done",
        },
        "Done": { "Type": "Succeed", "Output": { "i": "{% $i %}" } },
    }})
}

/// A name that no earlier run on the same server has used.
fn unique(name: &str) -> String {
    let now = jiff::Timestamp::now().as_microsecond();
    format!("{name}-{now}")
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn median(runs: usize, mut run: impl FnMut() -> f64) -> f64 {
    let mut measured: Vec<f64> = (0..runs).map(|_| run()).collect();
    measured.sort_by(f64::total_cmp);
    measured[runs / 2]
}
