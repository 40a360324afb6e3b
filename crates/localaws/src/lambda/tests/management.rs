//! Versions, aliases, policies and what is refused.

use super::*;

fn of(name: &str) -> Value {
    json!({ "FunctionName": name })
}

#[tokio::test]
async fn publishing_without_a_change_gives_the_same_version() {
    let aws = aws();
    let made = create(&aws, "f", "a", json!({})).await;
    assert_eq!(
        (&made["State"], &made["Version"]),
        (&json!("Active"), &json!("$LATEST"))
    );
    let first = lambda(&aws, "PublishVersion", of("f")).await.unwrap();
    let again = lambda(&aws, "PublishVersion", of("f")).await.unwrap();
    assert_eq!(
        first["FunctionArn"],
        "arn:aws:lambda:eu-west-1:000000000000:function:f:1"
    );
    assert_eq!(first, again);
    let change = json!({ "FunctionName": "f", "Description": "new", "Timeout": 9 });
    lambda(&aws, "UpdateFunctionConfiguration", change)
        .await
        .unwrap();
    let second = lambda(&aws, "PublishVersion", of("f")).await.unwrap();
    assert_eq!(second["Version"], "2");
    let listed = lambda(&aws, "ListVersionsByFunction", of("f"))
        .await
        .unwrap();
    let versions = listed["Versions"].as_array().unwrap().iter();
    let versions: Vec<_> = versions
        .map(|one| one["Version"].as_str().unwrap())
        .collect();
    assert_eq!(versions, ["$LATEST", "1", "2"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn aliases_route_by_weight() {
    let aws = aws();
    create(&aws, "f", "a", json!({ "Publish": true })).await;
    let change = json!({ "FunctionName": "f", "Handler": "b" });
    lambda(&aws, "UpdateFunctionConfiguration", change)
        .await
        .unwrap();
    lambda(&aws, "PublishVersion", of("f")).await.unwrap();
    let alias = json!({
        "FunctionName": "f", "Name": "live", "FunctionVersion": "1",
        "RoutingConfig": { "AdditionalVersionWeights": { "2": 1.0 } },
    });
    lambda(&aws, "CreateAlias", alias).await.unwrap();
    let name = "arn:aws:lambda:eu-west-1:000000000000:function:f:live";
    let called = invoke(&aws, of(name), json!({})).await.unwrap();
    assert_eq!(called.output["ExecutedVersion"], "2");
    let back = json!({ "FunctionName": "f", "Name": "live", "RoutingConfig": {} });
    lambda(&aws, "UpdateAlias", back).await.unwrap();
    let qualified = json!({ "FunctionName": "f", "Qualifier": "live" });
    let called = invoke(&aws, qualified, json!({})).await.unwrap();
    assert_eq!(called.output["ExecutedVersion"], "1");
    let pinned = json!({ "FunctionName": "f", "Qualifier": "1" });
    let refused = lambda(&aws, "DeleteFunction", pinned).await.unwrap_err();
    assert_eq!(refused.code, "ResourceConflictException");
}

#[tokio::test]
async fn policies_are_shown_as_they_were_made() {
    let aws = aws();
    create(&aws, "f", "a", json!({})).await;
    let permission = json!({
        "FunctionName": "f", "StatementId": "s", "Action": "lambda:InvokeFunction",
        "Principal": "events.amazonaws.com", "SourceArn": "arn:aws:events:eu-west-1:000000000000:rule/r",
    });
    lambda(&aws, "AddPermission", permission.clone())
        .await
        .unwrap();
    let twice = lambda(&aws, "AddPermission", permission).await.unwrap_err();
    assert_eq!(twice.code, "ResourceConflictException");
    let policy = lambda(&aws, "GetPolicy", of("f")).await.unwrap();
    let policy: Value = serde_json::from_str(policy["Policy"].as_str().unwrap()).unwrap();
    assert_eq!(
        policy["Statement"][0],
        json!({
            "Sid": "s", "Effect": "Allow", "Principal": { "Service": "events.amazonaws.com" },
            "Action": "lambda:InvokeFunction",
            "Resource": "arn:aws:lambda:eu-west-1:000000000000:function:f",
            "Condition": { "ArnLike": { "AWS:SourceArn": "arn:aws:events:eu-west-1:000000000000:rule/r" } },
        })
    );
    let removal = json!({ "FunctionName": "f", "StatementId": "s" });
    lambda(&aws, "RemovePermission", removal).await.unwrap();
    assert_eq!(
        lambda(&aws, "GetPolicy", of("f")).await.unwrap_err().status,
        404
    );
}

#[tokio::test]
async fn wrong_calls_are_refused_as_on_aws() {
    let aws = aws();
    create(&aws, "f", "a", json!({})).await;
    let make = |member: &str, value: Value| {
        let mut input = json!({
            "FunctionName": "new", "Runtime": "provided.al2023", "Handler": "a",
            "Role": "arn:aws:iam::000000000000:role/test", "Code": { "ZipFile": real_package() },
        });
        input[member] = value;
        input
    };
    let (invalid, validation) = ("InvalidParameterValueException", "ValidationException");
    let missing = "ResourceNotFoundException";
    let table = [
        (
            "CreateFunction",
            make("FunctionName", json!("f")),
            "ResourceConflictException",
        ),
        (
            "CreateFunction",
            make("Runtime", json!("nodejs22.x")),
            invalid,
        ),
        ("CreateFunction", make("Role", json!("test")), validation),
        ("CreateFunction", make("Timeout", json!(901)), validation),
        (
            "CreateFunction",
            make("Code", json!({ "ZipFile": "AAAA" })),
            invalid,
        ),
        (
            "CreateFunction",
            make("Code", json!({ "S3Bucket": "none", "S3Key": "k" })),
            invalid,
        ),
        (
            "CreateFunction",
            make("Layers", json!(["arn:aws:lambda:eu-west-1:1:layer:l:1"])),
            invalid,
        ),
        (
            "CreateFunction",
            make("Environment", json!({ "Variables": { "AWS_REGION": "x" } })),
            invalid,
        ),
        ("GetFunction", of("none"), missing),
        ("Invoke", of("none"), missing),
        ("Invoke", of("f:7"), missing),
        (
            "GetAlias",
            json!({ "FunctionName": "f", "Name": "live" }),
            missing,
        ),
        ("GetFunctionEventInvokeConfig", of("f"), missing),
        (
            "UpdateFunctionConfiguration",
            json!({ "FunctionName": "f", "RevisionId": "other" }),
            "PreconditionFailedException",
        ),
        (
            "CreateEventSourceMapping",
            json!({ "FunctionName": "f", "EventSourceArn": "arn:aws:kinesis:eu-west-1:000000000000:stream/s" }),
            invalid,
        ),
        ("PublishLayerVersion", json!({}), "NotImplemented"),
    ];
    for (action, input, code) in table {
        let error = lambda(&aws, action, input.clone()).await.unwrap_err();
        assert_eq!(error.code, code, "{action} {input}: {error}");
    }
    let error = invoke(&aws, of("f"), json!("x".repeat(6_291_456)))
        .await
        .unwrap_err();
    assert_eq!(error.status, 413);
}
