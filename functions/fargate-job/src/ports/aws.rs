//! The clients that the ports are built on.
//!
//! Credentials come from Lambda's environment variables only: a function has no profile and no
//! instance to ask, and looking for them would cost start time.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};

use super::api::Api;

/// The clients of the services that the functions call.
#[derive(Debug)]
pub struct Aws {
    pub(super) api: Api,
    pub(super) s3: aws_sdk_s3::Client,
}

impl Aws {
    /// Reads region, credentials and endpoint (`AWS_ENDPOINT_URL`) from the environment.
    pub fn from_env() -> Self {
        let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let credentials = Credentials::new(
            variable("AWS_ACCESS_KEY_ID").unwrap_or_default(),
            variable("AWS_SECRET_ACCESS_KEY").unwrap_or_default(),
            variable("AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        let region = variable("AWS_REGION").unwrap_or_default();
        let endpoint = variable("AWS_ENDPOINT_URL");
        let http = aws_smithy_http_client::Builder::new()
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .build_https();
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http)
            .credentials_provider(SharedCredentialsProvider::new(credentials.clone()))
            .region(Region::new(region.clone()))
            .retry_config(RetryConfig::standard())
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(Duration::from_secs(20))
                    .build(),
            );
        config.set_endpoint_url(endpoint.clone());
        let config = config.build();
        // An endpoint of one's own seldom has a host name for every bucket.
        let s3 = aws_sdk_s3::config::Builder::from(&config)
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Self {
            api: Api::new(credentials, region, endpoint),
            s3: aws_sdk_s3::Client::from_conf(s3),
        }
    }
}
