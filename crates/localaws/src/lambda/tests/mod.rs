//! Functions that really run: this test program is its own bootstrap.

mod bootstrap;
mod events;
mod management;

use std::io::{Cursor, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::{Aws, AwsError, Clock, Config, Ids, Reply, Scope, Store};

fn aws() -> Aws {
    aws_with(Clock::real())
}

fn aws_with(clock: Clock) -> Aws {
    Aws::start(Config {
        clock,
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    })
}

fn scope() -> Scope {
    Scope::new("eu-west-1")
}

async fn lambda(aws: &Aws, action: &str, input: Value) -> Result<Value, AwsError> {
    aws.call(&scope(), "lambda", action, input).await
}

/// A package whose only file is a bootstrap of that text.
fn package(bootstrap: &str) -> String {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("bootstrap", SimpleFileOptions::default())
        .unwrap();
    zip.write_all(bootstrap.as_bytes()).unwrap();
    STANDARD.encode(zip.finish().unwrap().into_inner())
}

/// A package that starts this test program as a runtime.
fn real_package() -> String {
    let program = std::env::current_exe().unwrap();
    let test = "lambda::tests::bootstrap::run";
    package(&format!(
        "#!/bin/sh\nexec '{}' --exact {test} --ignored --nocapture\n",
        program.display()
    ))
}

async fn create(aws: &Aws, name: &str, handler: &str, changes: Value) -> Value {
    let mut input = json!({
        "FunctionName": name,
        "Runtime": "provided.al2023",
        "Handler": handler,
        "Role": "arn:aws:iam::000000000000:role/test",
        "Code": { "ZipFile": real_package() },
        "Timeout": 20,
    });
    for (member, value) in changes.as_object().unwrap() {
        input[member] = value.clone();
    }
    lambda(aws, "CreateFunction", input).await.unwrap()
}

async fn invoke(aws: &Aws, input: Value, event: Value) -> Result<Reply, AwsError> {
    let payload = Bytes::from(event.to_string());
    aws.call_raw(&scope(), "lambda", "Invoke", input, payload)
        .await
}

/// Payload and `FunctionError` of a call.
async fn run(aws: &Aws, name: &str, event: Value) -> (Value, Value) {
    let reply = invoke(aws, json!({ "FunctionName": name }), event)
        .await
        .unwrap();
    let payload = serde_json::from_slice(&reply.body).unwrap();
    (payload, reply.output["FunctionError"].clone())
}

async fn logged(aws: &Aws, name: &str) -> Vec<String> {
    let input = json!({ "logGroupName": format!("/aws/lambda/{name}") });
    let found = aws
        .call(&scope(), "logs", "FilterLogEvents", input)
        .await
        .unwrap();
    let events = found["events"].as_array().unwrap().iter();
    events
        .map(|event| event["message"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_comes_back_and_the_process_is_used_again() {
    let aws = aws();
    create(&aws, "echo", "any", json!({})).await;
    let (first, error) = run(&aws, "echo", json!({ "do": "show", "x": [1, "ä"] })).await;
    assert_eq!(
        (&first["event"]["x"], error),
        (&json!([1, "ä"]), Value::Null)
    );
    let (second, _) = run(&aws, "echo", json!({ "do": "show" })).await;
    assert_eq!(first["pid"], second["pid"]);
    assert_ne!(first["request"], second["request"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn events_at_the_same_time_get_processes_of_their_own() {
    let aws = aws();
    create(&aws, "busy", "any", json!({})).await;
    // Each waits until the other has begun, by which both prove to run at the same time.
    let folder = tempfile::tempdir().unwrap();
    let meet = |me: &str, other: &str| {
        json!({
            "do": "meet", "mine": folder.path().join(me), "other": folder.path().join(other),
        })
    };
    let (one, two) = tokio::join!(
        run(&aws, "busy", meet("a", "b")),
        run(&aws, "busy", meet("b", "a")),
    );
    assert_eq!((&one.1, &two.1), (&Value::Null, &Value::Null));
    assert_ne!(one.0["pid"], two.0["pid"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_process_sees_lambdas_environment_and_nothing_of_ours() {
    let aws = aws();
    let variables = json!({ "Environment": { "Variables": { "MINE": "1" } }, "MemorySize": 256 });
    create(&aws, "env", "a.handler", variables).await;
    let (answer, _) = run(&aws, "env", json!({ "do": "show" })).await;
    let variables = answer["variables"].as_object().unwrap();
    for (name, expected) in [
        ("MINE", "1"),
        ("_HANDLER", "a.handler"),
        ("AWS_REGION", "eu-west-1"),
        ("AWS_LAMBDA_FUNCTION_NAME", "env"),
        ("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST"),
        ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
        ("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/env"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        ("TZ", ":UTC"),
    ] {
        assert_eq!(variables[name], expected, "{name}");
    }
    assert!(!variables.contains_key("CARGO_MANIFEST_DIR") && !variables.contains_key("HOME"));
    assert_eq!(
        answer["arn"],
        "arn:aws:lambda:eu-west-1:000000000000:function:env"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_have_lambdas_shapes() {
    let aws = aws();
    let short = json!({ "Timeout": 1 });
    for (name, handler, changes, event, kind, message) in [
        (
            "error",
            "any",
            json!({}),
            json!({ "do": "fail" }),
            "Order.Invalid",
            "no such order",
        ),
        (
            "exit",
            "any",
            json!({}),
            json!({ "do": "exit" }),
            "Runtime.ExitError",
            "Error: Runtime exited with error: exit status 7",
        ),
        (
            "slow",
            "any",
            short,
            json!({ "do": "sleep" }),
            "Sandbox.Timedout",
            "Error: Task timed out after 1.00 seconds",
        ),
        (
            "init-exit",
            "init-exit",
            json!({}),
            json!({}),
            "Runtime.ExitError",
            "Error: Runtime exited with error: exit status 3",
        ),
        (
            "init-error",
            "init-error",
            json!({}),
            json!({}),
            "Init.Failed",
            "no table name",
        ),
        (
            "empty",
            "any",
            json!({ "Code": { "ZipFile": package("\x7fELF not really a program") } }),
            json!({}),
            "Runtime.InvalidEntrypoint",
            "exec format error",
        ),
    ] {
        create(&aws, name, handler, changes).await;
        let (payload, error) = run(&aws, name, event.clone()).await;
        assert_eq!(error, "Unhandled", "{name}");
        assert_eq!(payload["errorType"], kind, "{name}: {payload}");
        let said = payload["errorMessage"].as_str().unwrap();
        assert!(said.contains(message), "{name}: {said}");
    }
    // A process that failed is not used again, and the next one works.
    let (answer, error) = run(&aws, "exit", json!({ "do": "show" })).await;
    assert_eq!(
        (answer["event"]["do"].clone(), error),
        (json!("show"), Value::Null)
    );
    let slow = logged(&aws, "slow").await;
    assert!(
        slow.iter()
            .any(|line| line.contains("Task timed out after 1.00 seconds"))
    );
    assert!(
        slow.iter().any(|line| line.contains("Status: timeout")),
        "{slow:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn output_is_logged_between_start_and_report() {
    let aws = aws();
    create(&aws, "talk", "any", json!({})).await;
    let input = json!({ "FunctionName": "talk", "LogType": "Tail" });
    let reply = invoke(&aws, input, json!({ "do": "talk" })).await.unwrap();
    let lines = logged(&aws, "talk").await;
    let at = |part: &str| {
        let found = lines.iter().position(|line| line.starts_with(part));
        found.unwrap_or_else(|| panic!("no line `{part}` in {lines:?}"))
    };
    let order = [
        "INIT_START",
        "START",
        "to stdout",
        "to stderr",
        "END",
        "REPORT",
    ]
    .map(at);
    assert!(order.is_sorted(), "{lines:?}");
    assert!(lines[order[5]].contains("Init Duration: "), "{lines:?}");
    let tail = STANDARD
        .decode(reply.output["LogResult"].as_str().unwrap())
        .unwrap();
    assert_eq!(String::from_utf8(tail).unwrap(), lines[order[1]..].concat());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reservation_limits_what_runs_at_a_time() {
    let aws = aws();
    create(&aws, "one", "any", json!({})).await;
    let reserve =
        |number: i64| json!({ "FunctionName": "one", "ReservedConcurrentExecutions": number });
    lambda(&aws, "PutFunctionConcurrency", reserve(0))
        .await
        .unwrap();
    let refused = invoke(&aws, json!({ "FunctionName": "one" }), json!({}))
        .await
        .unwrap_err();
    assert_eq!(
        (refused.code.as_str(), refused.status),
        ("TooManyRequestsException", 429)
    );
    lambda(&aws, "PutFunctionConcurrency", reserve(1))
        .await
        .unwrap();
    assert_eq!(
        run(&aws, "one", json!({ "do": "show" })).await.1,
        Value::Null
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn processes_end_with_their_function() {
    let aws = aws();
    create(&aws, "gone", "any", json!({})).await;
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let event = json!({ "do": "connect", "address": address });
    assert_eq!(run(&aws, "gone", event).await.1, Value::Null);
    let (mut connection, _) = listener.accept().await.unwrap();
    let gone = json!({ "FunctionName": "gone" });
    lambda(&aws, "DeleteFunction", gone).await.unwrap();
    // The connection that the process keeps ends with the process.
    let ended = tokio::io::AsyncReadExt::read(&mut connection, &mut [0; 1]).await;
    assert_eq!(ended.unwrap_or(0), 0);
}
