//! Roles that allow too little, too much, or the wrong thing.

use std::fs;
use std::path::Path;

use crate::check::check;

const DEFINITION: &str = r#"{"StartAt": "Run", "States": {
  "Run": {"Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Next": "Call",
    "Parameters": {"Cluster": "${Cluster}", "TaskDefinition": "job"}},
  "Call": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Tell",
    "Parameters": {"FunctionName": "${Function}"}},
  "Tell": {"Type": "Task", "Resource": "arn:aws:states:::aws-sdk:sns:publish", "End": true,
    "Parameters": {"TopicArn": "${Topic}", "Message": "x"}}}}"#;

const TEMPLATE: &str = "
Resources:
  Cluster: {Type: 'AWS::ECS::Cluster'}
  Topic: {Type: 'AWS::SNS::Topic'}
  OtherFunction:
    Type: 'AWS::Lambda::Function'
    Properties: {Code: ../target/lambda/x, Role: !GetAtt FunctionRole.Arn, Runtime: provided.al2023, Handler: x}
  FunctionRole:
    Type: 'AWS::IAM::Role'
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
      - PolicyName: p
        PolicyDocument:
          Statement:
          - {Effect: Allow, Action: ['s3:PutObject', 'logs:PutLogEvents'], Resource: !GetAtt Topic.TopicArn}
  Role:
    Type: 'AWS::IAM::Role'
    Properties:
      AssumeRolePolicyDocument: {Statement: [{Effect: Allow, Principal: {Service: states.amazonaws.com}, Action: 'sts:AssumeRole'}]}
      Policies:
      - PolicyName: p
        PolicyDocument:
          Statement:
          - {Effect: Allow, Action: ['ecs:RunTask', 'ecs:StopTask', 'ecs:DescribeTasks'], Resource: '*'}
          - {Effect: Allow, Action: 'events:PutRule', Resource: 'arn:aws:events:eu-west-1:123456789012:rule/x'}
          - {Effect: Allow, Action: 'lambda:InvokeFunction', Resource: !GetAtt Second.Arn}
          - {Effect: Allow, Action: ['sqs:SendMessage', 's3:GetObjekt'], Resource: !Ref Topic}
          - {Effect: Deny, Action: 'iam:*', Resource: '*'}
  More:
    Type: 'AWS::IAM::Policy'
    Properties:
      PolicyName: m
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: 'sqs:SendMessage', Resource: !Ref Topic}}
  Second:
    Type: 'AWS::Lambda::Function'
    Properties: {Code: {ZipFile: x}, Role: !GetAtt FunctionRole.Arn, Runtime: provided.al2023, Handler: x}
  Machine:
    Type: 'AWS::StepFunctions::StateMachine'
    Properties:
      DefinitionS3Location: workflow.asl.json
      RoleArn: !GetAtt Role.Arn
      DefinitionSubstitutions: {Cluster: !Ref Cluster, Function: !GetAtt OtherFunction.Arn, Topic: !Ref Topic}
";

const SOURCE: &str = "struct Aws { s3: aws_sdk_s3::Client }\n\
    impl Aws { async fn read(&self) { self.s3.head_object().bucket(b).send().await } }\n";

fn put(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// What is told of a project, by file.
fn told(template: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "workflow.asl.json", DEFINITION);
    put(folder.path(), "template.yaml", template);
    put(folder.path(), "functions/x/src/main.rs", SOURCE);
    let found = check(&[folder.path().to_owned()]).findings.into_iter();
    let found = found.filter(|finding| finding.code.starts_with("IAM"));
    let all = found.map(|finding| {
        let name = finding
            .file
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        format!("{name} {}: {}", finding.code, finding.message)
    });
    let mut all: Vec<_> = all.collect();
    all.sort();
    all
}

#[test]
fn what_is_missing_too_much_and_wrong_is_told() {
    assert_eq!(
        told(TEMPLATE),
        [
            "main.rs IAM_MISSING: `s3:GetObject` is allowed by no statement of `FunctionRole`",
            "template.yaml IAM_BROAD: all that is allowed here could name what it is about",
            "template.yaml IAM_TWICE: `sqs:SendMessage` is allowed on this more than once",
            "template.yaml IAM_UNKNOWN_ACTION: IAM knows no action `s3:GetObjekt`",
            "template.yaml IAM_UNUSED: nothing calls what `s3:GetObjekt` allows",
            "template.yaml IAM_UNUSED: nothing calls what `s3:PutObject` allows",
            "template.yaml IAM_UNUSED: nothing calls what `sqs:SendMessage` allows",
            "template.yaml IAM_UNUSED: nothing calls what `sqs:SendMessage` allows",
            "workflow.asl.json IAM_MISSING: `iam:PassRole` is allowed by no statement of `Role`",
            "workflow.asl.json IAM_MISSING: `lambda:InvokeFunction` is allowed by `Role`, but not on `OtherFunction`",
            "workflow.asl.json IAM_MISSING: `sns:Publish` is allowed by no statement of `Role`",
        ]
    );
}

#[test]
fn a_role_that_allows_what_is_called_is_fine() {
    let allowed = "\
          - {Effect: Allow, Action: ['ecs:RunTask', 'iam:PassRole'], Resource: !GetAtt Cluster.Arn}
          - {Effect: Allow, Action: ['ecs:StopTask', 'ecs:DescribeTasks'], Resource: !Sub 'arn:aws:ecs:*:*:task/${Cluster}/*'}
          - {Effect: Allow, Action: 'lambda:InvokeFunction', Resource: [!GetAtt OtherFunction.Arn, !Sub '${OtherFunction.Arn}:*']}
          - {Effect: Allow, Action: 'sns:Publish', Resource: !Ref Topic}
  More:
    Type: 'AWS::IAM::Policy'
    Properties:
      PolicyName: m
      Roles: [!Ref Role]
      PolicyDocument: {Statement: {Effect: Allow, Action: 'xray:PutTraceSegments', Resource: '*'}}
";
    let begin = TEMPLATE
        .find("          - {Effect: Allow, Action: ['ecs:RunTask'")
        .unwrap();
    let end = TEMPLATE.find("  Second:").unwrap();
    let text = format!("{}{allowed}{}", &TEMPLATE[..begin], &TEMPLATE[end..]);
    assert_eq!(
        told(&text.replace("s3:PutObject", "s3:GetObject")),
        Vec::<String>::new()
    );
}
