//! What owners of images rely on, through the service's door.

use serde_json::{Value, json};

use crate::testing::Door;

fn manifest(size: u64) -> String {
    json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": { "size": 10, "digest": "sha256:0" },
        "layers": [{ "size": size }],
    })
    .to_string()
}

async fn put(door: &Door, size: u64, tag: &str) -> Value {
    let input =
        json!({ "repositoryName": "team/app", "imageManifest": manifest(size), "imageTag": tag });
    door.ok("ecr", "PutImage", input).await["image"]["imageId"].clone()
}

#[tokio::test]
async fn tags_move_and_digests_stay() {
    let door = Door::open();
    let create = json!({ "repositoryName": "team/app" });
    let made = door.ok("ecr", "CreateRepository", create.clone()).await;
    assert_eq!(
        made["repository"]["repositoryUri"],
        "000000000000.dkr.ecr.eu-central-1.amazonaws.com/team/app"
    );
    let again = door
        .call("ecr", "CreateRepository", create)
        .await
        .unwrap_err();
    assert_eq!(again.code, "RepositoryAlreadyExistsException");
    let first = put(&door, 1, "latest").await;
    let second = put(&door, 2, "latest").await;
    assert_ne!(first["imageDigest"], second["imageDigest"]);
    let ids = json!([{ "imageTag": "latest" }, { "imageDigest": first["imageDigest"] }, { "imageTag": "no" }]);
    let get = json!({ "repositoryName": "team/app", "imageIds": ids });
    let got = door.ok("ecr", "BatchGetImage", get).await;
    assert_eq!(
        got["images"][0]["imageId"]["imageDigest"],
        second["imageDigest"]
    );
    assert_eq!(got["images"][0]["imageManifest"], manifest(2));
    assert_eq!(
        got["images"][1]["imageId"]["imageDigest"],
        first["imageDigest"]
    );
    assert_eq!(got["failures"][0]["failureCode"], "ImageNotFound");
    let described = json!({ "repositoryName": "team/app", "imageIds": [{ "imageTag": "latest" }] });
    let described = door.ok("ecr", "DescribeImages", described).await;
    let detail = &described["imageDetails"][0];
    assert_eq!(
        (&detail["imageSizeInBytes"], &detail["imageTags"]),
        (&json!(12), &json!(["latest"]))
    );
    let missing = json!({ "repositoryName": "team/app", "imageIds": [{ "imageTag": "no" }] });
    let missing = door
        .call("ecr", "DescribeImages", missing)
        .await
        .unwrap_err();
    assert_eq!(
        missing.message,
        "The image with imageId {imageDigest:'null', imageTag:'no'} does not exist within the \
         repository with name 'team/app' in the registry with id '000000000000'"
    );
    let delete = json!({ "repositoryName": "team/app" });
    assert_eq!(
        door.code("ecr", "DeleteRepository", delete).await,
        "RepositoryNotEmptyException"
    );
    let untag = json!({ "repositoryName": "team/app", "imageIds": [{ "imageTag": "latest" }] });
    door.ok("ecr", "BatchDeleteImage", untag).await;
    let listed = door
        .ok("ecr", "ListImages", json!({ "repositoryName": "team/app" }))
        .await;
    assert_eq!(
        listed["imageIds"],
        json!([{ "imageDigest": first["imageDigest"] }])
    );
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let door = Door::open();
    let immutable = json!({ "repositoryName": "team/app", "imageTagMutability": "IMMUTABLE" });
    door.ok("ecr", "CreateRepository", immutable).await;
    put(&door, 1, "v1").await;
    let image = |manifest: String, tag: &str| json!({ "repositoryName": "team/app", "imageManifest": manifest, "imageTag": tag });
    for (action, input, code) in [
        (
            "CreateRepository",
            json!({ "repositoryName": "Team" }),
            "InvalidParameterException",
        ),
        (
            "PutImage",
            image(manifest(1), "v1"),
            "ImageAlreadyExistsException",
        ),
        (
            "PutImage",
            image(manifest(2), "v1"),
            "ImageTagAlreadyExistsException",
        ),
        (
            "PutImage",
            image("no".to_owned(), "v2"),
            "InvalidParameterException",
        ),
        (
            "DescribeImages",
            json!({ "repositoryName": "none" }),
            "RepositoryNotFoundException",
        ),
        (
            "GetLifecyclePolicy",
            json!({ "repositoryName": "team/app" }),
            "LifecyclePolicyNotFoundException",
        ),
        ("GetAuthorizationToken", json!({}), "NotImplemented"),
    ] {
        assert_eq!(
            door.code("ecr", action, input.clone()).await,
            code,
            "{action} {input}"
        );
    }
}
