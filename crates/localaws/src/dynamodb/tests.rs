//! What owners of tables rely on, through the service's door.

use serde_json::{Value, json};

use crate::Store;
use crate::testing::Door;

fn table(name: &str) -> Value {
    json!({
        "TableName": name,
        "KeySchema": [{ "AttributeName": "id", "KeyType": "HASH" }],
        "AttributeDefinitions": [{ "AttributeName": "id", "AttributeType": "S" }],
        "BillingMode": "PAY_PER_REQUEST",
    })
}

fn item(id: &str, n: &str) -> Value {
    json!({ "id": { "S": id }, "n": { "N": n }, "b": { "B": "AAE=" } })
}

#[tokio::test]
async fn tables_are_ours_in_name_and_time() {
    let door = Door::open();
    let made = door.ok("dynamodb", "CreateTable", table("tab")).await;
    let arn = "arn:aws:dynamodb:eu-central-1:000000000000:table/tab";
    assert_eq!(made["TableDescription"]["TableArn"], arn);
    assert_eq!(
        made["TableDescription"]["CreationDateTime"],
        "2026-11-22T10:00:00Z"
    );
    let shown = door
        .ok("dynamodb", "DescribeTable", json!({ "TableName": "tab" }))
        .await;
    assert_eq!(shown["Table"]["TableStatus"], "ACTIVE");
    assert_eq!(
        door.code("dynamodb", "CreateTable", table("tab")).await,
        "ResourceInUseException"
    );
    let tag = json!({ "ResourceArn": arn, "Tags": [{ "Key": "a", "Value": "1" }] });
    door.ok("dynamodb", "TagResource", tag).await;
    let tags = door
        .ok(
            "dynamodb",
            "ListTagsOfResource",
            json!({ "ResourceArn": arn }),
        )
        .await;
    assert_eq!(tags["Tags"], json!([{ "Key": "a", "Value": "1" }]));
    let on = json!({ "TableName": "tab", "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true } });
    let backups = door.ok("dynamodb", "UpdateContinuousBackups", on).await;
    let recovery = &backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"];
    assert_eq!(recovery["PointInTimeRecoveryStatus"], "ENABLED");
    let protect = json!({ "TableName": "tab", "DeletionProtectionEnabled": true, "SSESpecification": { "Enabled": true } });
    let updated = door.ok("dynamodb", "UpdateTable", protect).await;
    assert_eq!(
        updated["TableDescription"]["DeletionProtectionEnabled"],
        true
    );
    assert_eq!(
        updated["TableDescription"]["SSEDescription"]["SSEType"],
        "KMS"
    );
    let delete = json!({ "TableName": "tab" });
    assert_eq!(
        door.code("dynamodb", "DeleteTable", delete).await,
        "ValidationException"
    );
    let there = door
        .aws
        .call(
            &crate::Scope::new("eu-west-1"),
            "dynamodb",
            "ListTables",
            json!({}),
        )
        .await;
    assert_eq!(there.unwrap()["TableNames"], json!([]));
}

#[tokio::test]
async fn items_and_errors_are_those_of_aws() {
    let door = Door::open();
    door.ok("dynamodb", "CreateTable", table("tab")).await;
    let big = "12345678901234567890.1234567890123456";
    door.ok(
        "dynamodb",
        "PutItem",
        json!({ "TableName": "tab", "Item": item("a", big) }),
    )
    .await;
    let add = json!({
        "TableName": "tab", "Key": { "id": { "S": "a" } }, "UpdateExpression": "ADD n :one",
        "ExpressionAttributeValues": { ":one": { "N": "1" } }, "ReturnValues": "UPDATED_NEW",
    });
    let added = door.ok("dynamodb", "UpdateItem", add).await;
    assert_eq!(
        added["Attributes"]["n"]["N"],
        "12345678901234567891.1234567890123456"
    );
    let got = door
        .ok(
            "dynamodb",
            "GetItem",
            json!({ "TableName": "tab", "Key": { "id": { "S": "a" } } }),
        )
        .await;
    assert_eq!(got["Item"]["b"], json!({ "B": "AAE=" }));
    let only_new = json!({ "TableName": "tab", "Item": item("a", "1"), "ConditionExpression": "attribute_not_exists(id)", "ReturnValuesOnConditionCheckFailure": "ALL_OLD" });
    let refused = door
        .call("dynamodb", "PutItem", only_new.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.code, "ConditionalCheckFailedException");
    assert_eq!(refused.fields["Item"]["id"], json!({ "S": "a" }));
    let mut put = only_new;
    put.as_object_mut()
        .unwrap()
        .remove("ReturnValuesOnConditionCheckFailure");
    let refused = door
        .call(
            "dynamodb",
            "TransactWriteItems",
            json!({ "TransactItems": [{ "Put": put }] }),
        )
        .await
        .unwrap_err();
    assert_eq!(refused.code, "TransactionCanceledException");
    assert_eq!(
        refused.fields["CancellationReasons"][0]["Code"],
        "ConditionalCheckFailed"
    );
    for (action, input, code) in [
        (
            "GetItem",
            json!({ "TableName": "none", "Key": { "id": { "S": "a" } } }),
            "ResourceNotFoundException",
        ),
        (
            "GetItem",
            json!({ "TableName": "tab", "Key": { "nope": { "S": "a" } } }),
            "ValidationException",
        ),
        (
            "Scan",
            json!({ "TableName": "tab", "FilterExpression": "size = :x", "ExpressionAttributeValues": { ":x": { "N": "1" } } }),
            "ValidationException",
        ),
        (
            "CreateBackup",
            json!({ "TableName": "tab" }),
            "NotImplemented",
        ),
        (
            "DescribeContinuousBackups",
            json!({ "TableName": "none" }),
            "TableNotFoundException",
        ),
    ] {
        assert_eq!(door.code("dynamodb", action, input).await, code, "{action}");
    }
}

#[tokio::test]
async fn a_stream_shows_changes() {
    let door = Door::open();
    let mut input = table("tab");
    input["StreamSpecification"] = json!({ "StreamEnabled": true, "StreamViewType": "NEW_IMAGE" });
    let made = door.ok("dynamodb", "CreateTable", input).await;
    let arn = &made["TableDescription"]["LatestStreamArn"];
    assert!(
        arn.as_str()
            .unwrap()
            .starts_with("arn:aws:dynamodb:eu-central-1:000000000000:table/tab/stream/")
    );
    door.ok(
        "dynamodb",
        "PutItem",
        json!({ "TableName": "tab", "Item": item("a", "1") }),
    )
    .await;
    let stream = door
        .ok(
            "dynamodbstreams",
            "DescribeStream",
            json!({ "StreamArn": arn }),
        )
        .await;
    let shard = &stream["StreamDescription"]["Shards"][0]["ShardId"];
    let at = json!({ "StreamArn": arn, "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON" });
    let iterator = door.ok("dynamodbstreams", "GetShardIterator", at).await;
    let records = door
        .ok(
            "dynamodbstreams",
            "GetRecords",
            json!({ "ShardIterator": iterator["ShardIterator"] }),
        )
        .await;
    assert_eq!(
        records["Records"][0]["dynamodb"]["NewImage"]["id"],
        json!({ "S": "a" })
    );
}

#[tokio::test]
async fn items_end_with_their_time_and_files_keep_the_rest() {
    let door = Door::open();
    door.ok("dynamodb", "CreateTable", table("tab")).await;
    let on = json!({ "TableName": "tab", "TimeToLiveSpecification": { "AttributeName": "n", "Enabled": true } });
    door.ok("dynamodb", "UpdateTimeToLive", on).await;
    let soon = (door.aws.clock().now().as_second() + 600).to_string();
    door.ok(
        "dynamodb",
        "PutItem",
        json!({ "TableName": "tab", "Item": item("a", &soon) }),
    )
    .await;
    door.pass(2 * 3600).await;
    let left = door
        .ok("dynamodb", "Scan", json!({ "TableName": "tab" }))
        .await;
    assert_eq!(left["Count"], 0);

    let directory = tempfile::tempdir().unwrap();
    let open = || {
        let store = Store::open(&directory.path().join("state.sqlite")).unwrap();
        Door::open_at("2026-11-22T10:00:00Z", store)
    };
    let door = open();
    door.ok("dynamodb", "CreateTable", table("tab")).await;
    door.ok(
        "dynamodb",
        "PutItem",
        json!({ "TableName": "tab", "Item": item("a", "1") }),
    )
    .await;
    drop(door);
    let again = open()
        .ok("dynamodb", "Scan", json!({ "TableName": "tab" }))
        .await;
    assert_eq!(again["Items"][0]["n"], json!({ "N": "1" }));
}
