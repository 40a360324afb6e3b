//! `http:invoke`, against a server on this machine.

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::*;

/// Answers what it was asked, and gives tokens.
async fn echo(request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    let body = String::from_utf8_lossy(&body).into_owned();
    match head.uri.path() {
        "/token" if body.contains("client_secret=s3cret") => {
            return json!({ "access_token": "t0ken" })
                .to_string()
                .into_response();
        }
        "/token" => return StatusCode::UNAUTHORIZED.into_response(),
        "/missing" => return (StatusCode::NOT_FOUND, r#"{"why":"gone"}"#).into_response(),
        "/picture" => return ([("content-type", "image/png")], "x").into_response(),
        _ => {}
    }
    let header = |name: &str| {
        let value = head.headers.get(name).and_then(|value| value.to_str().ok());
        value.map(str::to_owned)
    };
    json!({
        "method": head.method.as_str(), "target": head.uri.to_string(), "body": body,
        "authorization": header("authorization"), "key": header("x-key"), "own": header("x-own"),
        "type": header("content-type"), "agent": header("user-agent"),
    })
    .to_string()
    .into_response()
}

async fn server() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0))
        .await
        .unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let router = Router::new().fallback(echo);
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

impl World {
    async fn connection(&self, name: &str, kind: &str, parameters: Value) -> String {
        let input =
            json!({ "Name": name, "AuthorizationType": kind, "AuthParameters": parameters });
        let call = self
            .aws
            .call(&self.scope, "events", "CreateConnection", input);
        text(&call.await.unwrap(), "ConnectionArn")
    }

    /// Runs a machine of one HTTP task.
    async fn invoke(&self, name: &str, parameters: Value) -> Value {
        let machine = task("arn:aws:states:::http:invoke", parameters);
        let machine = self.machine(name, machine).await;
        self.run(&machine, json!({})).await
    }
}

#[tokio::test]
async fn a_request_is_made_of_state_and_connection() {
    let (world, url) = (World::new(), server().await);
    let more = json!({
        "QueryStringParameters": [{ "Key": "q", "Value": "theirs" }],
        "BodyParameters": [{ "Key": "b", "Value": "theirs", "IsValueSecret": true }],
    });
    let connection = world
        .connection(
            "keys",
            "API_KEY",
            json!({ "ApiKeyAuthParameters": { "ApiKeyName": "X-Key", "ApiKeyValue": "s3cret" },
                    "InvocationHttpParameters": more }),
        )
        .await;
    let described = world
        .aws
        .call(
            &world.scope,
            "events",
            "DescribeConnection",
            json!({ "Name": "keys" }),
        )
        .await
        .unwrap();
    assert_eq!(described["ConnectionState"], "AUTHORIZED");
    assert!(!described.to_string().contains("s3cret"), "{described}");
    assert_eq!(
        described["AuthParameters"]["InvocationHttpParameters"]["BodyParameters"],
        json!([{ "Key": "b", "IsValueSecret": true }])
    );
    let ended = world
        .invoke(
            "m",
            json!({
                "ApiEndpoint": format!("{url}/a"), "Method": "POST",
                "Authentication": { "ConnectionArn": connection },
                "Headers": { "X-Own": "1" },
                "QueryParameters": { "q": "mine", "r": ["1", "2"] },
                "RequestBody": { "a": [1, 2] },
                "Transform": { "RequestBodyEncoding": "URL_ENCODED",
                               "RequestEncodingOptions": { "ArrayFormat": "BRACKETS" } },
            }),
        )
        .await;
    assert_eq!(ended["status"], "SUCCEEDED", "{ended}");
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(output["StatusCode"], 200);
    assert_eq!(output["StatusText"], "OK");
    assert!(output["Headers"]["content-length"][0].is_string());
    assert_eq!(
        output["ResponseBody"],
        json!({
            "method": "POST", "target": "/a?r=1&r=2&q=theirs", "body": "a%5B%5D=1&a%5B%5D=2&b=theirs",
            "authorization": null, "key": "s3cret", "own": "1",
            "type": "application/x-www-form-urlencoded",
            "agent": "Amazon|StepFunctions|HttpInvoke|eu-central-1",
        })
    );
}

#[tokio::test]
async fn every_kind_of_connection_authorizes() {
    let (world, url) = (World::new(), server().await);
    let oauth = |secret: &str| {
        json!({ "OAuthParameters": {
            "ClientParameters": { "ClientID": "me", "ClientSecret": secret },
            "AuthorizationEndpoint": format!("{url}/token"), "HttpMethod": "POST" } })
    };
    let basic = json!({ "BasicAuthParameters": { "Username": "u", "Password": "p" } });
    for (name, kind, parameters, wanted) in [
        ("basic", "BASIC", basic, Ok("Basic dTpw")),
        (
            "oauth",
            "OAUTH_CLIENT_CREDENTIALS",
            oauth("s3cret"),
            Ok("Bearer t0ken"),
        ),
        (
            "refused",
            "OAUTH_CLIENT_CREDENTIALS",
            oauth("wrong"),
            Err("Events.ConnectionResource.InvalidConnectionState"),
        ),
    ] {
        let connection = world.connection(name, kind, parameters).await;
        // OAuth takes a while.
        let describe = json!({ "Name": name });
        loop {
            let call = world.aws.call(
                &world.scope,
                "events",
                "DescribeConnection",
                describe.clone(),
            );
            if call.await.unwrap()["ConnectionState"] != "AUTHORIZING" {
                break;
            }
            tokio::task::yield_now().await;
        }
        let ended = world
            .invoke(
                name,
                json!({
                    "ApiEndpoint": url, "Method": "GET",
                    "InvocationConfig": { "ConnectionArn": connection },
                }),
            )
            .await;
        match wanted {
            Ok(wanted) => {
                let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
                assert_eq!(output["ResponseBody"]["authorization"], wanted);
            }
            Err(error) => assert_eq!(ended["error"], error, "{ended}"),
        }
    }
}

#[tokio::test]
async fn failures_have_names() {
    let (world, url) = (World::new(), server().await);
    let basic = json!({ "BasicAuthParameters": { "Username": "u", "Password": "p" } });
    let connection = world.connection("c", "BASIC", basic).await;
    let none = world.scope.arn("events", "connection/none/id");
    for (name, endpoint, connection, error, cause) in [
        (
            "missing",
            format!("{url}/missing"),
            &connection,
            "States.Http.StatusCode.404",
            r#"{"why":"gone"}"#,
        ),
        (
            "elsewhere",
            "https://example.com/".to_owned(),
            &connection,
            "States.Http.Socket",
            "`example.com` is not on this machine, and this endpoint reaches no other",
        ),
        (
            "picture",
            format!("{url}/picture"),
            &connection,
            "States.Runtime",
            "The response of content type 'image/png' is not text",
        ),
        (
            "unknown",
            url.clone(),
            &none,
            "Events.ConnectionResource.ResourceNotFound",
            "Connection arn:aws:events:eu-central-1:000000000000:connection/none/id does not exist.",
        ),
    ] {
        let parameters = json!({
            "ApiEndpoint": endpoint, "Method": "GET",
            "Authentication": { "ConnectionArn": connection },
        });
        let ended = world.invoke(name, parameters).await;
        assert_eq!(
            (&ended["error"], &ended["cause"]),
            (&json!(error), &json!(cause))
        );
    }
}

#[tokio::test]
async fn a_test_shows_what_was_said_and_heard() {
    let (world, url) = (World::new(), server().await);
    let key = json!({ "ApiKeyAuthParameters": { "ApiKeyName": "X-Key", "ApiKeyValue": "s3cret" } });
    let connection = world.connection("c", "API_KEY", key).await;
    let definition = json!({
        "Type": "Task", "Resource": "arn:aws:states:::http:invoke", "End": true,
        "Parameters": {
            "ApiEndpoint": format!("{url}/a"), "Method": "POST", "Headers": { "X-Own": "1" },
            "Authentication": { "ConnectionArn": connection }, "RequestBody": { "b": 1 },
        },
    });
    let test = async |level: &str, reveal: bool| {
        let input = json!({ "definition": definition.to_string(), "roleArn": ROLE,
                            "inspectionLevel": level, "revealSecrets": reveal });
        world.ok("TestState", input).await["inspectionData"].clone()
    };
    let shown = test("TRACE", false).await;
    let request = &shown["request"];
    assert_eq!(request["protocol"], "http");
    assert_eq!(request["method"], "POST");
    assert_eq!(request["url"], format!("{url}/a"));
    assert_eq!(request["body"], r#"{"b":1}"#);
    let headers = "[user-agent: Amazon|StepFunctions|HttpInvoke|eu-central-1, range: \
                   bytes=0-262144, x-own: 1, content-type: application/json]";
    assert_eq!(request["headers"], headers);
    let response = &shown["response"];
    assert_eq!(response["statusCode"], "200");
    assert_eq!(response["statusMessage"], "OK");
    assert!(
        text(response, "body").contains(r#""own":"1""#),
        "{response}"
    );
    let revealed = test("TRACE", true).await;
    let headers = text(&revealed["request"], "headers");
    assert!(headers.contains("x-key: s3cret"), "{headers}");
    let less = test("DEBUG", true).await;
    assert!(
        less.get("request").is_none() && less["result"].is_string(),
        "{less}"
    );
}

#[tokio::test]
async fn parameters_of_an_http_task_are_refused_before_it_is_scheduled() {
    let world = World::new();
    let computed = json!({ "ApiEndpoint": "http://localhost", "Method.$": "$.method",
                           "Authentication": { "ConnectionArn": "arn:x" } });
    let machine = task("arn:aws:states:::http:invoke", computed);
    let machine = world.machine("m", machine).await;
    let ended = world.run(&machine, json!({ "method": "FETCH" })).await;
    assert_eq!(ended["error"], "States.Runtime");
    let cause = text(&ended, "cause");
    let why = "could not be used to start the Task: [The value of the field 'Method' is not valid: FETCH]";
    assert!(cause.contains(why), "{cause}");
    let types = world.types(ended["executionArn"].as_str().unwrap()).await;
    assert_eq!(
        types,
        ["ExecutionStarted", "TaskStateEntered", "ExecutionFailed"]
    );
}

#[tokio::test]
async fn an_api_of_this_machine_stands_for_api_gateway() {
    let (world, url) = (World::new(), server().await);
    let host = url.trim_start_matches("http://");
    let call = async |name: &str, path: &str, endpoint: &str| {
        let parameters = json!({
            "ApiEndpoint": endpoint, "Method": "POST", "Stage": "dev", "Path": path,
            "Headers": { "X-Own": ["1"] }, "QueryParameters": { "a": ["x", "y z"] },
            "RequestBody": { "b": [1], "c": null },
        });
        let machine = task("arn:aws:states:::apigateway:invoke", parameters);
        let machine = world.machine(name, machine).await;
        world.run(&machine, json!({})).await
    };
    let ended = call("well", "some/thing", host).await;
    let output: Value = serde_json::from_str(&text(&ended, "output")).unwrap();
    assert_eq!(
        (&output["StatusCode"], &output["StatusText"]),
        (&json!(200), &json!("OK"))
    );
    let body = &output["ResponseBody"];
    assert_eq!(body["target"], "/dev/some/thing?a=x&a=y%20z");
    assert_eq!(
        (&body["body"], &body["own"]),
        (&json!(r#"{"b":[1]}"#), &json!("1"))
    );
    let elsewhere = call("elsewhere", "p", "a.execute-api.eu-central-1.amazonaws.com").await;
    assert_eq!(elsewhere["error"], "ApiGateway.EndpointNotReachable");
    let cause = text(&elsewhere, "cause");
    assert!(cause.contains("not on this machine"), "{cause}");
}
