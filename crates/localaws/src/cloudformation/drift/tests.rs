//! Comparisons of declared with live properties.

use serde_json::{Value, json};

use super::compare::{Rules, differences};

fn found(expected: Value, actual: Value) -> Vec<String> {
    let rules = Rules::of("AWS::Nobody::Knows", &["s3cret"]);
    differences(&rules, &expected, &actual)
        .into_iter()
        .map(|one| {
            format!(
                "{} {} {} -> {}",
                one.kind, one.path, one.expected, one.actual
            )
        })
        .collect()
}

#[test]
fn what_means_the_same_does_not_differ() {
    let cases = [
        (json!({"A": "30"}), json!({"A": 30, "B": "not declared"})),
        (json!({"A": 1}), json!({"A": 1.0})),
        (json!({"A": true}), json!({"A": "true"})),
        (
            json!({"Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}]}),
            json!({"Tags": [{"Value": "2", "Key": "b"}, {"Key": "a", "Value": "1"}]}),
        ),
        (
            json!({"P": {"Statement": {"Action": "s3:Get", "Principal": {"AWS": "arn:aws:iam::000000000000:root"}}}}),
            json!({"P": "{\"Statement\":[{\"Action\":[\"s3:Get\"],\"Principal\":{\"AWS\":\"000000000000\"}}]}"}),
        ),
        (
            json!({"P": {"Statement": [{"Action": ["a", "b"]}]}}),
            json!({"P": {"Statement": [{"Action": ["b", "a"]}]}}),
        ),
        (
            json!({"Definition": "{\"a\": 1, \"b\": [2]}"}),
            json!({"Definition": "{\"b\":[2],\"a\":1}"}),
        ),
        (
            json!({"Password": "x-s3cret"}),
            json!({"Password": "other"}),
        ),
        (
            json!({"Config": {"On": true}}),
            json!({"Config": {"On": true, "Filled": false, "Rules": []}}),
        ),
    ];
    for (expected, actual) in cases {
        assert!(found(expected.clone(), actual).is_empty(), "{expected}");
    }
}

#[test]
fn every_difference_has_its_path_and_kind() {
    let cases = [
        (
            json!({"A": "30"}),
            json!({"A": 60}),
            "NOT_EQUAL /A 30 -> 60",
        ),
        (json!({"A": "x"}), json!({}), "REMOVE /A x -> null"),
        (
            json!({"Tags": [{"Key": "a", "Value": "1"}]}),
            json!({"Tags": [{"Key": "z", "Value": "9"}, {"Key": "a", "Value": "2"}]}),
            "NOT_EQUAL /Tags/0/Value 1 -> 2|ADD /Tags/0 null -> {\"Key\":\"z\",\"Value\":\"9\"}",
        ),
        (
            json!({"Env": {"Variables": {"A": "1", "B": "2"}}}),
            json!({"Env": {"Variables": {"A": "1", "C": "3"}}}),
            "REMOVE /Env/Variables/B 2 -> null|ADD /Env/Variables/C null -> 3",
        ),
        (
            json!({"P": {"Statement": [{"Sid": "one", "Action": "s3:Get"}]}}),
            json!({"P": {"Statement": [{"Sid": "two", "Action": "s3:*"}, {"Sid": "one", "Action": ["s3:Put"]}]}}),
            "NOT_EQUAL /P/Statement/0/Action/0 s3:Get -> s3:Put|ADD /P/Statement/0 null -> {\"Sid\":\"two\",\"Action\":\"s3:*\"}",
        ),
        (
            json!({"Command": ["a", "b"]}),
            json!({"Command": ["b", "a"]}),
            "NOT_EQUAL /Command/0 a -> b|NOT_EQUAL /Command/1 b -> a",
        ),
    ];
    for (expected, actual, wanted) in cases {
        assert_eq!(found(expected, actual).join("|"), wanted);
    }
}

#[test]
fn what_a_service_fills_in_was_not_added() {
    let expected = json!({
        "LifecycleConfiguration": {"Rules": [
            {"Status": "Enabled", "ExpirationInDays": 1},
            {"Status": "Enabled", "ExpirationInDays": 2},
        ]},
        "Tags": [{"Key": "a", "Value": "1"}],
    });
    let actual = json!({
        "LifecycleConfiguration": {
            "Rules": [
                {"Id": "x", "Status": "Enabled", "ExpirationInDays": 2},
                {"Id": "y", "Status": "Enabled", "ExpirationInDays": 1},
            ],
            "TransitionDefaultMinimumObjectSize": "all_storage_classes_128K",
        },
        "Tags": [{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}],
    });
    let found = differences(&Rules::of("AWS::S3::Bucket", &[]), &expected, &actual);
    let paths: Vec<&str> = found.iter().map(|one| one.path.as_str()).collect();
    assert_eq!(paths, ["/Tags/1"]);
}
