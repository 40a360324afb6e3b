//! The service through its calls.

use std::time::Duration;

use serde_json::{Value, json};

use crate::{Aws, Clock, Config, Ids, Scope, Store};

fn aws() -> Aws {
    Aws::start(Config {
        clock: Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap()),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    })
}

async fn kms(aws: &Aws, action: &str, input: Value) -> Value {
    aws.call(&Scope::new("eu-west-1"), "kms", action, input)
        .await
        .unwrap_or_else(|error| json!({ "error": error.code }))
}

async fn key(aws: &Aws) -> Value {
    kms(aws, "CreateKey", json!({})).await["KeyMetadata"].clone()
}

#[tokio::test]
async fn what_was_encrypted_is_decrypted_by_every_name_of_the_key() {
    let aws = aws();
    let key = key(&aws).await;
    let alias = json!({ "AliasName": "alias/mine", "TargetKeyId": key["KeyId"] });
    kms(&aws, "CreateAlias", alias).await;
    let arn = "arn:aws:kms:eu-west-1:000000000000:alias/mine";
    for name in [
        &key["KeyId"],
        &key["Arn"],
        &json!("alias/mine"),
        &json!(arn),
    ] {
        let input = json!({ "KeyId": name, "Plaintext": "aGVsbG8=", "EncryptionContext": { "b": "2", "a": "1" } });
        let sealed = kms(&aws, "Encrypt", input).await;
        assert_eq!(sealed["KeyId"], key["Arn"], "{sealed}");
        let open = |context: Value| json!({ "CiphertextBlob": sealed["CiphertextBlob"], "EncryptionContext": context });
        let plain = kms(&aws, "Decrypt", open(json!({ "a": "1", "b": "2" }))).await;
        assert_eq!(plain["Plaintext"], "aGVsbG8=");
        let wrong = kms(&aws, "Decrypt", open(json!({ "a": "1" }))).await;
        assert_eq!(wrong["error"], "InvalidCiphertextException");
    }
}

#[tokio::test]
async fn data_keys_and_re_encryption() {
    let aws = aws();
    let (one, two) = (key(&aws).await, key(&aws).await);
    let input = json!({ "KeyId": one["Arn"], "KeySpec": "AES_256" });
    let made = kms(&aws, "GenerateDataKey", input.clone()).await;
    let moved =
        json!({ "CiphertextBlob": made["CiphertextBlob"], "DestinationKeyId": two["KeyId"] });
    let moved = kms(&aws, "ReEncrypt", moved).await;
    assert_eq!(
        (&moved["SourceKeyId"], &moved["KeyId"]),
        (&one["Arn"], &two["Arn"])
    );
    let blob = &moved["CiphertextBlob"];
    let plain = kms(&aws, "Decrypt", json!({ "CiphertextBlob": blob })).await;
    assert_eq!(plain["Plaintext"], made["Plaintext"]);
    let other = json!({ "CiphertextBlob": blob, "KeyId": one["Arn"] });
    assert_eq!(
        kms(&aws, "Decrypt", other).await["error"],
        "IncorrectKeyException"
    );
    let hidden = kms(&aws, "GenerateDataKeyWithoutPlaintext", input).await;
    assert!(hidden["Plaintext"].is_null() && hidden["CiphertextBlob"].is_string());
}

#[tokio::test]
async fn a_key_is_deleted_when_its_time_has_come() {
    let aws = aws();
    let key = key(&aws).await;
    let named = json!({ "KeyId": key["KeyId"] });
    let week = json!({ "KeyId": key["KeyId"], "PendingWindowInDays": 7 });
    let scheduled = kms(&aws, "ScheduleKeyDeletion", week.clone()).await;
    assert_eq!(scheduled["DeletionDate"], "2026-11-29T10:00:00Z");
    let use_it = json!({ "KeyId": key["KeyId"], "Plaintext": "aGVsbG8=" });
    let refused = kms(&aws, "Encrypt", use_it.clone()).await;
    assert_eq!(refused["error"], "KMSInvalidStateException");
    kms(&aws, "CancelKeyDeletion", named.clone()).await;
    assert_eq!(
        kms(&aws, "Encrypt", use_it.clone()).await["error"],
        "DisabledException"
    );
    kms(&aws, "EnableKey", named.clone()).await;
    assert!(kms(&aws, "Encrypt", use_it).await["CiphertextBlob"].is_string());
    kms(&aws, "ScheduleKeyDeletion", week).await;
    aws.clock().sleep(Duration::from_secs(7 * 86_400)).await;
    assert_eq!(
        kms(&aws, "DescribeKey", named).await["error"],
        "NotFoundException"
    );
}

#[tokio::test]
async fn keys_of_services_come_into_being_on_first_use() {
    let aws = aws();
    let named = json!({ "KeyId": "alias/aws/sqs" });
    let first = kms(&aws, "DescribeKey", named.clone()).await;
    assert_eq!(first["KeyMetadata"]["KeyManager"], "AWS");
    assert_eq!(first, kms(&aws, "DescribeKey", named.clone()).await);
    let status = kms(&aws, "GetKeyRotationStatus", named).await;
    assert_eq!(status["NextRotationDate"], "2027-11-22T10:00:00Z");
}

#[tokio::test]
async fn wrong_calls_are_refused_as_on_aws() {
    let aws = aws();
    let key = key(&aws).await["KeyId"].clone();
    let alias = json!({ "AliasName": "alias/mine", "TargetKeyId": key });
    kms(&aws, "CreateAlias", alias.clone()).await;
    let table = [
        (
            "DescribeKey",
            json!({ "KeyId": "alias/none" }),
            "NotFoundException",
        ),
        (
            "DescribeKey",
            json!({ "KeyId": "nonsense" }),
            "NotFoundException",
        ),
        ("CreateAlias", alias, "AlreadyExistsException"),
        (
            "CreateAlias",
            json!({ "AliasName": "mine", "TargetKeyId": key }),
            "ValidationException",
        ),
        (
            "CreateKey",
            json!({ "KeySpec": "RSA_2048" }),
            "UnsupportedOperationException",
        ),
        (
            "CreateKey",
            json!({ "Policy": "{}" }),
            "MalformedPolicyDocumentException",
        ),
        (
            "Decrypt",
            json!({ "CiphertextBlob": "AAAA" }),
            "InvalidCiphertextException",
        ),
        (
            "GenerateDataKey",
            json!({ "KeyId": key }),
            "ValidationException",
        ),
        (
            "ScheduleKeyDeletion",
            json!({ "KeyId": key, "PendingWindowInDays": 1 }),
            "ValidationException",
        ),
        ("Sign", json!({ "KeyId": key }), "NotImplemented"),
    ];
    for (action, input, code) in table {
        assert_eq!(
            kms(&aws, action, input.clone()).await["error"],
            code,
            "{action} {input}"
        );
    }
}
