//! The runtime of the functions under test, on nothing but the standard library.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};

/// Started by the functions' bootstrap only: it speaks to a Runtime API.
#[test]
#[ignore = "not a test but the functions' runtime"]
fn run() {
    match variable("_HANDLER").as_str() {
        "init-exit" => std::process::exit(3),
        "init-error" => {
            let error = json!({ "errorType": "Init.Failed", "errorMessage": "no table name" });
            request("POST", "init/error", &error.to_string());
            std::process::exit(1);
        }
        _ => {}
    }
    let mut connections = Vec::new();
    loop {
        let (headers, event) = request("GET", "invocation/next", "");
        let header = |name: &str| {
            let line = headers.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default()
                .trim_start_matches([':', ' '])
                .to_owned()
        };
        let id = header("lambda-runtime-aws-request-id");
        let event: Value = serde_json::from_str(&event).unwrap();
        let answer = match event["do"].as_str() {
            Some("fail") => {
                let error = json!({
                    "errorType": "Order.Invalid", "errorMessage": "no such order", "stackTrace": [],
                });
                request(
                    "POST",
                    &format!("invocation/{id}/error"),
                    &error.to_string(),
                );
                continue;
            }
            Some("exit") => std::process::exit(7),
            Some("sleep") => {
                std::thread::sleep(Duration::from_secs(60));
                continue;
            }
            Some("talk") => {
                std::io::stdout().write_all(b"to stdout\n").unwrap();
                std::io::stderr().write_all(b"to stderr\n").unwrap();
                json!(null)
            }
            Some("meet") => {
                meet(&event);
                json!({ "pid": std::process::id() })
            }
            None if event["Records"].is_array() => consume(&event),
            Some("count") => count(&event),
            Some("connect") => {
                let address = event["address"].as_str().unwrap();
                connections.push(TcpStream::connect(address).unwrap());
                json!(connections.len())
            }
            _ => json!({
                "event": event,
                "pid": std::process::id(),
                "request": id,
                "arn": header("lambda-runtime-invoked-function-arn"),
                "variables": std::env::vars().collect::<std::collections::BTreeMap<_, _>>(),
            }),
        };
        request(
            "POST",
            &format!("invocation/{id}/response"),
            &answer.to_string(),
        );
    }
}

fn meet(event: &Value) {
    std::fs::write(event["mine"].as_str().unwrap(), "").unwrap();
    while !Path::new(event["other"].as_str().unwrap()).exists() {
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Fails until it was called as often as the event says, which it counts in a file.
fn count(event: &Value) -> Value {
    let file = event["file"].as_str().unwrap();
    let mut calls = std::fs::read_to_string(file).unwrap_or_default();
    calls.push('x');
    std::fs::write(file, &calls).unwrap();
    if (calls.len() as u64) < event["until"].as_u64().unwrap() {
        std::process::exit(1);
    }
    json!(calls)
}

/// Reports every message whose body is `bad` as failed.
fn consume(event: &Value) -> Value {
    let mut failed = Vec::new();
    for record in event["Records"].as_array().unwrap() {
        let body = record["body"].as_str().unwrap();
        writeln!(std::io::stdout(), "got {body}").unwrap();
        if body == "bad" {
            failed.push(json!({ "itemIdentifier": record["messageId"] }));
        }
    }
    json!({ "batchItemFailures": failed })
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap()
}

/// Headers and body of the answer.
fn request(method: &str, path: &str, body: &str) -> (String, String) {
    let api = variable("AWS_LAMBDA_RUNTIME_API");
    let mut stream = TcpStream::connect(&api).unwrap();
    let length = body.len();
    write!(
        stream,
        "{method} /2018-06-01/runtime/{path} HTTP/1.1\r\nhost: {api}\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (headers, body) = answer.split_once("\r\n\r\n").unwrap();
    (headers.to_owned(), body.to_owned())
}
