//! What one side writes the other side reads: every operation of a dozen services, which between
//! them speak every protocol.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test fails as a test does"
)]

mod generate;

use awsapi::{AwsError, Location, Operation, Protocol, Service, client, server, service};
use bytes::Bytes;
use generate::{Generator, is_carried};
use http::Request;
use serde_json::{Value, json};

const SERVICES: [&str; 13] = [
    "apigateway",
    "cloudformation",
    "dynamodb",
    "ec2",
    "ecs",
    "iam",
    "lambda",
    "partnercentral-revenue-measurement",
    "route53",
    "s3",
    "sns",
    "sqs",
    "stepfunctions",
];

/// Signs, as far as the server's side looks.
fn signed(service: &Service, mut request: Request<Bytes>) -> Request<Bytes> {
    let scope = format!(
        "AKID/20261122/eu-west-1/{}/aws4_request",
        service.signing_name()
    );
    let text = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
    let headers = request.headers_mut();
    headers.insert("authorization", text.parse().unwrap());
    request
}

/// Some operations have the address of others; nobody can tell them apart.
fn same_address(a: Operation, b: Operation) -> bool {
    (a.method(), a.uri()) == (b.method(), b.uri())
}

fn each(check: impl Fn(Operation, &mut Generator)) {
    for name in SERVICES {
        let service = service(name).unwrap();
        let mut generator = Generator::new(service.protocol());
        let rounds = if name == "ec2" { 2 } else { 8 };
        for operation in service.operations().filter(is_carried) {
            for _ in 0..rounds {
                check(operation, &mut generator);
            }
        }
    }
}

#[test]
fn requests() {
    each(|operation, generator| {
        let (input, raw) = generator.message(operation.input());
        let raw = Bytes::from(raw);
        let name = format!("{operation:?} {input}");
        let request = client::encode(operation, &input, raw.clone(), "http://127.0.0.1:4566")
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let request = signed(operation.service(), request);
        let routed = server::route(&request)
            .unwrap_or_else(|refusal| panic!("{name}: {:?} {request:?}", refusal.error));
        if same_address(routed.operation, operation) && routed.operation != operation {
            return;
        }
        assert_eq!(routed.operation, operation, "{request:?}");
        let (mut decoded, body) = server::decode(&routed, &request)
            .unwrap_or_else(|error| panic!("{name}: {error} {request:?}"));
        if input.get("ContentMD5").is_none() {
            // The client's own doing.
            decoded.as_object_mut().unwrap().remove("ContentMD5");
        }
        assert_eq!(decoded, input, "{request:?}");
        assert_eq!(body, raw, "{request:?}");
    });
}

fn routed(operation: Operation) -> server::Routed {
    let mut generator = Generator::new(Protocol::Query);
    let (input, _) = generator.message(operation.input());
    let request = client::encode(operation, &input, Bytes::new(), "http://127.0.0.1").unwrap();
    let mut routed = server::route(&signed(operation.service(), request))
        .unwrap_or_else(|refusal| panic!("{operation:?}: {:?}", refusal.error));
    routed.operation = operation;
    routed
}

#[test]
fn answers() {
    each(|operation, generator| {
        let (output, raw) = generator.message(operation.output());
        let raw = Bytes::from(raw);
        let routed = routed(operation);
        let response = server::encode(&routed, &output, raw.clone(), "id-1");
        let head = operation.method() == "HEAD";
        let (decoded, body) = client::decode(operation, &response)
            .unwrap_or_else(|error| panic!("{operation:?}: {error} {output} {response:?}"));
        let mut output = output;
        if head {
            // No body, so only what is in headers.
            let shape = operation.output();
            let carried = |name: &String| {
                let member = shape.and_then(|s| s.member(name));
                member.is_some_and(|m| m.location() != Location::Body)
            };
            output
                .as_object_mut()
                .unwrap()
                .retain(|name, _| carried(name));
        }
        assert_eq!(decoded, output, "{operation:?} {response:?}");
        if !head {
            assert_eq!(body, raw, "{operation:?} {response:?}");
        }
    });
}

#[test]
fn errors() {
    for name in SERVICES {
        let service = service(name).unwrap();
        let mut generator = Generator::new(service.protocol());
        for operation in service.operations().filter(is_carried) {
            if operation.method() == "HEAD" {
                continue;
            }
            let routed = routed(operation);
            for shape in operation.errors() {
                let (fields, _) = generator.message(Some(shape));
                let mut error = AwsError::new(shape.error_code(), "It said: <no> & \"never\"");
                error.status = shape.status().unwrap_or(400);
                let Value::Object(fields) = fields else {
                    continue;
                };
                error.fields = fields;
                let plain = |name: &str| !name.eq_ignore_ascii_case("message");
                error.fields.retain(|name, _| plain(name));
                let response = server::encode_error(&routed, &error, "id-1");
                let decoded = client::decode(operation, &response).unwrap_err();
                if operation.service().protocol() == Protocol::Json {
                    // JSON's clients know an error by its shape.
                    error.code = shape.name().to_owned();
                }
                assert_eq!(decoded.message, error.message, "{response:?}");
                let same = service.error(&decoded.code).map(|s| s.name().to_owned());
                assert_eq!(same.as_deref(), Some(shape.name()), "{response:?}");
                assert_eq!(json!(decoded.fields), json!(error.fields), "{response:?}");
                assert_eq!(decoded.status, error.status, "{response:?}");
            }
        }
    }
}
