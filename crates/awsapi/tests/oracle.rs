//! botocore as the oracle: it writes requests that the server's side must read, and reads the
//! answers that it writes.
//!
//! Needs a Python with botocore: `FOOTWORK_PYTHON`, else `python3`. Says so and passes without.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test fails as a test does"
)]
#![expect(clippy::print_stderr, reason = "a test that is skipped must say so")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use awsapi::{Kind, Location, Operation, server};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

const SERVICES: [&str; 14] = [
    "apigateway",
    "batch",
    "cloudformation",
    "cloudwatch",
    "dynamodb",
    "ec2",
    "ecs",
    "iam",
    "lambda",
    "route53",
    "s3",
    "sns",
    "sqs",
    "stepfunctions",
];

fn python(arguments: &[&str], input: Option<String>) -> Option<String> {
    let program = std::env::var("FOOTWORK_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/botocore_oracle.py");
    let imports = Command::new(&program)
        .args(["-c", "import botocore"])
        .stderr(Stdio::null())
        .status();
    if !imports.is_ok_and(|status| status.success()) {
        return None;
    }
    let mut child = Command::new(&program)
        .arg(script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        stdin
            .write_all(input.unwrap_or_default().as_bytes())
            .unwrap();
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the oracle failed");
    Some(String::from_utf8(output.stdout).unwrap())
}

fn request(line: &Value) -> Request<Bytes> {
    let text = |name: &str| line[name].as_str().unwrap();
    let mut builder = Request::builder().method(text("method")).uri(text("url"));
    for (name, value) in line["headers"].as_object().unwrap() {
        builder = builder.header(name, value.as_str().unwrap());
    }
    let scope = format!(
        "AKID/20261122/eu-west-1/{}/aws4_request",
        text("signing_name")
    );
    let signature = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let body = STANDARD.decode(text("body")).unwrap();
    builder
        .header("host", "127.0.0.1:4566")
        .header("authorization", signature)
        .body(body.into())
        .unwrap()
}

/// Takes a raw payload out of a value, where the crate keeps it apart.
fn apart(operation: Operation, output: bool, value: &mut Value) -> Bytes {
    let shape = if output {
        operation.output()
    } else {
        operation.input()
    };
    let payload = shape
        .and_then(|s| s.payload())
        .filter(|p| p.shape().kind() == Kind::Blob);
    let members = value.as_object_mut().unwrap();
    match payload.and_then(|p| members.remove(p.name())) {
        Some(Value::String(text)) => STANDARD.decode(text).unwrap().into(),
        _ => Bytes::new(),
    }
}

#[test]
fn botocore_agrees() {
    let mut arguments = vec!["requests"];
    arguments.extend(SERVICES);
    let Some(lines) = python(&arguments, None) else {
        eprintln!("skipped: no Python with botocore (set FOOTWORK_PYTHON)");
        return;
    };
    let (mut answers, mut count) = (String::new(), 0);
    for line in lines.lines() {
        let mut line: Value = serde_json::from_str(line).unwrap();
        let request = request(&line);
        let routed = server::route(&request)
            .unwrap_or_else(|refusal| panic!("{line:#}: {:?}", refusal.error));
        let address = |op: Operation| (op.method(), op.uri());
        let wanted = routed
            .service
            .operation(line["operation"].as_str().unwrap());
        let wanted = wanted.unwrap_or_else(|| panic!("{line:#}: {routed:?}"));
        if wanted != routed.operation && address(wanted) == address(routed.operation) {
            continue;
        }
        assert_eq!(wanted, routed.operation, "{line:#}");
        let (mut value, body) =
            server::decode(&routed, &request).unwrap_or_else(|error| panic!("{line:#}: {error}"));
        let raw = apart(wanted, false, &mut line["input"]);
        if let Some(payload) = wanted.input().and_then(|s| s.payload()) {
            // botocore writes a payload that is not given as one without members.
            let name = payload.name();
            if line["input"].get(name).is_none() && value.get(name) == Some(&json!({})) {
                value.as_object_mut().unwrap().remove(name);
            }
        }
        assert_eq!(value, line["input"], "{line:#}");
        assert_eq!(body, raw, "{line:#}");
        count += 1;

        let mut output = line["output"].clone();
        let raw = apart(wanted, true, &mut output);
        if wanted.method() == "HEAD" {
            let shape = wanted.output();
            let carried = |name: &String| {
                let member = shape.and_then(|s| s.member(name));
                member.is_some_and(|m| m.location() != Location::Body)
            };
            output
                .as_object_mut()
                .unwrap()
                .retain(|name, _| carried(name));
            line["output"] = output.clone();
        }
        let response = server::encode(&routed, &output, raw, "id-1");
        let headers = response.headers().iter();
        let headers = headers.map(|(k, v)| json!([k.as_str(), v.to_str().unwrap_or("")]));
        let answer = json!({
            "service": line["service"],
            "operation": line["operation"],
            "output": line["output"],
            "status": response.status().as_u16(),
            "headers": headers.collect::<Vec<_>>(),
            "body": STANDARD.encode(response.body()),
        });
        answers.push_str(&format!("{answer}\n"));
    }
    assert!(count > 1000, "only {count} requests");
    let differences = python(&["answers"], Some(answers)).unwrap();
    let differences: Vec<_> = differences.lines().collect();
    let number = differences.len();
    assert!(
        differences.is_empty(),
        "{number}: {}",
        differences[..number.min(5)].join("\n\n")
    );
}
