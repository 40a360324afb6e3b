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
