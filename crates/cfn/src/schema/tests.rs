//! What the schemas say of a few well-known types.

use serde_json::json;

use super::{Replacement, Schema, type_names};

#[test]
fn every_type_can_be_read() {
    let names: Vec<String> = type_names().collect();
    assert!(names.len() > 1800);
    for name in names {
        let schema = Schema::of(&name).unwrap();
        assert_eq!(schema.name(), name);
        assert!(
            !schema.properties.is_empty()
                || schema.open != 0
                || name.starts_with("AWS::CloudFormation::"),
            "{name}"
        );
    }
    assert!(Schema::of("AWS::SQS::Nothing").is_none());
    assert!(Schema::of("AWS::Nothing::Queue").is_none());
}

#[test]
fn facts() {
    let queue = Schema::of("AWS::SQS::Queue").unwrap();
    assert_eq!(queue.replaces("QueueName"), Replacement::Always);
    assert_eq!(queue.replaces("VisibilityTimeout"), Replacement::Never);
    assert_eq!(queue.primary_identifier(), ["QueueUrl"]);
    assert_eq!(queue.tag_property(), Some("Tags"));
    assert!(queue.supports_drift());
    let policy = Schema::of("AWS::IAM::Policy").unwrap();
    assert!(!policy.supports_drift());
    let vpc = Schema::of("AWS::EC2::VPC").unwrap();
    assert_eq!(vpc.replaces("InstanceTenancy"), Replacement::Conditionally);
    let database = Schema::of("AWS::RDS::DBInstance").unwrap();
    assert!(
        database
            .write_only()
            .contains(&"MasterUserPassword".to_owned())
    );
    assert!(
        database
            .read_only()
            .contains(&"Endpoint/Address".to_owned())
    );
}

#[test]
fn faults() {
    let cases = [
        (
            "AWS::SQS::Queue",
            json!({"DelaySeconds": "5", "FifoQueue": "true"}),
            vec![],
        ),
        (
            "AWS::SQS::Queue",
            json!({"Foo": 1, "DelaySeconds": "soon", "Tags": [{"Key": "a"}]}),
            vec![
                "#: extraneous key [Foo] is not permitted",
                "#/DelaySeconds: expected type: Integer, found: String",
                "#/Tags/0: required key [Value] not found",
            ],
        ),
        (
            "AWS::SQS::Queue",
            json!({"Arn": "mine"}),
            vec!["#: extraneous key [Arn] is not permitted"],
        ),
        (
            "AWS::SQS::QueuePolicy",
            json!({"PolicyDocument": {}, "Queues": "q"}),
            vec!["#/Queues: expected type: JSONArray, found: String"],
        ),
        (
            "AWS::SQS::QueuePolicy",
            json!({"Queues": []}),
            vec!["#: required key [PolicyDocument] not found"],
        ),
        (
            "AWS::DynamoDB::Table",
            json!({"KeySchema": [{"AttributeName": "a", "KeyType": "HASH"}], "BillingMode": {}}),
            vec!["#/BillingMode: expected type: String, found: JSONObject"],
        ),
        (
            "Custom::Anything",
            json!({"ServiceToken": "arn", "Free": {"a": 1}}),
            vec![],
        ),
    ];
    for (type_name, properties, expected) in cases {
        let found = Schema::of(type_name).unwrap().property_faults(&properties);
        assert_eq!(found, expected, "{type_name}");
    }
}

#[test]
fn scalars_get_their_types() {
    let schema = Schema::of("AWS::CloudWatch::Alarm").unwrap();
    let given = json!({
        "Threshold": "1.0", "Period": "60", "ActionsEnabled": "true", "AlarmName": 7,
        "Dimensions": [{"Name": "n", "Value": 12}], "Unknown": "1",
    });
    assert_eq!(
        schema.normalise(&given),
        json!({
            "Threshold": 1, "Period": 60, "ActionsEnabled": true, "AlarmName": "7",
            "Dimensions": [{"Name": "n", "Value": "12"}], "Unknown": "1",
        })
    );
}
