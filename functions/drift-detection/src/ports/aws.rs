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
use aws_sdk_cloudformation::types::{StackStatus, StackSummary};
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
        let answer = self
            .cloudformation
            .list_stacks()
            .set_stack_status_filter(Some(filter.collect()))
            .set_next_token(token)
            .send()
            .await
            .map_err(|e| failure("cloudformation:ListStacks", &e))?;
        let items = answer
            .stack_summaries
            .unwrap_or_default()
            .into_iter()
            .map(summary)
            .collect();
        Ok(Page {
            items,
            next: answer.next_token,
        })
    }

    async fn describe(&self, token: Option<String>) -> Result<Page<Stack>, Error> {
        let answer = self
            .cloudformation
            .describe_stacks()
            .set_next_token(token)
            .send()
            .await
            .map_err(|e| failure("cloudformation:DescribeStacks", &e))?;
        let items = answer
            .stacks
            .unwrap_or_default()
            .into_iter()
            .map(description)
            .collect();
        Ok(Page {
            items,
            next: answer.next_token,
        })
    }
}

impl Drifts for Aws {
    async fn drifts(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> Result<Page<ResourceDrift>, Error> {
        let answer = self
            .cloudformation
            .describe_stack_resource_drifts()
            .stack_name(stack_id)
            .set_next_token(token)
            .send()
            .await
            .map_err(|e| failure("cloudformation:DescribeStackResourceDrifts", &e))?;
        let items = answer
            .stack_resource_drifts
            .unwrap_or_default()
            .into_iter()
            .map(drift)
            .collect();
        Ok(Page {
            items,
            next: answer.next_token,
        })
    }

    async fn resources(
        &self,
        stack_id: &str,
        token: Option<String>,
    ) -> Result<Page<Resource>, Error> {
        let answer = self
            .cloudformation
            .list_stack_resources()
            .stack_name(stack_id)
            .set_next_token(token)
            .send()
            .await
            .map_err(|e| failure("cloudformation:ListStackResources", &e))?;
        let items = answer
            .stack_resource_summaries
            .unwrap_or_default()
            .into_iter()
            .map(|resource| Resource {
                logical_id: resource.logical_resource_id.unwrap_or_default(),
                resource_type: resource.resource_type.unwrap_or_default(),
                status: resource
                    .resource_status
                    .map(|s| s.as_str().to_owned())
                    .unwrap_or_default(),
            });
        Ok(Page {
            items: items.collect(),
            next: answer.next_token,
        })
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
        self.s3
            .put_object()
            .bucket(bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(body))
            .send()
            .await
            .map_err(|e| failure("s3:PutObject", &e))?;
        Ok(())
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

fn summary(stack: StackSummary) -> Stack {
    let drift = stack.drift_information;
    Stack {
        id: stack.stack_id.unwrap_or_default(),
        name: stack.stack_name.unwrap_or_default(),
        parent_id: stack.parent_id,
        status: stack
            .stack_status
            .map(|s| s.as_str().to_owned())
            .unwrap_or_default(),
        last_checked: drift
            .as_ref()
            .and_then(|d| d.last_check_timestamp)
            .map(|t| t.secs()),
        last_drift_status: drift
            .and_then(|d| d.stack_drift_status)
            .map(|s| s.as_str().to_owned()),
        tags: Vec::new(),
    }
}

fn description(stack: aws_sdk_cloudformation::types::Stack) -> Stack {
    let drift = stack.drift_information;
    let tags = stack.tags.unwrap_or_default().into_iter();
    Stack {
        id: stack.stack_id.unwrap_or_default(),
        name: stack.stack_name.unwrap_or_default(),
        parent_id: stack.parent_id,
        status: stack
            .stack_status
            .map(|s| s.as_str().to_owned())
            .unwrap_or_default(),
        last_checked: drift
            .as_ref()
            .and_then(|d| d.last_check_timestamp)
            .map(|t| t.secs()),
        last_drift_status: drift
            .and_then(|d| d.stack_drift_status)
            .map(|s| s.as_str().to_owned()),
        tags: tags
            .map(|t| (t.key.unwrap_or_default(), t.value.unwrap_or_default()))
            .collect(),
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
            kind: p
                .difference_type
                .map(|k| k.as_str().to_owned())
                .unwrap_or_default(),
        });
    ResourceDrift {
        logical_id: resource.logical_resource_id.unwrap_or_default(),
        physical_id: resource.physical_resource_id,
        resource_type: resource.resource_type.unwrap_or_default(),
        status: resource
            .stack_resource_drift_status
            .map(|s| s.as_str().to_owned())
            .unwrap_or_default(),
        reason: resource.drift_status_reason,
        checked_at: resource.timestamp.map(|t| t.secs()),
        expected: resource.expected_properties,
        actual: resource.actual_properties,
        differences: differences.collect(),
    }
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
        None if status >= 500 => Error::Unavailable { call, message },
        code => Error::from_code(call, code.unwrap_or("an unknown code"), message),
    }
}
