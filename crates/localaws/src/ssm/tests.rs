//! The service through its calls.

use serde_json::{Value, json};

use crate::{Aws, Clock, Config, Ids, Scope, Store};

async fn ssm(aws: &Aws, action: &str, input: Value) -> Value {
    aws.call(&Scope::new("eu-west-1"), "ssm", action, input)
        .await
        .unwrap_or_else(|error| json!({ "error": error.code }))
}

async fn put(aws: &Aws, name: &str, value: &str) -> Value {
    let input = json!({ "Name": name, "Value": value, "Type": "String", "Overwrite": true });
    ssm(aws, "PutParameter", input).await
}

fn aws() -> Aws {
    Aws::start(Config {
        clock: Clock::fast_from("2026-11-22T10:00:00Z".parse().unwrap()),
        store: Store::memory(),
        ids: Ids::seeded(1),
        endpoint: "http://127.0.0.1:4566".to_owned(),
    })
}

fn names(output: &Value) -> Vec<&str> {
    let parameters = output["Parameters"].as_array().unwrap().iter();
    parameters
        .map(|one| one["Name"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn versions_and_labels_select() {
    let aws = aws();
    put(&aws, "/app/url", "one").await;
    assert_eq!(put(&aws, "/app/url", "two").await["Version"], 2);
    let label = json!({ "Name": "/app/url", "ParameterVersion": 1, "Labels": ["old", "1no"] });
    let label = ssm(&aws, "LabelParameterVersion", label).await;
    assert_eq!(
        label,
        json!({ "InvalidLabels": ["1no"], "ParameterVersion": 1 })
    );
    let arn = "arn:aws:ssm:eu-west-1:000000000000:parameter/app/url";
    for (name, value) in [
        ("/app/url", "two"),
        ("/app/url:1", "one"),
        ("/app/url:old", "one"),
        (arn, "two"),
    ] {
        let found = ssm(&aws, "GetParameter", json!({ "Name": name })).await;
        assert_eq!(found["Parameter"]["Value"], value, "{name}: {found}");
        assert_eq!(found["Parameter"]["ARN"], arn);
    }
    let history = ssm(&aws, "GetParameterHistory", json!({ "Name": "/app/url" })).await;
    assert_eq!(history["Parameters"][0]["Labels"], json!(["old"]));
}

#[tokio::test]
async fn secure_strings_are_encrypted() {
    let aws = aws();
    let input = json!({ "Name": "secret", "Value": "sesame", "Type": "SecureString" });
    assert_eq!(ssm(&aws, "PutParameter", input).await["Version"], 1);
    let get = |decrypt: bool| json!({ "Name": "secret", "WithDecryption": decrypt });
    let plain = ssm(&aws, "GetParameter", get(true)).await;
    assert_eq!(plain["Parameter"]["Value"], "sesame");
    let kept = ssm(&aws, "GetParameter", get(false)).await;
    let kept = kept["Parameter"]["Value"].as_str().unwrap();
    assert!(kept.len() > 40 && !kept.contains("sesame"), "{kept}");
}

#[tokio::test]
async fn paths_are_listed_in_pages() {
    let aws = aws();
    for name in ["/a/1", "/a/2", "/a/b/3", "/ab/4", "a5"] {
        put(&aws, name, "x").await;
    }
    let all = json!({ "Path": "/a", "Recursive": true, "MaxResults": 2 });
    let first = ssm(&aws, "GetParametersByPath", all.clone()).await;
    assert_eq!(names(&first), ["/a/1", "/a/2"]);
    let rest = json!({ "Path": "/a", "Recursive": true, "NextToken": first["NextToken"] });
    assert_eq!(
        names(&ssm(&aws, "GetParametersByPath", rest).await),
        ["/a/b/3"]
    );
    let flat = ssm(&aws, "GetParametersByPath", json!({ "Path": "/a/" })).await;
    assert_eq!(names(&flat), ["/a/1", "/a/2"]);
    let filter = |key: &str, option: &str, value: &str| json!({ "ParameterFilters": [{ "Key": key, "Option": option, "Values": [value] }] });
    let found = ssm(&aws, "DescribeParameters", filter("Name", "Contains", "a")).await;
    assert_eq!(names(&found).len(), 5);
    let found = ssm(
        &aws,
        "DescribeParameters",
        filter("Path", "OneLevel", "/a/b"),
    )
    .await;
    assert_eq!(names(&found), ["/a/b/3"]);
}

#[tokio::test]
async fn wrong_calls_are_refused_as_on_aws() {
    let aws = aws();
    put(&aws, "p", "x").await;
    let with =
        |name: &str, value: &str, kind: &str| json!({ "Name": name, "Value": value, "Type": kind });
    let table = [
        (
            "PutParameter",
            with("p", "y", "String"),
            "ParameterAlreadyExists",
        ),
        (
            "PutParameter",
            with("a/b", "y", "String"),
            "ValidationException",
        ),
        (
            "PutParameter",
            with("aws-x", "y", "String"),
            "ValidationException",
        ),
        (
            "PutParameter",
            with("/aws/x", "y", "String"),
            "AccessDeniedException",
        ),
        (
            "PutParameter",
            with("q", "", "String"),
            "ValidationException",
        ),
        (
            "PutParameter",
            with("q", &"x".repeat(4097), "String"),
            "ValidationException",
        ),
        (
            "PutParameter",
            json!({ "Name": "q", "Value": "x" }),
            "ValidationException",
        ),
        (
            "PutParameter",
            json!({ "Name": "q", "Value": "x", "Type": "String", "AllowedPattern": "^\\d+$" }),
            "ParameterPatternMismatchException",
        ),
        (
            "PutParameter",
            json!({ "Name": "q", "Value": "x", "Type": "SecureString", "KeyId": "alias/none" }),
            "InvalidKeyId",
        ),
        (
            "GetParameter",
            json!({ "Name": "none" }),
            "ParameterNotFound",
        ),
        (
            "GetParameter",
            json!({ "Name": "/aws/service/x" }),
            "ParameterNotFound",
        ),
        (
            "GetParameter",
            json!({ "Name": "p:9" }),
            "ParameterVersionNotFound",
        ),
        (
            "DeleteParameter",
            json!({ "Name": "none" }),
            "ParameterNotFound",
        ),
        ("SendCommand", json!({}), "NotImplemented"),
    ];
    for (action, input, code) in table {
        assert_eq!(
            ssm(&aws, action, input.clone()).await["error"],
            code,
            "{action} {input}"
        );
    }
    let some = ssm(&aws, "GetParameters", json!({ "Names": ["p", "none"] })).await;
    assert_eq!(
        (names(&some), &some["InvalidParameters"]),
        (vec!["p"], &json!(["none"]))
    );
}
