//! Cloud Control through its API.

use serde_json::{Value, json};

use crate::{Aws, Clock, Config, Ids, Scope, Store};

fn start() -> (Aws, Scope) {
    let aws = Aws::start(Config {
        clock: Clock::fast(),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    });
    (aws, Scope::new("eu-central-1"))
}

async fn call(aws: &Aws, scope: &Scope, action: &str, input: Value) -> Result<Value, String> {
    let answer = aws.call(scope, "cloudcontrol", action, input).await;
    answer.map_err(|error| error.to_string())
}

/// The last event of a request that is waited for.
async fn finished(aws: &Aws, scope: &Scope, begun: &Value) -> Value {
    let token = begun["ProgressEvent"]["RequestToken"].clone();
    assert_eq!(begun["ProgressEvent"]["OperationStatus"], "IN_PROGRESS");
    loop {
        let input = json!({ "RequestToken": token });
        let status = call(aws, scope, "GetResourceRequestStatus", input)
            .await
            .unwrap();
        if status["ProgressEvent"]["OperationStatus"] != "IN_PROGRESS" {
            return status["ProgressEvent"].clone();
        }
        tokio::task::yield_now().await;
    }
}

fn properties(description: &Value) -> Value {
    serde_json::from_str(description["Properties"].as_str().unwrap()).unwrap()
}

#[tokio::test]
async fn a_recorded_resource_from_create_to_delete() {
    let (aws, scope) = start();
    let vpc = "AWS::EC2::VPC";
    let desired = json!({"CidrBlock": "10.0.0.0/16", "EnableDnsSupport": "true"}).to_string();
    let input = json!({"TypeName": vpc, "DesiredState": desired, "ClientToken": "once"});
    let begun = call(&aws, &scope, "CreateResource", input.clone())
        .await
        .unwrap();
    let done = finished(&aws, &scope, &begun).await;
    assert_eq!(done["OperationStatus"], "SUCCESS");
    let id = done["Identifier"].as_str().unwrap().to_owned();
    assert!(id.starts_with("vpc-0"));
    let again = call(&aws, &scope, "CreateResource", input).await.unwrap();
    assert_eq!(again["ProgressEvent"]["RequestToken"], done["RequestToken"]);

    let patch = json!([
        {"op": "replace", "path": "/EnableDnsSupport", "value": false},
        {"op": "add", "path": "/Tags", "value": [{"Key": "a", "Value": "1"}]},
    ]);
    let input = json!({"TypeName": vpc, "Identifier": id, "PatchDocument": patch.to_string()});
    let begun = call(&aws, &scope, "UpdateResource", input).await.unwrap();
    assert_eq!(
        finished(&aws, &scope, &begun).await["OperationStatus"],
        "SUCCESS"
    );
    let input = json!({"TypeName": vpc, "Identifier": json!({"VpcId": id}).to_string()});
    let found = call(&aws, &scope, "GetResource", input).await.unwrap();
    let live = properties(&found["ResourceDescription"]);
    assert_eq!(live["EnableDnsSupport"], false);
    assert_eq!(live["Tags"], json!([{"Key": "a", "Value": "1"}]));
    assert_eq!(live["VpcId"], id);

    let listed = call(&aws, &scope, "ListResources", json!({"TypeName": vpc}))
        .await
        .unwrap();
    assert_eq!(listed["ResourceDescriptions"][0]["Identifier"], id);
    let input = json!({"TypeName": vpc, "Identifier": id});
    let begun = call(&aws, &scope, "DeleteResource", input.clone())
        .await
        .unwrap();
    assert_eq!(
        finished(&aws, &scope, &begun).await["OperationStatus"],
        "SUCCESS"
    );
    let gone = call(&aws, &scope, "GetResource", input).await.unwrap_err();
    assert_eq!(
        gone,
        format!(
            "ResourceNotFoundException: Resource of type '{vpc}' with identifier '{id}' was not found."
        )
    );
    let filter = json!({"ResourceRequestStatusFilter": {"Operations": ["DELETE"]}});
    let requests = call(&aws, &scope, "ListResourceRequests", filter)
        .await
        .unwrap();
    assert_eq!(
        requests["ResourceRequestStatusSummaries"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[tokio::test]
async fn a_bucket_is_the_bucket_of_s3() {
    let (aws, scope) = start();
    let bucket = "AWS::S3::Bucket";
    let desired = json!({"BucketName": "b-1"}).to_string();
    let input = json!({"TypeName": bucket, "DesiredState": desired});
    let begun = call(&aws, &scope, "CreateResource", input.clone())
        .await
        .unwrap();
    assert_eq!(finished(&aws, &scope, &begun).await["Identifier"], "b-1");
    let begun = call(&aws, &scope, "CreateResource", input).await.unwrap();
    let failed = finished(&aws, &scope, &begun).await;
    assert_eq!(failed["OperationStatus"], "FAILED");
    assert_eq!(failed["ErrorCode"], "AlreadyExists");
    let patch =
        json!([{"op": "add", "path": "/VersioningConfiguration", "value": {"Status": "Enabled"}}]);
    let input =
        json!({"TypeName": bucket, "Identifier": "b-1", "PatchDocument": patch.to_string()});
    let begun = call(&aws, &scope, "UpdateResource", input).await.unwrap();
    assert_eq!(
        finished(&aws, &scope, &begun).await["OperationStatus"],
        "SUCCESS"
    );
    let input = json!({"Bucket": "b-1"});
    let versioning = aws
        .call(&scope, "s3", "GetBucketVersioning", input)
        .await
        .unwrap();
    assert_eq!(versioning["Status"], "Enabled");
}

#[tokio::test]
async fn what_is_refused() {
    let (aws, scope) = start();
    let desired = json!({"CidrBlock": "10.0.0.0/16"}).to_string();
    let input = json!({"TypeName": "AWS::EC2::VPC", "DesiredState": desired});
    let begun = call(&aws, &scope, "CreateResource", input).await.unwrap();
    let id = finished(&aws, &scope, &begun).await["Identifier"].clone();
    let patch = |path: &str| {
        let patch = json!([{"op": "add", "path": path, "value": "x"}]).to_string();
        json!({"TypeName": "AWS::EC2::VPC", "Identifier": id, "PatchDocument": patch})
    };
    let cases = [
        (
            "UpdateResource",
            patch("/VpcId"),
            "ValidationException: Invalid patch update: readOnlyProperties [/properties/VpcId] cannot be updated",
        ),
        (
            "UpdateResource",
            patch("/CidrBlock"),
            "NotUpdatableException: Invalid patch update: createOnlyProperties [/properties/CidrBlock] cannot be updated",
        ),
        (
            "UpdateResource",
            patch("/Foo"),
            "ValidationException: Model validation failed (#: extraneous key [Foo] is not permitted)",
        ),
        (
            "GetResource",
            json!({"TypeName": "AWS::EC2::Nothing", "Identifier": "x"}),
            "TypeNotFoundException: The type 'AWS::EC2::Nothing' cannot be found.",
        ),
        (
            "GetResource",
            json!({"TypeName": "AWS::SQS::QueuePolicy", "Identifier": "x"}),
            "UnsupportedActionException: Resource type AWS::SQS::QueuePolicy does not support READ action",
        ),
        (
            "GetResourceRequestStatus",
            json!({"RequestToken": "x"}),
            "RequestTokenNotFoundException: Request with token x was not found",
        ),
    ];
    for (action, input, expected) in cases {
        assert_eq!(
            call(&aws, &scope, action, input).await.unwrap_err(),
            expected
        );
    }
}
