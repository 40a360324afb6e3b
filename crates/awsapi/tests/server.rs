//! Requests as clients send them: what they ask for, and what they get.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a helper of a test fails as a test does"
)]

use awsapi::{AwsError, Protocol, server};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

/// A request signed for a service in Ireland.
fn request(service: &str, line: &str, headers: &[(&str, &str)], body: &str) -> Request<Bytes> {
    let (method, uri) = line.split_once(' ').unwrap();
    let mut builder = Request::builder()
        .method(method)
        .uri(uri)
        .header("host", "127.0.0.1:4566");
    if !service.is_empty() {
        let scope = format!("AKID/20261122/eu-west-1/{service}/aws4_request");
        let text = format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0");
        builder = builder.header("authorization", text);
    }
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder
        .body(Bytes::copy_from_slice(body.as_bytes()))
        .unwrap()
}

/// Service, operation and parameters of a request.
fn asked(request: &Request<Bytes>) -> (String, Value, Bytes) {
    let routed = server::route(request).unwrap_or_else(|r| panic!("{:?}", r.error));
    let (value, body) = server::decode(&routed, request).unwrap();
    let name = format!("{}.{}", routed.service.name(), routed.operation.name());
    (name, value, body)
}

fn answer(request: &Request<Bytes>, output: &Value) -> String {
    let routed = server::route(request).unwrap_or_else(|r| panic!("{:?}", r.error));
    let response = server::encode(&routed, output, Bytes::new(), "id-1");
    String::from_utf8(response.body().to_vec()).unwrap()
}

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[test]
fn json_by_target() {
    let start = request(
        "states",
        "POST /",
        &[("x-amz-target", "AWSStepFunctions.StartExecution")],
        r#"{"stateMachineArn": "arn", "input": "{}", "unknown": 1}"#,
    );
    let (name, value, _) = asked(&start);
    assert_eq!(name, "stepfunctions.StartExecution");
    assert_eq!(value, json!({"stateMachineArn": "arn", "input": "{}"}));
    let output = json!({"executionArn": "e", "startDate": "2026-11-22T10:00:00.123Z"});
    assert_eq!(
        answer(&start, &output),
        r#"{"executionArn":"e","startDate":1795341600.123}"#
    );
    let routed = server::route(&start).unwrap_or_else(|_| panic!());
    assert_eq!(routed.region, "eu-west-1");
    let error = AwsError::new("ExecutionAlreadyExists", "It does");
    let response = server::encode_error(&routed, &error, "id-1");
    assert_eq!(response.status(), 400);
    assert_eq!(response.headers()["x-amzn-requestid"], "id-1");
    assert_eq!(
        &response.body()[..],
        br#"{"__type":"ExecutionAlreadyExists","message":"It does"}"#
    );
}

#[test]
fn sqs_speaks_both_its_protocols() {
    let target = ("x-amz-target", "AmazonSQS.SendMessage");
    let body = r#"{"QueueUrl": "u", "MessageBody": "m"}"#;
    let new = request("sqs", "POST /", &[target], body);
    let old = request(
        "sqs",
        "POST /000000000000/q",
        &[FORM],
        "Action=SendMessage&Version=2012-11-05&QueueUrl=u&MessageBody=m",
    );
    assert_eq!(asked(&new).1, asked(&old).1);
    assert_eq!(
        answer(&old, &json!({"MessageId": "1"})),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<SendMessageResponse \
         xmlns=\"http://queue.amazonaws.com/doc/2012-11-05/\"><SendMessageResult>\
         <MessageId>1</MessageId></SendMessageResult><ResponseMetadata>\
         <RequestId>id-1</RequestId></ResponseMetadata></SendMessageResponse>"
    );
    let error = AwsError::new("QueueDoesNotExist", "Gone");
    let routed = server::route(&new).unwrap_or_else(|_| panic!());
    let response = server::encode_error(&routed, &error, "id-1");
    assert_eq!(
        response.headers()["x-amzn-query-error"],
        "AWS.SimpleQueueService.NonExistentQueue;Sender"
    );
    let batch = request(
        "sqs",
        "POST /",
        &[FORM],
        "Action=SendMessageBatch&QueueUrl=u&SendMessageBatchRequestEntry.1.Id=a\
         &SendMessageBatchRequestEntry.1.MessageBody=b\
         &SendMessageBatchRequestEntry.1.MessageAttribute.1.Name=n\
         &SendMessageBatchRequestEntry.1.MessageAttribute.1.Value.DataType=String",
    );
    assert_eq!(
        asked(&batch).1["Entries"],
        json!([{"Id": "a", "MessageBody": "b", "MessageAttributes": {"n": {"DataType": "String"}}}])
    );
}

#[test]
fn the_answer_has_the_protocol_of_the_request() {
    let put = [(
        "x-amz-target",
        "GraniteServiceVersion20100801.DescribeAlarms",
    )];
    let json = request("monitoring", "POST /", &put, "{}");
    let form = request(
        "monitoring",
        "POST /",
        &[FORM],
        "Action=DescribeAlarms&Version=2010-08-01",
    );
    let path = "POST /service/GraniteServiceVersion20100801/operation/DescribeAlarms";
    let cbor = request(
        "monitoring",
        path,
        &[("smithy-protocol", "rpc-v2-cbor")],
        "",
    );
    let protocols = [&json, &form, &cbor].map(|request| {
        let routed = server::route(request).unwrap_or_else(|_| panic!());
        assert_eq!(routed.operation.name(), "DescribeAlarms");
        routed.protocol
    });
    assert_eq!(protocols, [Protocol::Json, Protocol::Query, Protocol::Cbor]);
}

#[test]
fn services_that_share_a_name() {
    let form = |service, body: &str| asked(&request(service, "POST /", &[FORM], body)).0;
    let balancers = "Action=DescribeLoadBalancers&Version=";
    let found = form("elasticloadbalancing", &format!("{balancers}2015-12-01"));
    assert_eq!(found, "elbv2.DescribeLoadBalancers");
    let found = form("elasticloadbalancing", &format!("{balancers}2012-06-01"));
    assert_eq!(found, "elb.DescribeLoadBalancers");
    let path = |service, line| asked(&request(service, line, &[], "")).0;
    assert_eq!(
        path("ses", "POST /v2/email/list-identities"),
        "sesv2.ListEmailIdentities"
    );
    assert_eq!(path("apigateway", "GET /v2/apis"), "apigatewayv2.GetApis");
    assert_eq!(
        path("apigateway", "GET /restapis"),
        "apigateway.GetRestApis"
    );
    let control = [("x-amz-account-id", "1")];
    let block = request(
        "s3",
        "GET /v20180820/configuration/publicAccessBlock",
        &control,
        "",
    );
    assert_eq!(asked(&block).0, "s3control.GetPublicAccessBlock");
}

#[test]
fn s3_operations_share_paths() {
    let cases = [
        ("GET /", "ListBuckets"),
        ("GET /b", "ListObjects"),
        ("GET /b/?list-type=2&prefix=a", "ListObjectsV2"),
        ("GET /b?location", "GetBucketLocation"),
        ("GET /b?location=", "GetBucketLocation"),
        ("PUT /b", "CreateBucket"),
        ("HEAD /b", "HeadBucket"),
        ("PUT /b/k", "PutObject"),
        ("PUT /b/k?partNumber=1&uploadId=u", "UploadPart"),
        ("PUT /b/k?tagging", "PutObjectTagging"),
        ("GET /b/k/l", "GetObject"),
        ("GET /b/k?uploadId=u", "ListParts"),
        ("POST /b/k?uploads", "CreateMultipartUpload"),
        ("POST /b/k?uploadId=u", "CompleteMultipartUpload"),
        ("POST /b?delete", "DeleteObjects"),
        ("DELETE /b/k?versionId=v", "DeleteObject"),
        ("DELETE /b/k?uploadId=u", "AbortMultipartUpload"),
    ];
    for (line, operation) in cases {
        let routed = server::route(&request("s3", line, &[], ""));
        let routed = routed.unwrap_or_else(|refusal| panic!("{line}: {:?}", refusal.error));
        assert_eq!(routed.operation.name(), operation, "{line}");
    }
    let copy = [("x-amz-copy-source", "a/b")];
    assert_eq!(
        asked(&request("s3", "PUT /b/k", &copy, "")).0,
        "s3.CopyObject"
    );
    let anonymous = request("", "GET /b/k", &[], "");
    assert_eq!(asked(&anonymous).0, "s3.GetObject");
}

#[test]
fn s3_hosts_bodies_and_answers() {
    let uri = "http://my-bucket.s3.localhost:4566/a%20b?x-id=PutObject";
    let put = Request::put(uri)
        .header("host", "my-bucket.s3.localhost:4566")
        .header("content-encoding", "aws-chunked")
        .header("x-amz-content-sha256", "STREAMING-UNSIGNED-PAYLOAD-TRAILER")
        .header("x-amz-meta-Colour", "red")
        .body(Bytes::from_static(
            b"2\r\nhi\r\n0\r\nx-amz-checksum-crc32:AAAA\r\n\r\n",
        ))
        .unwrap();
    let (name, value, body) = asked(&put);
    assert_eq!((name.as_str(), &body[..]), ("s3.PutObject", &b"hi"[..]));
    assert_eq!(
        value,
        json!({"Bucket": "my-bucket", "Key": "a b", "ContentLength": 2,
               "ChecksumCRC32": "AAAA", "Metadata": {"colour": "red"}})
    );
    let location = request("s3", "GET /b?location", &[], "");
    let output = json!({"LocationConstraint": "eu-west-1"});
    assert!(answer(&location, &output).ends_with(">eu-west-1</LocationConstraint>"));
    let delete = request(
        "s3",
        "POST /b?delete",
        &[],
        "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Object><Key>a&amp;b</Key>\
         </Object><Quiet>true</Quiet></Delete>",
    );
    let wanted = json!({"Objects": [{"Key": "a&b"}], "Quiet": true});
    assert_eq!(asked(&delete).1["Delete"], wanted);
    let get = request("s3", "GET /b/k", &[], "");
    let routed = server::route(&get).unwrap_or_else(|_| panic!());
    let error = AwsError::new("NoSuchKey", "The specified key does not exist.").with_status(404);
    let error = error.with_field("Key", "k".into());
    let response = server::encode_error(&routed, &error, "id-1");
    assert_eq!(response.status(), 404);
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(
        text.contains("<Error><Code>NoSuchKey</Code><Message>"),
        "{text}"
    );
    assert!(
        text.contains("<Key>k</Key><RequestId>id-1</RequestId>"),
        "{text}"
    );
}

#[test]
fn ec2_has_names_and_errors_of_its_own() {
    let create = request(
        "ec2",
        "POST /",
        &[FORM],
        "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0%2F16\
         &TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=a\
         &TagSpecification.1.Tag.1.Value=b",
    );
    assert_eq!(
        asked(&create).1,
        json!({"CidrBlock": "10.0.0.0/16", "TagSpecifications": [
            {"ResourceType": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}]})
    );
    let text = answer(
        &create,
        &json!({"Vpc": {"VpcId": "vpc-1", "Tags": [{"Key": "a"}]}}),
    );
    assert!(
        text.contains("<vpc><vpcId>vpc-1</vpcId><tagSet><item><key>a</key></item></tagSet></vpc>"),
        "{text}"
    );
    let nonsense = request(
        "ec2",
        "POST /",
        &[FORM],
        "Action=Nonsense&Version=2016-11-15",
    );
    let refusal = server::route(&nonsense).err().unwrap();
    let response = refusal.response("id-1");
    let text = String::from_utf8(response.body().to_vec()).unwrap();
    assert!(
        text.contains("<Response><Errors><Error><Code>InvalidAction</Code>"),
        "{text}"
    );
}

#[test]
fn wrong_types_are_told_in_the_services_words() {
    let target = [("x-amz-target", "DynamoDB_20120810.GetItem")];
    let get = request("dynamodb", "POST /", &target, r#"{"TableName": 1}"#);
    let routed = server::route(&get).unwrap_or_else(|_| panic!());
    let error = server::decode(&routed, &get).unwrap_err();
    assert_eq!(error.code, "SerializationException");
    assert_eq!(
        error.message,
        "NUMBER_VALUE can not be converted to a String"
    );
}

#[test]
fn output_that_fits_no_shape_is_a_fault_of_the_service() {
    let target = [("x-amz-target", "AWSStepFunctions.StartExecution")];
    let start = request("states", "POST /", &target, "{}");
    let text = answer(&start, &json!({"executionArm": "e"}));
    assert!(text.contains("`executionArm`: no such member"), "{text}");
}
