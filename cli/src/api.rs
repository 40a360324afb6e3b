//! Calls of the services that the program has no typed client of: logs, schedules, tables,
//! containers.
//!
//! A typed client costs minutes of building for a handful of calls, and the tables of `awsapi` are
//! in the program anyway. They encode and decode; credentials, endpoints from the configuration,
//! signatures and HTTP are the SDK's. Event streams and S3's ways are not for here.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use aws_sdk_s3::config::SharedHttpClient;
use aws_sdk_s3::config::http::{HttpRequest, HttpResponse};
use aws_sdk_s3::primitives::SdkBody;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_types::service_config::ServiceConfigKey;
use awsapi::{AwsError, Service, client};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::Value;
use tokio::sync::Mutex;
use uuid::Uuid;

use crate::failure::{Failure, Result, reasons};

/// How often a call that was throttled or not answered is made.
const ATTEMPTS: u32 = 4;
/// Credentials are renewed so long before they expire.
const RENEWAL: Duration = Duration::from_secs(120);

/// Calls any operation of any service.
#[derive(Debug, Clone)]
pub struct Api {
    config: SdkConfig,
    /// Whether the endpoint was named on the command line, which beats the configuration.
    named: bool,
    region: String,
    /// Credentials of a provider are asked for once and not for every call.
    credentials: Arc<Mutex<Option<Credentials>>>,
}

impl Api {
    pub(crate) fn new(config: &SdkConfig, region: &str, named: bool) -> Self {
        Self {
            config: config.clone(),
            named,
            region: region.to_owned(),
            credentials: Arc::default(),
        }
    }

    /// The same in another region.
    #[must_use]
    pub fn in_region(&self, region: &str) -> Self {
        Self {
            region: region.to_owned(),
            ..self.clone()
        }
    }

    /// Makes a call, again if it was throttled; `doing` ends the sentence "cannot …". Service and
    /// operation have the names of AWS's models: `logs`, `GetLogEvents`.
    pub async fn call(
        &self,
        doing: &str,
        service: &str,
        operation: &str,
        input: Value,
    ) -> Result<Value> {
        match self.attempt(doing, service, operation, input).await? {
            Ok(output) => Ok(output),
            Err(error) => Err(Failure::refused(doing, &error.code, &error.message)),
        }
    }

    /// The same for calls whose refusals mean something: the service's error comes back as it is.
    pub async fn attempt(
        &self,
        doing: &str,
        service: &str,
        operation: &str,
        mut input: Value,
    ) -> Result<Result<Value, AwsError>> {
        let found = awsapi::service(service).and_then(|service| service.operation(operation));
        let operation = found.ok_or_else(|| {
            Failure::new(format!("cannot {doing}: {service}:{operation} is unknown"))
        })?;
        client::fill_tokens(operation, &mut input, || Uuid::new_v4().to_string());
        let endpoint = self.endpoint(operation.service());
        let mut pause = Duration::from_millis(500);
        for attempt in 1.. {
            let wrong = |error: &dyn std::fmt::Display| {
                Failure::new(format!("cannot {doing}: the request is wrong: {error}"))
            };
            let request = client::encode(operation, &input, Bytes::new(), &endpoint)
                .map_err(|error| wrong(&error))?;
            let request = self.signed(doing, request, operation.service()).await?;
            let answer = match self.send(doing, request).await {
                Ok(answer) => client::decode(operation, &answer),
                Err(failure) if attempt == ATTEMPTS => return Err(failure),
                Err(_) => {
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                    continue;
                }
            };
            match answer {
                Ok((output, _)) => return Ok(Ok(output)),
                Err(error) if attempt < ATTEMPTS && passes(&error) => {}
                Err(error) => return Ok(Err(error)),
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        Err(Failure::new(format!("cannot {doing}")))
    }

    async fn signed(
        &self,
        doing: &str,
        mut request: Request<Bytes>,
        service: &Service,
    ) -> Result<Request<Bytes>> {
        let identity = self.credentials(doing).await?.into();
        let wrong = |error: &dyn std::fmt::Display| {
            Failure::new(format!(
                "cannot {doing}: the request cannot be signed: {error}"
            ))
        };
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service.signing_name())
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| wrong(&error))?;
        let headers = request.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let uri = request.uri().to_string();
        let body = SignableBody::Bytes(request.body());
        let signable = SignableRequest::new(request.method().as_str(), uri, headers, body)
            .map_err(|error| wrong(&error))?;
        let signed = sign(signable, &params.into()).map_err(|error| wrong(&error))?;
        let (instructions, _) = signed.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
    }

    async fn credentials(&self, doing: &str) -> Result<Credentials> {
        let mut kept = self.credentials.lock().await;
        let soon = SystemTime::now() + RENEWAL;
        if let Some(credentials) = &*kept
            && credentials.expiry().is_none_or(|expiry| expiry > soon)
        {
            return Ok(credentials.clone());
        }
        let missing = || Failure::unreached(doing, "no credentials found");
        let provider: SharedCredentialsProvider =
            self.config.credentials_provider().ok_or_else(missing)?;
        let fresh = provider.provide_credentials().await.map_err(|error| {
            use aws_credential_types::provider::error::CredentialsError as Fault;
            match error {
                Fault::CredentialsNotLoaded(_) => missing(),
                error => {
                    Failure::unreached(doing, &format!("the credentials: {}", reasons(&error)))
                }
            }
        })?;
        Ok(kept.insert(fresh).clone())
    }

    async fn send(&self, doing: &str, request: Request<Bytes>) -> Result<Response<Bytes>> {
        let unreached = |reason: &str| Failure::unreached(doing, reason);
        let client: SharedHttpClient = self
            .config
            .http_client()
            .ok_or_else(|| unreached("there is no HTTP client"))?;
        let uri = request.uri();
        let (scheme, host) = (uri.scheme_str(), uri.authority());
        let host = host.map(http::uri::Authority::as_str).unwrap_or_default();
        let host = format!("{}://{host}", scheme.unwrap_or("https"));
        let request = HttpRequest::try_from(request.map(SdkBody::from))
            .map_err(|error| unreached(&error.to_string()))?;
        // Signed already, and tried again above, where the refusal is understood.
        let request = std::sync::Mutex::new(Some(request));
        let operation = Operation::builder()
            .service_name("footwork")
            .operation_name("call")
            .http_client(client)
            .endpoint_url(&host)
            .no_auth()
            .no_retry()
            .serializer(move |(): ()| {
                let mut request = request.lock().map_err(|error| error.to_string())?;
                request
                    .take()
                    .ok_or_else(|| "the request was sent already".into())
            })
            .deserializer(|answer: &HttpResponse| Ok::<_, _>(taken(answer)))
            .build();
        let answer: Result<Answer, _> = operation.invoke(()).await;
        let answer = answer.map_err(
            |error: aws_sdk_s3::error::SdkError<Infallible, HttpResponse>| {
                unreached(&reasons(&error))
            },
        )?;
        answer.response().map_err(|error| unreached(&error))
    }

    /// Where a service is called: the endpoint of the command line, of the configuration for the
    /// service or for all of them, or AWS's own.
    fn endpoint(&self, service: &Service) -> String {
        let everywhere = self.config.endpoint_url().map(str::to_owned);
        if self.named
            && let Some(endpoint) = everywhere
        {
            return endpoint;
        }
        let key = ServiceConfigKey::builder()
            .service_id(service.service_id())
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build();
        let own = key
            .ok()
            .and_then(|key| self.config.service_config()?.load_config(key));
        own.or(everywhere).unwrap_or_else(|| {
            let fips = self.config.use_fips().unwrap_or_default();
            aws_endpoint(service.endpoint_prefix(), &self.region, fips)
        })
    }
}

/// AWS's own endpoint of a regional service ("AWS service endpoints" in the General Reference).
fn aws_endpoint(prefix: &str, region: &str, fips: bool) -> String {
    let suffixes = [
        ("cn-", "amazonaws.com.cn"),
        ("eusc-", "amazonaws.eu"),
        ("us-iso-", "c2s.ic.gov"),
        ("us-isob-", "sc2s.sgov.gov"),
        ("us-isof-", "csp.hci.ic.gov"),
        ("eu-isoe-", "cloud.adc-e.uk"),
    ];
    let suffix = suffixes.iter().find(|(start, _)| region.starts_with(start));
    let suffix = suffix.map_or("amazonaws.com", |(_, suffix)| suffix);
    let fips = if fips { "-fips" } else { "" };
    format!("https://{prefix}{fips}.{region}.{suffix}")
}

fn passes(error: &AwsError) -> bool {
    error.status == 429
        || error.status >= 500 && error.status != 501
        || error.code.starts_with("Throttl")
        || error.code.ends_with("LimitExceeded") && error.code.starts_with("Request")
        || error.code == "ProvisionedThroughputExceededException"
}

/// An answer as it came.
#[derive(Debug)]
struct Answer {
    status: u16,
    headers: Vec<(String, String)>,
    body: Bytes,
}

fn taken(answer: &HttpResponse) -> Answer {
    let headers = answer.headers().iter();
    Answer {
        status: answer.status().as_u16(),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        body: Bytes::copy_from_slice(answer.body().bytes().unwrap_or_default()),
    }
}

impl Answer {
    fn response(self) -> Result<Response<Bytes>, String> {
        let mut builder = Response::builder().status(self.status);
        for (name, value) in self.headers {
            builder = builder.header(name, value);
        }
        builder.body(self.body).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_have_hosts() {
        for (prefix, region, fips, wanted) in [
            (
                "logs",
                "eu-west-1",
                false,
                "https://logs.eu-west-1.amazonaws.com",
            ),
            (
                "ecs",
                "us-gov-west-1",
                true,
                "https://ecs-fips.us-gov-west-1.amazonaws.com",
            ),
            (
                "dynamodb",
                "cn-north-1",
                false,
                "https://dynamodb.cn-north-1.amazonaws.com.cn",
            ),
        ] {
            assert_eq!(aws_endpoint(prefix, region, fips), wanted);
        }
    }
}
