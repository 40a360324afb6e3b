//! The AWS CLI, command by command.

use std::io::Write;

use harness::{House, python};
use serde_json::json;
use tempfile::NamedTempFile;

#[test]
fn the_commands_of_the_readme_work() {
    let Some(python) = python() else { return };
    let house = House::start(&["--memory", "--fast"]);
    let aws = |arguments: &[&str]| house.aws(&python, arguments);

    let mut template = NamedTempFile::new().unwrap();
    write!(template, "{TEMPLATE}").unwrap();
    let path = template.path().to_str().unwrap();
    aws(&[
        "cloudformation",
        "deploy",
        "--stack-name",
        "cli",
        "--template-file",
        path,
        "--capabilities",
        "CAPABILITY_IAM",
    ]);
    let stacks = aws(&["cloudformation", "describe-stacks", "--stack-name", "cli"]);
    assert_eq!(stacks["Stacks"][0]["StackStatus"], "CREATE_COMPLETE");
    let output = |key: &str| {
        let outputs = stacks["Stacks"][0]["Outputs"].as_array().unwrap();
        let found = outputs
            .iter()
            .find(|output| output["OutputKey"] == key)
            .unwrap();
        found["OutputValue"].as_str().unwrap().to_owned()
    };
    let (queue, table, bucket, machine) = (
        output("Queue"),
        output("Table"),
        output("Bucket"),
        output("Machine"),
    );

    aws(&[
        "sqs",
        "set-queue-attributes",
        "--queue-url",
        &queue,
        "--attributes",
        "VisibilityTimeout=99",
    ]);
    let attributes = aws(&[
        "sqs",
        "get-queue-attributes",
        "--queue-url",
        &queue,
        "--attribute-names",
        "All",
    ]);
    assert_eq!(attributes["Attributes"]["VisibilityTimeout"], "99");

    let throughput = "ReadCapacityUnits=3,WriteCapacityUnits=2";
    let change = [
        "--table-name",
        &table,
        "--billing-mode",
        "PROVISIONED",
        "--provisioned-throughput",
        throughput,
    ];
    aws(&[&["dynamodb", "update-table"][..], &change].concat());
    let described = aws(&["dynamodb", "describe-table", "--table-name", &table]);
    assert_eq!(
        described["Table"]["ProvisionedThroughput"]["ReadCapacityUnits"],
        3
    );

    let object = format!("s3://{bucket}/a folder/template.yaml");
    aws(&["s3", "cp", path, &object]);
    let back = NamedTempFile::new().unwrap();
    aws(&["s3", "cp", &object, back.path().to_str().unwrap()]);
    assert_eq!(std::fs::read_to_string(back.path()).unwrap(), TEMPLATE);
    // An empty body after `Expect: 100-continue` and a second request on the same connection: the
    // combination that stalls botocore when the connection is kept.
    aws(&["s3api", "put-object", "--bucket", &bucket, "--key", "empty"]);
    aws(&["s3", "rm", "--recursive", &format!("s3://{bucket}")]);

    let input = json!({"who": "CLI"}).to_string();
    let started = aws(&[
        "stepfunctions",
        "start-execution",
        "--state-machine-arn",
        &machine,
        "--input",
        &input,
    ]);
    let execution = started["executionArn"].as_str().unwrap();
    let described = loop {
        let described = aws(&[
            "stepfunctions",
            "describe-execution",
            "--execution-arn",
            execution,
        ]);
        if described["status"] != "RUNNING" {
            break described;
        }
    };
    assert_eq!(described["output"], "\"hello CLI\"", "{described}");
    let history = aws(&[
        "stepfunctions",
        "get-execution-history",
        "--execution-arn",
        execution,
    ]);
    let types: Vec<_> = history["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "ExecutionStarted",
            "WaitStateEntered",
            "WaitStateExited",
            "PassStateEntered",
            "PassStateExited",
            "ExecutionSucceeded"
        ]
    );

    let refused = house
        .aws_command(&python, &["sqs", "get-queue-url", "--queue-name", "nobody"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&refused.stderr);
    assert!(
        said.contains("AWS.SimpleQueueService.NonExistentQueue"),
        "{said}"
    );
    aws(&["cloudformation", "delete-stack", "--stack-name", "cli"]);
    aws(&[
        "cloudformation",
        "wait",
        "stack-delete-complete",
        "--stack-name",
        "cli",
    ]);
}

const TEMPLATE: &str = r#"
Resources:
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
  Bucket:
    Type: AWS::S3::Bucket
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: '2012-10-17'
        Statement:
        - Effect: Allow
          Principal: {Service: states.amazonaws.com}
          Action: sts:AssumeRole
  Machine:
    Type: AWS::StepFunctions::StateMachine
    Properties:
      RoleArn: !GetAtt Role.Arn
      Definition:
        QueryLanguage: JSONata
        StartAt: Wait a month
        States:
          Wait a month: {Type: Wait, Seconds: 2592000, Next: Greet}
          Greet: {Type: Pass, Output: "{% 'hello ' & $states.input.who %}", End: true}
Outputs:
  Queue: {Value: !Ref Queue}
  Table: {Value: !Ref Table}
  Bucket: {Value: !Ref Bucket}
  Machine: {Value: !Ref Machine}
"#;
