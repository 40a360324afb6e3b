//! The service through its calls.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::{Aws, Call, Clock, Config, Ids, Scope, Store};

use super::credentials::caller_of;

fn aws() -> Aws {
    Aws::start(Config {
        clock: Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap()),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    })
}

async fn sts(aws: &Aws, action: &str, input: Value) -> Value {
    aws.call(&Scope::new("eu-west-1"), "sts", action, input)
        .await
        .unwrap_or_else(|error| json!({ "error": error.code }))
}

#[tokio::test]
async fn an_assumed_role_is_the_caller_of_its_sessions() {
    let aws = aws();
    let trust = json!({ "Statement": {
        "Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole",
    }});
    let role = json!({ "RoleName": "app", "AssumeRolePolicyDocument": trust.to_string() });
    let role = aws
        .call(&Scope::new("eu-west-1"), "iam", "CreateRole", role)
        .await
        .unwrap();
    let input =
        json!({ "RoleArn": role["Role"]["Arn"], "RoleSessionName": "job", "DurationSeconds": 900 });
    let session = sts(&aws, "AssumeRole", input).await;
    let arn = "arn:aws:sts::000000000000:assumed-role/app/job";
    let id = format!("{}:job", role["Role"]["RoleId"].as_str().unwrap());
    assert_eq!(
        session["AssumedRoleUser"],
        json!({ "AssumedRoleId": id, "Arn": arn })
    );
    assert_eq!(session["Credentials"]["Expiration"], "2026-11-22T10:15:00Z");
    let token = session["Credentials"]["SessionToken"].as_str().unwrap();
    assert_eq!(caller_of(token).as_deref(), Some(arn));

    let call = Call {
        action: "GetCallerIdentity".to_owned(),
        input: json!({}),
        body: Bytes::new(),
        scope: Scope::new("eu-west-1"),
        request_id: String::new(),
        caller: arn.to_owned(),
    };
    let identity = aws.dispatch("sts", call).await.unwrap().output;
    assert_eq!(
        identity,
        json!({ "UserId": id, "Account": "000000000000", "Arn": arn })
    );
}

#[tokio::test]
async fn wrong_calls_are_refused() {
    let aws = aws();
    let role = "arn:aws:iam::000000000000:role/app";
    for (action, input, code) in [
        (
            "AssumeRole",
            json!({ "RoleArn": "app", "RoleSessionName": "ab" }),
            "ValidationError",
        ),
        (
            "AssumeRole",
            json!({ "RoleArn": role, "RoleSessionName": "a b" }),
            "ValidationError",
        ),
        (
            "GetSessionToken",
            json!({ "DurationSeconds": 1 }),
            "ValidationError",
        ),
        (
            "AssumeRoleWithWebIdentity",
            json!({ "RoleArn": role, "RoleSessionName": "ab", "WebIdentityToken": "x" }),
            "InvalidIdentityToken",
        ),
        ("GetFederationToken", json!({}), "NotImplemented"),
    ] {
        assert_eq!(
            sts(&aws, action, input.clone()).await["error"],
            code,
            "{action} {input}"
        );
    }
    assert_eq!(caller_of("x"), None);
}
