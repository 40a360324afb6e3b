//! Which AWS the program talks to: account, region, endpoint.

use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_cloudformation::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use clap::Args;

use crate::api::Api;
use crate::failure::{Failure, Result};
use crate::local;
use crate::settings::Environment;
use crate::ui::Ui;

/// Where the commands go.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Target")]
pub struct TargetArgs {
    /// Profile of the AWS configuration, instead of AWS_PROFILE
    #[arg(long, global = true, value_name = "NAME", conflicts_with = "local")]
    profile: Option<String>,
    /// Region, instead of AWS_REGION or the profile's
    #[arg(long, global = true, value_name = "REGION")]
    region: Option<String>,
    /// Endpoint to call instead of AWS's own, for all services
    #[arg(long, global = true, value_name = "URL")]
    endpoint_url: Option<String>,
    /// Use the AWS on this machine; started when it is not running. Implies `--yes`
    #[arg(long, global = true, conflicts_with = "endpoint_url")]
    local: bool,
}

/// Clients of the services that the program uses.
#[derive(Debug, Clone)]
pub struct Target {
    /// CloudFormation.
    pub cloudformation: aws_sdk_cloudformation::Client,
    /// Step Functions.
    pub sfn: aws_sdk_sfn::Client,
    /// S3.
    pub s3: aws_sdk_s3::Client,
    /// All other services.
    pub api: Api,
    /// The region that all of them call.
    pub region: String,
    /// The endpoint, where it is not AWS's own.
    pub endpoint: Option<String>,
    /// What to add to a command line so that it goes to the same place.
    pub flags: String,
}

impl TargetArgs {
    /// Whether questions are answered with yes: nothing on this machine needs asking about.
    pub fn implies_yes(&self) -> bool {
        self.local
    }

    /// The region that was named.
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// With the profile and region of an environment, where the command line says none.
    #[must_use]
    pub fn at(&self, environment: Option<&Environment>) -> Self {
        let mut target = self.clone();
        if let Some(place) = environment {
            if !target.local && target.endpoint_url.is_none() {
                target.profile = target.profile.or_else(|| place.profile.clone());
            }
            target.region = target.region.or_else(|| place.region.clone());
        }
        target
    }

    fn flags(&self) -> String {
        let mut flags = String::new();
        let mut add = |flag: &str, value: &Option<String>| {
            if let Some(value) = value {
                flags.push_str(&format!(" {flag} {value}"));
            }
        };
        add("--profile", &self.profile);
        add("--region", &self.region);
        add("--endpoint-url", &self.endpoint_url);
        if self.local {
            flags.push_str(" --local");
        }
        flags
    }

    /// Connects: resolves configuration and credentials; calls nothing yet.
    pub async fn connect(&self, ui: &Ui) -> Result<Target> {
        if self.local {
            let endpoint = local::ensure_running(ui).await?;
            return self.connect_to(&endpoint).await;
        }
        let mut loader = aws_config::defaults(BehaviorVersion::latest()).http_client(http_client());
        if let Some(profile) = &self.profile {
            loader = loader.profile_name(profile);
        }
        if let Some(region) = &self.region {
            loader = loader.region(Region::new(region.clone()));
        }
        if let Some(endpoint) = &self.endpoint_url {
            loader = loader.endpoint_url(endpoint);
        }
        Target::new(
            &loader.load().await,
            self.endpoint_url.is_some(),
            self.flags(),
        )
    }

    /// Connects to an endpoint that takes any credentials.
    pub async fn connect_to(&self, endpoint: &str) -> Result<Target> {
        let variable = |name| {
            std::env::var(name)
                .ok()
                .filter(|value: &String| !value.is_empty())
        };
        let region = self.region.clone();
        let region = region.or_else(|| variable("AWS_REGION"));
        let region = region.or_else(|| variable("AWS_DEFAULT_REGION"));
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let credentials = Credentials::new("local", "local", None, None, "footwork");
        let config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(http_client())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .region(Region::new(region))
            .endpoint_url(endpoint)
            .build();
        Target::new(&config, true, self.flags())
    }
}

impl Target {
    fn new(config: &SdkConfig, named: bool, flags: String) -> Result<Self> {
        let Some(region) = config.region() else {
            return Err(Failure::new("no region is configured")
                .help("name one with `--region`, AWS_REGION, or in the profile"));
        };
        // Buckets as host names need a DNS that knows them; endpoints of one's own rarely have it.
        let s3 = aws_sdk_s3::config::Builder::from(config)
            .force_path_style(config.endpoint_url().is_some())
            .build();
        Ok(Self {
            cloudformation: aws_sdk_cloudformation::Client::new(config),
            sfn: aws_sdk_sfn::Client::new(config),
            s3: aws_sdk_s3::Client::from_conf(s3),
            api: Api::new(config, region.as_ref(), named),
            region: region.to_string(),
            endpoint: config.endpoint_url().map(str::to_owned),
            flags,
        })
    }
}

fn http_client() -> aws_sdk_cloudformation::config::SharedHttpClient {
    aws_smithy_http_client::Builder::new()
        .tls_provider(Provider::Rustls(CryptoMode::Ring))
        .build_https()
}
