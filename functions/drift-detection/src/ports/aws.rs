//! The ports on the AWS SDK.
//!
//! Credentials come from Lambda's environment variables only: a function has no profile and no instance to ask,
//! and looking for them would cost start time.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::config::SharedCredentialsProvider;
use aws_sdk_cloudformation::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_cloudformation::primitives::DateTime;
use aws_sdk_cloudformation::types::{StackDriftStatus, StackStatus};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use super::{Drifts, Files, Page, PropertyDrift, Resource, ResourceDrift, Stack, Stacks};
use crate::Error;

/// The clients of the services that the functions call.
#[derive(Debug, Clone)]
pub struct Aws {
    cloudformation: aws_sdk_cloudformation::Client,
    s3: aws_sdk_s3::Client,
}

impl Aws {
    /// Reads region, credentials and endpoint (`AWS_ENDPOINT_URL`) from the environment.
    ///
    /// Not by `aws_config::load_defaults`: its chain of profiles, single sign-on and instance metadata would be a
    /// good part of the binary, and a Lambda function never uses it.
    pub fn from_env() -> Self {
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let credentials = EnvironmentVariableCredentialsProvider::new();
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http)
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .retry_config(RetryConfig::standard().with_max_attempts(6))
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(Duration::from_secs(20))
                    .build(),
            );
        config.set_region(variable("AWS_REGION").map(Region::new));
        config.set_endpoint_url(variable("AWS_ENDPOINT_URL"));
        let config = config.build();
        // An endpoint of one's own seldom has a host name for every bucket.
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Self {
            cloudformation: aws_sdk_cloudformation::Client::new(&config),
            s3: aws_sdk_s3::Client::from_conf(s3),
        }
    }
}

impl Stacks for Aws {
    async fn list(&self, token: Option<String>) -> Result<Page<Stack>, Error> {
        // Without a filter the answer holds the deleted stacks of ninety days, too.
        let filter = StackStatus::values()
            .iter()
            .filter(|status| **status != StackStatus::DeleteComplete.as_str())
            .map(|status| StackStatus::from(*status));
        let call = self
            .cloudformation
            .list_stacks()
            .set_stack_status_filter(Some(filter.collect()))
            .set_next_token(token);
        let answer = answer("cloudformation:ListStacks", call.send().await)?;
        Ok(page(answer.stack_summaries, answer.next_token, |one| {
            let drift = one.drift_information;
            let drift = drift.map(|drift| (drift.last_check_timestamp, drift.stack_drift_status));
            Stack {
                parent_id: one.parent_id,
                ..stack(one.stack_id, one.stack_name, one.stack_status, drift)
            }
        }))
    }

    async fn describe(&self, token: Option<String>) -> Result<Page<Stack>, Error> {
        let call = self.cloudformation.describe_stacks().set_next_token(token);
        let answer = answer("cloudformation:DescribeStacks", call.send().await)?;
        Ok(page(answer.stacks, answer.next_token, |one| {
            let drift = one.drift_information;
            let drift = drift.map(|drift| (drift.last_check_timestamp, drift.stack_drift_status));
            let tags = one.tags.unwrap_or_default().into_iter();
            Stack {
                parent_id: one.parent_id,
                tags: tags
                    .map(|tag| (tag.key.unwrap_or_default(), tag.value.unwrap_or_default()))
                    .collect(),
                ..stack(one.stack_id, one.stack_name, one.stack_status, drift)
            }
        }))
    }
}

impl Drifts for Aws {
    async fn drifts(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> Result<Page<ResourceDrift>, Error> {
        let call = self
            .cloudformation
            .describe_stack_resource_drifts()
            .stack_name(stack_id)
            .set_next_token(token);
        let sent = call.send().await;
        let answer = answer("cloudformation:DescribeStackResourceDrifts", sent)?;
        Ok(page(answer.stack_resource_drifts, answer.next_token, drift))
    }

    async fn resources(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> Result<Page<Resource>, Error> {
        let call = self
            .cloudformation
            .list_stack_resources()
            .stack_name(stack_id)
            .set_next_token(token);
        let answer = answer("cloudformation:ListStackResources", call.send().await)?;
        let resources = answer.stack_resource_summaries;
        Ok(page(resources, answer.next_token, |resource| Resource {
            logical_id: resource.logical_resource_id.unwrap_or_default(),
            resource_type: resource.resource_type.unwrap_or_default(),
            status: word(resource.resource_status),
        }))
    }
}

impl Files for Aws {
    async fn put(
        &self,
        bucket: &str,
        key: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<(), Error> {
        let call = self
            .s3
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(body));
        answer("s3:PutObject", call.send().await).map(drop)
    }

    async fn get(&self, bucket: &str, key: &str) -> Result<Option<Vec<u8>>, Error> {
        const CALL: &str = "s3:GetObject";
        let answer = match self.s3.get_object().bucket(bucket).key(key).send().await {
            Ok(answer) => answer,
            Err(e) if e.code() == Some("NoSuchKey") => return Ok(None),
            Err(e) => return Err(failure(CALL, &e)),
        };
        let body = answer.body.collect().await;
        let body = body.map_err(|e| Error::Unavailable {
            call: CALL,
            message: e.to_string(),
        })?;
        Ok(Some(body.to_vec()))
    }
}

/// A page of the SDK's items in the functions' own words.
fn page<A, B>(items: Option<Vec<A>>, next: Option<String>, read: impl Fn(A) -> B) -> Page<B> {
    let items = items.unwrap_or_default().into_iter().map(read).collect();
    Page { items, next }
}

/// The word of an enumeration of the SDK; empty where AWS left it out.
fn word(value: Option<impl AsRef<str>>) -> String {
    value.map_or_else(String::new, |value| value.as_ref().to_owned())
}

/// What both lists say of a stack; `drift` is when it was last looked for, and what was found.
fn stack(
    id: Option<String>,
    name: Option<String>,
    status: Option<StackStatus>,
    drift: Option<(Option<DateTime>, Option<StackDriftStatus>)>,
) -> Stack {
    let (checked, found) = drift.unwrap_or_default();
    Stack {
        id: id.unwrap_or_default(),
        name: name.unwrap_or_default(),
        status: word(status),
        last_checked: checked.map(|time| time.secs()),
        last_drift_status: found.map(|found| found.as_str().to_owned()),
        ..Stack::default()
    }
}

fn drift(resource: aws_sdk_cloudformation::types::StackResourceDrift) -> ResourceDrift {
    let differences = resource
        .property_differences
        .unwrap_or_default()
        .into_iter()
        .map(|p| PropertyDrift {
            path: p.property_path.unwrap_or_default(),
            expected: p.expected_value.unwrap_or_default(),
            actual: p.actual_value.unwrap_or_default(),
            kind: word(p.difference_type),
        });
    ResourceDrift {
        logical_id: resource.logical_resource_id.unwrap_or_default(),
        physical_id: resource.physical_resource_id,
        resource_type: resource.resource_type.unwrap_or_default(),
        status: word(resource.stack_resource_drift_status),
        reason: resource.drift_status_reason,
        checked_at: resource.timestamp.map(|t| t.secs()),
        expected: resource.expected_properties,
        actual: resource.actual_properties,
        differences: differences.collect(),
    }
}

fn answer<A, E>(call: &'static str, sent: Result<A, SdkError<E>>) -> Result<A, Error>
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    sent.map_err(|error| failure(call, &error))
}

fn failure<E>(call: &'static str, error: &SdkError<E>) -> Error
where
    E: std::error::Error + ProvideErrorMetadata + 'static,
{
    let SdkError::ServiceError(answer) = error else {
        return Error::Unavailable {
            call,
            message: DisplayErrorContext(error).to_string(),
        };
    };
    let (code, message) = (answer.err().code(), answer.err().message());
    let status = answer.raw().status().as_u16();
    let message = message.map_or_else(|| format!("HTTP status {status}"), str::to_owned);
    match code {
        None if status < 300 => Error::Refused {
            call,
            code: "an answer that cannot be read".to_owned(),
            message: DisplayErrorContext(error).to_string(),
        },
        None if status >= 500 => Error::Unavailable { call, message },
        code => Error::from_code(call, code.unwrap_or("an unknown code"), message),
    }
}
