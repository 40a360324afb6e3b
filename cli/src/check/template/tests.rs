//! Faults of templates, one of each kind, and templates without any.

use std::path::PathBuf;

use crate::check::source::File;
use crate::check::{Checked, Finding};

fn checked(text: &str) -> Vec<Finding> {
    let mut checked = Checked::default();
    let file = File {
        path: PathBuf::from("t.yaml"),
        text: text.into(),
    };
    let document = file.document("TEMPLATE_SYNTAX", cfn::read, &mut checked);
    if let Some(document) = document {
        super::check(&document, &mut checked);
    }
    checked.findings
}

/// Code, line and message of each.
fn told(text: &str) -> Vec<String> {
    let all = checked(text).into_iter().map(|finding| {
        let line = finding.place().map_or(0, |[(line, _), _]| line);
        format!("{line} {}: {}", finding.code, finding.message)
    });
    let mut all: Vec<_> = all.collect();
    all.sort_by_key(|one| {
        one.split(' ')
            .next()
            .and_then(|line| line.parse::<u32>().ok())
    });
    all
}

#[test]
fn every_fault_is_told_with_its_place() {
    let text = "\
Parameters:
  Used: {Type: Number, Default: 5, MaxValue: 3}
  Unused: {Type: Strin}
  Bounds: {Type: String, MinLength: 5, MaxLength: 2, MinValue: 1, Defalt: x}
  Pattern: {Type: String, AllowedPattern: '[a-z]+', Default: A, AllowedValues: [a, b]}
Conditions:
  Is: !Equals [!Ref Used, !Ref Queue]
  Idle: !Not [!Condition Nothing]
Mappings:
  Map: {a: {b: c}}
Resources:
  Queue:
    Type: AWS::SQS::Queue
    DependsOn: [Topik]
    Condition: Iss
    Properties:
      DelaySeconds: soon
      QueueNam: x
      Tags: !If [Is, [{Key: a}], !Ref Bounds]
  Topic:
    Type: AWS::SNS::Topik
    Properties: {Name: !Sub '${Queue.Arn} ${Queue.Ar} ${Pattern}'}
  Left: {Type: AWS::SNS::Topic, Propertys: {}, DependsOn: Right}
  Right: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt Left.TopicName}}
  None: {Properties: {}}
Outputs:
  A: {Value: !FindInMap [Map, a, x]}
  B: {Vale: !Join [',']}
Resorces: {}
";
    assert_eq!(
        told(text),
        [
            "2 TEMPLATE_PARAMETER: the default `5` is outside MinValue and MaxValue",
            "3 TEMPLATE_PARAMETER: there is no parameter type `Strin`",
            "3 UNUSED_PARAMETER: nothing uses the parameter `Unused`",
            "4 TEMPLATE_PARAMETER: parameters have no `Defalt`; `Default`, perhaps",
            "4 TEMPLATE_PARAMETER: MinLength is greater than MaxLength",
            "4 TEMPLATE_PARAMETER: MinValue has no meaning for a String",
            "5 TEMPLATE_PARAMETER: the default `A` is not among AllowedValues",
            "5 TEMPLATE_PARAMETER: the default `A` does not match AllowedPattern",
            "7 UNDEFINED_REFERENCE: Conditions cannot refer to the resource `Queue`",
            "8 UNDEFINED_REFERENCE: there is no condition `Nothing`",
            "8 UNUSED_CONDITION: nothing uses the condition `Idle`",
            "14 UNDEFINED_REFERENCE: there is no resource `Topik`",
            "15 UNDEFINED_REFERENCE: there is no condition `Iss`",
            "17 RESOURCE_PROPERTY: expected type: Integer, found: String",
            "18 RESOURCE_PROPERTY: extraneous key [QueueNam] is not permitted",
            "19 RESOURCE_PROPERTY: required key [Value] not found",
            "21 UNKNOWN_RESOURCE_TYPE: there is no resource type `AWS::SNS::Topik`",
            "22 UNKNOWN_ATTRIBUTE: AWS::SQS::Queue has no attribute `Ar`",
            "23 RESOURCE_ATTRIBUTE: `Propertys` is no part of it",
            "23 CIRCULAR_DEPENDENCY: resources wait for one another: `Left` → `Right` → `Left`",
            "25 RESOURCE_ATTRIBUTE: the resource `None` has no Type",
            "27 UNDEFINED_REFERENCE: the mapping `Map` has no `x`",
            "28 RESOURCE_ATTRIBUTE: `Vale` is no part of it",
            "28 TEMPLATE_SECTION: the output `B` has no Value",
            "28 FUNCTION: Fn::Join takes a list of 2 arguments",
            "29 TEMPLATE_SECTION: templates have no section `Resorces`",
        ]
    );
}

#[test]
fn what_a_macro_may_make_is_not_missed() {
    let text = "\
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: provided.al2023}}
Parameters: {P: {Type: String}}
Resources:
  F: {Type: AWS::Serverless::Function, Properties: {Handler: x}}
Outputs: {R: {Value: !GetAtt FRole.Arn}}
";
    assert_eq!(told(text), Vec::<String>::new());
}

#[test]
fn a_key_that_is_there_twice_and_no_yaml_at_all() {
    assert_eq!(
        told("Resources:\n  A: {Type: AWS::SNS::Topic}\n  A: {Type: AWS::SNS::Topic}\n"),
        ["3 DUPLICATE_KEY: the key `A` is there twice"]
    );
    assert!(told("Resources: [")[0].contains("TEMPLATE_SYNTAX"));
}
