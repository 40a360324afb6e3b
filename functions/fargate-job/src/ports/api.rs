//! Signed calls of the services that speak AWS's JSON protocols.
//!
//! The typed crates of six more services would be most of the time that this program takes to
//! build and most of its size; their protocol is a POST of a JSON object, and the signature is the
//! SDK's own. Nothing is tried again here: the workflow does that, with jitter.

use std::error::Error as _;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;

use crate::Error;

const PATIENCE: Duration = Duration::from_secs(20);

/// A service: its name in actions, its host, the name it is signed for, its target and JSON version.
struct Service {
    action: &'static str,
    host: &'static str,
    target: &'static str,
    version: &'static str,
}

const SERVICES: [Service; 6] = [
    service("dynamodb", "dynamodb", "DynamoDB_20120810", "1.0"),
    service(
        "ecr",
        "api.ecr",
        "AmazonEC2ContainerRegistry_V20150921",
        "1.1",
    ),
    service("ecs", "ecs", "AmazonEC2ContainerServiceV20141113", "1.1"),
    service("events", "events", "AWSEvents", "1.1"),
    service("logs", "logs", "Logs_20140328", "1.1"),
    service("states", "states", "AWSStepFunctions", "1.0"),
];

const fn service(
    action: &'static str,
    host: &'static str,
    target: &'static str,
    version: &'static str,
) -> Service {
    Service {
        action,
        host,
        target,
        version,
    }
}

type Plain = Client<HttpConnector, Full<Bytes>>;
type Secure = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

/// A client of all of them.
#[derive(Debug)]
pub(super) struct Api {
    plain: Plain,
    /// Made when first needed: reading the certificates takes a while.
    secure: OnceLock<Result<Secure, String>>,
    credentials: Credentials,
    region: String,
    /// An endpoint for all services instead of theirs.
    endpoint: Option<String>,
}

impl Api {
    pub(super) fn new(credentials: Credentials, region: String, endpoint: Option<String>) -> Self {
        Self {
            plain: Client::builder(TokioExecutor::new()).build_http(),
            secure: OnceLock::new(),
            credentials,
            region,
            endpoint,
        }
    }

    /// Makes a call, named as in IAM: `ecs:DescribeTasks`.
    pub(super) async fn call(&self, call: &'static str, input: &Value) -> Result<Value, Error> {
        let unavailable = |message: String| Error::Unavailable { call, message };
        let request = self.request(call, input).map_err(unavailable)?;
        let answer = tokio::time::timeout(PATIENCE, self.exchange(request));
        let (status, body) = match answer.await {
            Ok(answer) => answer.map_err(unavailable)?,
            Err(_) => return Err(unavailable("no answer in time".to_owned())),
        };
        let text = |member: &str, other: &str| {
            let found = body.get(member).or_else(|| body.get(other));
            found.and_then(Value::as_str).map(str::to_owned)
        };
        if status < 300 {
            return Ok(body);
        }
        let code = text("__type", "code").unwrap_or_else(|| "an unknown code".to_owned());
        let code = code.rsplit('#').next().unwrap_or_default();
        let message = text("message", "Message");
        let message = message.unwrap_or_else(|| format!("HTTP status {status}"));
        Err(Error::from_code(call, code, status, message))
    }

    fn request(&self, call: &'static str, input: &Value) -> Result<Request<Full<Bytes>>, String> {
        let (prefix, action) = call.split_once(':').unwrap_or_default();
        let service = SERVICES.iter().find(|service| service.action == prefix);
        let service = service.ok_or_else(|| format!("there is no service `{prefix}`"))?;
        let url = self.endpoint.clone().unwrap_or_else(|| {
            let suffix = if self.region.starts_with("cn-") {
                ".cn"
            } else {
                ""
            };
            format!(
                "https://{}.{}.amazonaws.com{suffix}",
                service.host, self.region
            )
        });
        let url = format!("{}/", url.trim_end_matches('/'));
        let body = Bytes::from(input.to_string());
        let mut request = Request::post(&url)
            .header(
                "content-type",
                format!("application/x-amz-json-{}", service.version),
            )
            .header("x-amz-target", format!("{}.{action}", service.target))
            .body(())
            .map_err(|e| e.to_string())?;
        let identity = self.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(service.action)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|e| e.to_string())?
            .into();
        let headers = request.headers().iter();
        let headers =
            headers.filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)));
        let signable = SignableRequest::new("POST", &url, headers, SignableBody::Bytes(&body))
            .map_err(|e| e.to_string())?;
        let signed = sign(signable, &parameters).map_err(|e| e.to_string())?;
        signed.into_parts().0.apply_to_request_http1x(&mut request);
        Ok(request.map(|()| Full::new(body)))
    }

    async fn exchange(&self, request: Request<Full<Bytes>>) -> Result<(u16, Value), String> {
        let answer = match request.uri().scheme_str() {
            Some("https") => {
                let client = self.secure.get_or_init(secure);
                client
                    .as_ref()
                    .map_err(Clone::clone)?
                    .request(request)
                    .await
            }
            _ => self.plain.request(request).await,
        };
        let answer = answer.map_err(|e| match e.source() {
            Some(source) => format!("{e}: {source}"),
            None => e.to_string(),
        })?;
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await;
        let body = body.map_err(|e| e.to_string())?.to_bytes();
        if body.is_empty() {
            return Ok((status, Value::Null));
        }
        match serde_json::from_slice(&body) {
            Ok(body) => Ok((status, body)),
            Err(_) if status >= 300 => Ok((status, Value::Null)),
            Err(e) => Err(format!("the answer cannot be read: {e}")),
        }
    }
}

fn secure() -> Result<Secure, String> {
    let connector = HttpsConnectorBuilder::new()
        .with_native_roots()
        .map_err(|e| format!("the certificates of this machine cannot be read: {e}"))?;
    let connector = connector.https_only().enable_http1().build();
    Ok(Client::builder(TokioExecutor::new()).build(connector))
}
