//! What clients rely on, through the service's door.

use bytes::Bytes;
use serde_json::{Value, json};

use crate::testing;
use crate::{AwsError, Reply, Store};

/// The common door with S3's own short cuts.
struct Door(testing::Door);

impl Door {
    fn open() -> Self {
        let half_past = "2026-11-22T10:00:00.5Z";
        Self(testing::Door::open_at(half_past, Store::memory()))
    }

    async fn raw(&self, action: &str, input: Value, body: &[u8]) -> Result<Reply, AwsError> {
        let body = Bytes::copy_from_slice(body);
        let call = self
            .0
            .aws
            .call_raw(&self.0.scope, "s3", action, input, body);
        let reply = call.await?;
        testing::must_be_sendable("s3", action, &reply.output);
        Ok(reply)
    }

    async fn ok(&self, action: &str, input: Value) -> Value {
        self.raw(action, input, b"").await.unwrap().output
    }

    async fn error(&self, action: &str, input: Value) -> (String, u16) {
        let error = self.raw(action, input, b"").await.unwrap_err();
        (error.code, error.status)
    }

    async fn bucket(&self, name: &str) {
        let place = json!({ "LocationConstraint": "eu-central-1" });
        self.ok(
            "CreateBucket",
            json!({ "Bucket": name, "CreateBucketConfiguration": place }),
        )
        .await;
    }

    async fn put(&self, key: &str, data: &[u8]) -> Value {
        let input = json!({ "Bucket": "box", "Key": key });
        self.raw("PutObject", input, data).await.unwrap().output
    }

    async fn versioned(&self, status: &str) {
        let set = json!({ "Status": status });
        self.ok(
            "PutBucketVersioning",
            json!({ "Bucket": "box", "VersioningConfiguration": set }),
        )
        .await;
    }
}

fn refused(code: &str, status: u16) -> (String, u16) {
    (code.to_owned(), status)
}

#[tokio::test]
async fn buckets_are_made_once_and_deleted_empty() {
    let door = Door::open();
    let plain = json!({ "Bucket": "box" });
    let illegal = refused("IllegalLocationConstraintException", 400);
    assert_eq!(door.error("CreateBucket", plain.clone()).await, illegal);
    door.bucket("box").await;
    let again = json!({ "Bucket": "box", "CreateBucketConfiguration": { "LocationConstraint": "eu-central-1" } });
    assert_eq!(
        door.error("CreateBucket", again).await,
        refused("BucketAlreadyOwnedByYou", 409)
    );
    let location = door.ok("GetBucketLocation", plain.clone()).await;
    assert_eq!(location["LocationConstraint"], "eu-central-1");
    assert_eq!(
        door.ok("ListBuckets", json!({})).await["Buckets"][0]["Name"],
        "box"
    );
    door.put("a", b"1").await;
    assert_eq!(
        door.error("DeleteBucket", plain.clone()).await,
        refused("BucketNotEmpty", 409)
    );
    door.ok("DeleteObject", json!({ "Bucket": "box", "Key": "a" }))
        .await;
    door.ok("DeleteBucket", plain.clone()).await;
    assert_eq!(
        door.error("HeadBucket", plain).await,
        refused("NoSuchBucket", 404)
    );
}

#[tokio::test]
async fn objects_keep_what_was_said_of_them() {
    let door = Door::open();
    door.bucket("box").await;
    let input = json!({
        "Bucket": "box", "Key": "a/b c.txt", "ContentType": "text/plain", "Metadata": { "who": "me" },
        "Tagging": "team=red", "ChecksumCRC32": "NhCmhg==",
    });
    let put = door.raw("PutObject", input, b"hello").await.unwrap().output;
    assert_eq!(put["ETag"], "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(put["ServerSideEncryption"], "AES256");
    let at = json!({ "Bucket": "box", "Key": "a/b c.txt" });
    let got = door.raw("GetObject", at.clone(), b"").await.unwrap();
    assert_eq!(&got.body[..], b"hello");
    for (member, value) in [
        ("ContentType", json!("text/plain")),
        ("Metadata", json!({ "who": "me" })),
        ("ContentLength", json!(5)),
        ("TagCount", json!(1)),
        ("LastModified", json!("2026-11-22T10:00:00Z")),
    ] {
        assert_eq!(got.output[member], value, "{member}");
    }
    let with = |name: &str, value: &str| {
        let mut input = at.clone();
        input[name] = json!(value);
        input
    };
    let part = door
        .raw("GetObject", with("Range", "bytes=1-3"), b"")
        .await
        .unwrap();
    assert_eq!(
        (&part.body[..], part.output["ContentRange"].as_str()),
        (&b"ell"[..], Some("bytes 1-3/5"))
    );
    let etag = put["ETag"].as_str().unwrap();
    for (name, value, wanted) in [
        ("IfMatch", "\"other\"", refused("PreconditionFailed", 412)),
        ("IfNoneMatch", etag, refused("NotModified", 304)),
        (
            "IfModifiedSince",
            "2026-11-22T10:00:00Z",
            refused("NotModified", 304),
        ),
        ("VersionId", "gone", refused("NoSuchVersion", 404)),
        ("Range", "bytes=9-", refused("InvalidRange", 416)),
    ] {
        assert_eq!(
            door.error("GetObject", with(name, value)).await,
            wanted,
            "{name}"
        );
    }
    let there = door.error("PutObject", with("IfNoneMatch", "*")).await;
    assert_eq!(there, refused("PreconditionFailed", 412));
    let wrong = with("ChecksumCRC32", "AAAAAA==");
    assert_eq!(
        door.raw("PutObject", wrong, b"x").await.unwrap_err().code,
        "BadDigest"
    );
    let missing = json!({ "Bucket": "box", "Key": "none" });
    assert_eq!(
        door.error("GetObject", missing).await,
        refused("NoSuchKey", 404)
    );

    let copy = json!({ "Bucket": "box", "Key": "copy", "CopySource": "box/a/b%20c.txt" });
    door.ok("CopyObject", copy).await;
    let copied = door
        .ok("HeadObject", json!({ "Bucket": "box", "Key": "copy" }))
        .await;
    assert_eq!(copied["Metadata"], json!({ "who": "me" }));
}

#[tokio::test]
async fn listings_come_in_pages_and_folders() {
    let door = Door::open();
    door.bucket("box").await;
    for key in ["a/1", "a/2", "b", "c/1", "d d"] {
        door.put(key, b"").await;
    }
    let (mut seen, mut token) = (Vec::new(), None::<String>);
    loop {
        let input = json!({ "Bucket": "box", "Delimiter": "/", "MaxKeys": 1, "ContinuationToken": token, "EncodingType": "url" });
        let page = door.ok("ListObjectsV2", input).await;
        let item = page["Contents"][0]["Key"]
            .as_str()
            .or(page["CommonPrefixes"][0]["Prefix"].as_str());
        seen.push(item.unwrap().to_owned());
        assert_eq!(page["KeyCount"], 1);
        token = page["NextContinuationToken"].as_str().map(str::to_owned);
        assert_eq!(page["IsTruncated"], token.is_some());
        if token.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["a/", "b", "c/", "d%20d"]);
    let page = door
        .ok(
            "ListObjects",
            json!({ "Bucket": "box", "Prefix": "a/", "MaxKeys": 1 }),
        )
        .await;
    assert_eq!(
        (&page["Contents"][0]["Key"], &page["IsTruncated"]),
        (&json!("a/1"), &json!(true))
    );
    let page = door
        .ok(
            "ListObjects",
            json!({ "Bucket": "box", "Prefix": "a/", "Marker": "a/1" }),
        )
        .await;
    assert_eq!(page["Contents"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn versions_are_kept_hidden_and_restored() {
    let door = Door::open();
    door.bucket("box").await;
    door.put("k", b"null").await;
    door.versioned("Enabled").await;
    let first = door.put("k", b"one").await["VersionId"].clone();
    let second = door.put("k", b"two").await["VersionId"].clone();
    let at = json!({ "Bucket": "box", "Key": "k" });
    let gone = door.ok("DeleteObject", at.clone()).await;
    assert_eq!(gone["DeleteMarker"], true);
    assert_eq!(
        door.error("GetObject", at.clone()).await,
        refused("NoSuchKey", 404)
    );
    let old = json!({ "Bucket": "box", "Key": "k", "VersionId": first });
    assert_eq!(
        &door.raw("GetObject", old, b"").await.unwrap().body[..],
        b"one"
    );
    let all = door
        .ok("ListObjectVersions", json!({ "Bucket": "box" }))
        .await;
    let ids: Vec<_> = all["Versions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["VersionId"])
        .collect();
    assert_eq!(ids, [&second, &first, &json!("null")]);
    assert_eq!(all["DeleteMarkers"][0]["IsLatest"], true);
    let marker = json!({ "Bucket": "box", "Key": "k", "VersionId": gone["VersionId"] });
    door.ok("DeleteObject", marker).await;
    assert_eq!(
        &door.raw("GetObject", at.clone(), b"").await.unwrap().body[..],
        b"two"
    );
    door.versioned("Suspended").await;
    door.put("k", b"three").await;
    let all = door
        .ok(
            "ListObjectVersions",
            json!({ "Bucket": "box", "MaxKeys": 2 }),
        )
        .await;
    assert_eq!(all["Versions"][0]["VersionId"], "null");
    assert_eq!(all["NextVersionIdMarker"], second);
    let more = json!({ "Bucket": "box", "KeyMarker": "k", "VersionIdMarker": second });
    let rest = door.ok("ListObjectVersions", more).await;
    assert_eq!(rest["Versions"].as_array().unwrap().len(), 1);
    let objects = json!([{ "Key": "k", "VersionId": first }, { "Key": "k", "VersionId": second }, { "Key": "k", "VersionId": "null" }]);
    let deleted = door
        .ok(
            "DeleteObjects",
            json!({ "Bucket": "box", "Delete": { "Objects": objects } }),
        )
        .await;
    assert_eq!(deleted["Deleted"].as_array().unwrap().len(), 3);
    door.ok("DeleteBucket", json!({ "Bucket": "box" })).await;
}

#[tokio::test]
async fn parts_become_an_object() {
    let door = Door::open();
    door.bucket("box").await;
    let begun = door
        .ok(
            "CreateMultipartUpload",
            json!({ "Bucket": "box", "Key": "big", "ChecksumAlgorithm": "CRC32" }),
        )
        .await;
    let at = |number: i64| json!({ "Bucket": "box", "Key": "big", "UploadId": begun["UploadId"], "PartNumber": number });
    let large = vec![b'x'; 5 * 1024 * 1024];
    let mut parts = Vec::new();
    for (number, data) in [(1, &large[..]), (2, b"end")] {
        let part = door
            .raw("UploadPart", at(number), data)
            .await
            .unwrap()
            .output;
        parts.push(json!({ "PartNumber": number, "ETag": part["ETag"] }));
    }
    let listed = door.ok("ListParts", at(0)).await;
    assert_eq!(listed["Parts"][1]["Size"], 3);
    let finish = |parts: Vec<Value>| json!({ "Bucket": "box", "Key": "big", "UploadId": begun["UploadId"], "MultipartUpload": { "Parts": parts } });
    let reversed = parts.iter().rev().cloned().collect();
    let order = refused("InvalidPartOrder", 400);
    assert_eq!(
        door.error("CompleteMultipartUpload", finish(reversed))
            .await,
        order
    );
    let done = door
        .ok("CompleteMultipartUpload", finish(parts.clone()))
        .await;
    assert!(done["ETag"].as_str().unwrap().ends_with("-2\""));
    assert!(done["ChecksumCRC32"].as_str().unwrap().ends_with("-2"));
    assert_eq!(
        door.error("CompleteMultipartUpload", finish(parts)).await,
        refused("NoSuchUpload", 404)
    );
    let part = door
        .raw(
            "GetObject",
            json!({ "Bucket": "box", "Key": "big", "PartNumber": 2 }),
            b"",
        )
        .await
        .unwrap();
    assert_eq!(
        (&part.body[..], &part.output["PartsCount"]),
        (&b"end"[..], &json!(2))
    );
}

#[tokio::test]
async fn configurations_come_back_as_they_were_set() {
    let door = Door::open();
    door.bucket("box").await;
    let at = json!({ "Bucket": "box" });
    for (action, code) in [
        ("GetBucketPolicy", "NoSuchBucketPolicy"),
        ("GetBucketTagging", "NoSuchTagSet"),
        ("GetBucketCors", "NoSuchCORSConfiguration"),
        (
            "GetBucketLifecycleConfiguration",
            "NoSuchLifecycleConfiguration",
        ),
        ("GetBucketWebsite", "NoSuchWebsiteConfiguration"),
        (
            "GetBucketReplication",
            "ReplicationConfigurationNotFoundError",
        ),
        (
            "GetObjectLockConfiguration",
            "ObjectLockConfigurationNotFoundError",
        ),
    ] {
        assert_eq!(
            door.error(action, at.clone()).await,
            refused(code, 404),
            "{action}"
        );
    }
    let block = door.ok("GetPublicAccessBlock", at.clone()).await;
    assert_eq!(
        block["PublicAccessBlockConfiguration"]["BlockPublicPolicy"],
        true
    );
    let default = door.ok("GetBucketEncryption", at.clone()).await;
    let rule = &default["ServerSideEncryptionConfiguration"]["Rules"][0];
    assert_eq!(
        rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"],
        "AES256"
    );
    assert_eq!(door.ok("GetBucketVersioning", at.clone()).await, json!({}));

    let cors = json!({ "CORSRules": [{ "AllowedMethods": ["GET"], "AllowedOrigins": ["*"] }] });
    door.ok(
        "PutBucketCors",
        json!({ "Bucket": "box", "CORSConfiguration": cors }),
    )
    .await;
    assert_eq!(door.ok("GetBucketCors", at.clone()).await, cors);
    door.ok("DeleteBucketCors", at.clone()).await;
    assert_eq!(
        door.error("GetBucketCors", at.clone()).await.0,
        "NoSuchCORSConfiguration"
    );

    let one = json!({ "Id": "m", "Filter": { "Prefix": "p" } });
    door.ok(
        "PutBucketMetricsConfiguration",
        json!({ "Bucket": "box", "Id": "m", "MetricsConfiguration": one }),
    )
    .await;
    let listed = door.ok("ListBucketMetricsConfigurations", at.clone()).await;
    assert_eq!(listed["MetricsConfigurationList"], json!([one]));
    assert_eq!(
        door.error("GetBucketAbacus", at.clone()).await,
        refused("NotImplemented", 501)
    );

    let open = json!({ "Version": "2012-10-17", "Statement": [{ "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::box/*" }] });
    let put = |policy: &Value| json!({ "Bucket": "box", "Policy": policy.to_string() });
    assert_eq!(
        door.error("PutBucketPolicy", put(&open)).await,
        refused("AccessDenied", 403)
    );
    door.ok("DeletePublicAccessBlock", at.clone()).await;
    door.ok("PutBucketPolicy", put(&open)).await;
    let status = door.ok("GetBucketPolicyStatus", at.clone()).await;
    assert_eq!(status["PolicyStatus"]["IsPublic"], true);
    let mut elsewhere = open.clone();
    elsewhere["Statement"][0]["Resource"] = json!("arn:aws:s3:::other/*");
    for policy in [json!("text"), json!({}), elsewhere] {
        assert_eq!(
            door.error("PutBucketPolicy", put(&policy)).await.0,
            "MalformedPolicy"
        );
    }
}

#[tokio::test]
async fn locked_objects_stay() {
    let door = Door::open();
    let place = json!({ "LocationConstraint": "eu-central-1" });
    door.ok("CreateBucket", json!({ "Bucket": "box", "CreateBucketConfiguration": place, "ObjectLockEnabledForBucket": true })).await;
    let rule = json!({ "ObjectLockEnabled": "Enabled", "Rule": { "DefaultRetention": { "Mode": "GOVERNANCE", "Days": 1 } } });
    door.ok(
        "PutObjectLockConfiguration",
        json!({ "Bucket": "box", "ObjectLockConfiguration": rule }),
    )
    .await;
    let id = door.put("k", b"1").await["VersionId"].clone();
    let mut delete = json!({ "Bucket": "box", "Key": "k", "VersionId": id });
    assert_eq!(
        door.error("DeleteObject", delete.clone()).await,
        refused("AccessDenied", 403)
    );
    delete["BypassGovernanceRetention"] = json!(true);
    door.ok("DeleteObject", delete).await;
}
