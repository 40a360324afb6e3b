//! Events about objects: to queues, topics, functions and EventBridge, as the bucket's
//! notification configuration says.
//!
//! Deliveries run beside the call that caused them. A destination that fails gets nothing again.

use serde_json::{Value, json};

use super::state::{Bucket, Version, Versioning, owner};
use super::tagging::url_encode;
use super::{S3, error};
use crate::arn::Arn;
use crate::params::Params;
use crate::{Aws, AwsError, Call, Scope};

/// Lists of destinations and the member that names one.
const DESTINATIONS: &[(&str, &str)] = &[
    ("QueueConfigurations", "QueueArn"),
    ("TopicConfigurations", "TopicArn"),
    ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
];

impl S3 {
    pub(super) async fn put_notification(&self, call: &Call) -> Result<Value, AwsError> {
        let bucket = self.bucket(call)?;
        let given = call.input.get("NotificationConfiguration");
        let mut set = given.cloned().ok_or_else(error::malformed_xml)?;
        for (list, _) in DESTINATIONS {
            let all = set.get_mut(*list).and_then(Value::as_array_mut);
            for one in all.into_iter().flatten() {
                if one.filled("Id").is_none() {
                    one["Id"] = json!(self.aws.ids().uuid());
                }
            }
        }
        if !call.input.flag("SkipDestinationValidation") {
            self.greet_destinations(call, &bucket, &set).await?;
        }
        self.change_bucket(call, |bucket| {
            bucket.configurations.insert("Notification".to_owned(), set)
        })?;
        Ok(json!({}))
    }

    /// Sends queues and topics a test event, as S3 does; one that cannot be reached is an error.
    async fn greet_destinations(
        &self,
        call: &Call,
        bucket: &Bucket,
        set: &Value,
    ) -> Result<(), AwsError> {
        let hello = json!({
            "Service": "Amazon S3",
            "Event": "s3:TestEvent",
            "Time": self.aws.clock().now(),
            "Bucket": bucket.name,
            "RequestId": call.request_id,
            "HostId": call.request_id,
        });
        for (list, member) in DESTINATIONS {
            for one in set.items(list) {
                let arn = one.text(member).unwrap_or_default();
                let reached = match *list {
                    "LambdaFunctionConfigurations" => {
                        let input = json!({ "FunctionName": arn });
                        let scope = Arn::parse(arn).map(|arn| arn.scope(&call.scope));
                        let scope = scope.as_ref().unwrap_or(&call.scope);
                        self.aws
                            .call(scope, "lambda", "GetFunction", input)
                            .await
                            .map(|_| ())
                    }
                    _ => deliver(&self.aws, &call.scope, arn, &hello).await,
                };
                if reached.is_err() {
                    return Err(error::invalid_argument(
                        "Unable to validate the following destination configurations",
                    )
                    .with_field("ArgumentName", json!(arn))
                    .with_field(
                        "ArgumentValue",
                        json!("The destination does not exist or refuses messages"),
                    ));
                }
            }
        }
        Ok(())
    }

    /// Tells of a version that was written.
    pub(super) fn notify(
        &self,
        call: &Call,
        bucket: &Bucket,
        key: &str,
        version: &Version,
        event: &'static str,
    ) {
        if !bucket.configurations.contains_key("Notification") {
            return;
        }
        let mut object = json!({ "size": version.size, "eTag": version.etag.trim_matches('"') });
        if bucket.versioning() != Versioning::Off {
            object["versionId"] = json!(version.id);
        }
        self.publish(call, bucket, key, object, event);
    }

    /// Tells of a version or an object that is gone.
    pub(super) fn notify_removed(
        &self,
        call: &Call,
        bucket: &Bucket,
        key: &str,
        gone: Option<&Version>,
        version: Option<&str>,
        event: &'static str,
    ) {
        if !bucket.configurations.contains_key("Notification") {
            return;
        }
        let mut object = json!({});
        if let Some(gone) = gone {
            object["eTag"] = json!(gone.etag.trim_matches('"'));
        }
        if let Some(version) = version {
            object["versionId"] = json!(version);
        }
        self.publish(call, bucket, key, object, event);
    }

    fn publish(
        &self,
        call: &Call,
        bucket: &Bucket,
        key: &str,
        mut object: Value,
        event: &'static str,
    ) {
        let Some(set) = bucket.configurations.get("Notification").cloned() else {
            return;
        };
        let sequencer = self.aws.ids().hex(16).to_uppercase();
        object["sequencer"] = json!(sequencer);
        let mut record = json!({
            "eventVersion": "2.1",
            "eventSource": "aws:s3",
            "awsRegion": bucket.region,
            "eventTime": self.aws.clock().now(),
            "eventName": event,
            "userIdentity": { "principalId": call.scope.account },
            "requestParameters": { "sourceIPAddress": "127.0.0.1" },
            "responseElements": {
                "x-amz-request-id": call.request_id,
                "x-amz-id-2": call.request_id,
            },
            "s3": {
                "s3SchemaVersion": "1.0",
                "bucket": {
                    "name": bucket.name,
                    "ownerIdentity": { "principalId": owner(call)["ID"] },
                    "arn": bucket.arn(&call.scope),
                },
            },
        });
        let mut shown = json!({ "key": url_encode(key).replace("%20", "+") });
        if let (Some(shown), Some(object)) = (shown.as_object_mut(), object.as_object()) {
            shown.extend(object.clone());
        }
        record["s3"]["object"] = shown;

        let mut messages = Vec::new();
        for (list, member) in DESTINATIONS {
            for one in set.items(list).iter().filter(|one| wants(one, event, key)) {
                let mut record = record.clone();
                record["s3"]["configurationId"] = json!(one.text("Id"));
                let arn = one.text(member).unwrap_or_default().to_owned();
                messages.push((arn, json!({ "Records": [record] })));
            }
        }
        let bus_event = set
            .get("EventBridgeConfiguration")
            .map(|_| bus_event(call, bucket, key, &object, event));
        if messages.is_empty() && bus_event.is_none() {
            return;
        }
        let (aws, scope) = (self.aws.clone(), call.scope.clone());
        let region = Scope {
            region: bucket.region.clone(),
            ..scope.clone()
        };
        self.aws.spawn(async move {
            for (arn, message) in messages {
                if let Err(error) = deliver(&aws, &scope, &arn, &message).await {
                    tracing::warn!(arn, %error, "S3 event not delivered");
                }
            }
            if let Some(entry) = bus_event {
                let input = json!({ "Entries": [entry] });
                let put = aws.call_as("service:s3", &region, "events", "PutEvents", input);
                if let Err(error) = put.await {
                    tracing::warn!(%error, "S3 event not delivered to EventBridge");
                }
            }
        });
    }
}

/// The event as EventBridge shows it.
fn bus_event(call: &Call, bucket: &Bucket, key: &str, object: &Value, event: &str) -> Value {
    let mut shown = json!({ "key": key });
    let names = [
        ("size", "size"),
        ("etag", "eTag"),
        ("version-id", "versionId"),
        ("sequencer", "sequencer"),
    ];
    for (name, member) in names {
        if let Some(value) = object.get(member) {
            shown[name] = value.clone();
        }
    }
    let (kind, reason) = match event {
        "ObjectCreated:Put" => ("Object Created", "PutObject"),
        "ObjectCreated:Copy" => ("Object Created", "CopyObject"),
        "ObjectCreated:CompleteMultipartUpload" => ("Object Created", "CompleteMultipartUpload"),
        _ => ("Object Deleted", "DeleteObject"),
    };
    let mut detail = json!({
        "version": "0",
        "bucket": { "name": bucket.name },
        "object": shown,
        "request-id": call.request_id,
        "requester": call.scope.account,
        "source-ip-address": "127.0.0.1",
        "reason": reason,
    });
    match event {
        "ObjectRemoved:Delete" => detail["deletion-type"] = json!("Permanently Deleted"),
        "ObjectRemoved:DeleteMarkerCreated" => {
            detail["deletion-type"] = json!("Delete Marker Created");
        }
        _ => {}
    }
    json!({
        "Source": "aws.s3",
        "DetailType": kind,
        "Resources": [bucket.arn(&call.scope)],
        "Detail": detail.to_string(),
    })
}

async fn deliver(aws: &Aws, home: &Scope, arn: &str, message: &Value) -> Result<(), AwsError> {
    let unknown = || error::invalid_argument("The ARN could not be parsed");
    let parsed = Arn::parse(arn).ok_or_else(unknown)?;
    let (scope, text) = (parsed.scope(home), message.to_string());
    match parsed.service {
        "sqs" => {
            let input = json!({ "QueueUrl": parsed.queue_url(aws), "MessageBody": text });
            aws.call(&scope, "sqs", "SendMessage", input).await?;
        }
        "sns" => {
            let subject = "Amazon S3 Notification";
            let input = json!({ "TopicArn": arn, "Subject": subject, "Message": text });
            aws.call(&scope, "sns", "Publish", input).await?;
        }
        "lambda" => {
            let input = json!({ "FunctionName": arn, "InvocationType": "Event" });
            aws.call_raw(&scope, "lambda", "Invoke", input, text.into())
                .await?;
        }
        _ => return Err(unknown()),
    }
    Ok(())
}

/// Whether a destination asked for this event (`s3:ObjectCreated:*`) about this key.
fn wants(destination: &Value, event: &str, key: &str) -> bool {
    let asked = destination.texts("Events").iter().any(|asked| {
        let asked = asked.strip_prefix("s3:").unwrap_or(asked);
        asked == event
            || asked
                .strip_suffix('*')
                .is_some_and(|start| event.starts_with(start))
    });
    let filter = destination
        .get("Filter")
        .and_then(|filter| filter.get("Key"));
    let rules = filter
        .map(|filter| filter.items("FilterRules"))
        .unwrap_or_default();
    asked
        && rules.iter().all(|rule| {
            let value = rule.text("Value").unwrap_or_default();
            match rule.text("Name").map(str::to_lowercase).as_deref() {
                Some("prefix") => key.starts_with(value),
                Some("suffix") => key.ends_with(value),
                _ => true,
            }
        })
}
