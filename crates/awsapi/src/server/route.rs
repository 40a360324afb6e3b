//! From a request to the operation that it asks for.

use bytes::Bytes;
use http::{Request, Response};

use super::errors;
use super::rest_match::{self, Address};
use super::scope::Scope;
use crate::AwsError;
use crate::codec::form;
use crate::codec::rest::header;
use crate::codec::uri::Labels;
use crate::model::{Operation, Protocol, Service, entries, service};

/// A request whose operation is known.
#[derive(Debug, Clone)]
pub struct Routed {
    /// The service.
    pub service: &'static Service,
    /// The operation.
    pub operation: Operation,
    /// How the request is written, and the answer has to be.
    pub protocol: Protocol,
    /// Region of the signature or the host name; `us-east-1` else.
    pub region: String,
    /// Who signed, if anybody did.
    pub access_key: Option<String>,
    /// The bucket, where the host name carries it.
    pub bucket: Option<String>,
    pub(super) labels: Labels,
    pub(super) head: bool,
}

/// A request that asks for nothing that AWS offers.
#[derive(Debug, Clone)]
pub struct Refusal {
    /// What AWS says to such a request.
    pub error: AwsError,
    protocol: Protocol,
    service: Option<&'static Service>,
}

impl Refusal {
    fn new(protocol: Protocol, service: Option<&'static Service>, error: AwsError) -> Self {
        Self {
            error,
            protocol,
            service,
        }
    }

    /// The answer to the client.
    pub fn response(&self, request_id: &str) -> Response<Bytes> {
        let place = errors::Place {
            service: self.service,
            operation: None,
            protocol: self.protocol,
            head: false,
        };
        errors::write(&place, &self.error, request_id)
    }
}

/// Finds the operation that a request asks for: by what the signature names, else by the host
/// name; of the services that share a name, the one whose protocol the request speaks.
///
/// A request that neither is signed nor names a service is one for S3, which alone takes such
/// requests from anybody.
pub fn route(request: &Request<Bytes>) -> Result<Routed, Refusal> {
    let seeker = Seeker {
        request,
        scope: Scope::of(request),
        query: form::pairs(request.uri().query().unwrap_or_default()),
    };
    if let Some(target) = header(request.headers(), "x-amz-target") {
        return seeker.by_target(&target);
    }
    if let Some((prefix, operation)) = rpc_path(request.uri().path()) {
        return seeker.by_rpc_path(prefix, operation);
    }
    if let Some(found) = seeker.by_action() {
        return found;
    }
    seeker.by_path()
}

/// `/service/<target prefix>/operation/<name>`, the address of Smithy's RPC protocol.
fn rpc_path(path: &str) -> Option<(&str, &str)> {
    let (_, rest) = path.split_once("/service/")?;
    let (service, operation) = rest.split_once("/operation/")?;
    Some((service, operation))
}

struct Seeker<'a> {
    request: &'a Request<Bytes>,
    scope: Scope,
    query: Vec<(String, String)>,
}

impl Seeker<'_> {
    fn routed(&self, operation: Operation, protocol: Protocol, labels: Labels) -> Routed {
        let service = operation.service();
        let bucket = match service.name() {
            "s3" => self.scope.bucket.clone(),
            _ => None,
        };
        Routed {
            service,
            operation,
            protocol,
            region: self
                .scope
                .region
                .clone()
                .unwrap_or_else(|| "us-east-1".to_owned()),
            access_key: self.scope.access_key.clone(),
            bucket,
            labels,
            head: self.request.method() == http::Method::HEAD,
        }
    }

    /// The name of the service, as far as signature or host give one.
    fn service_hint(&self) -> Option<&str> {
        let host = || self.scope.host_prefix.as_deref();
        self.scope.signing_name.as_deref().or_else(host)
    }

    /// Services of the hinted name that speak one of these protocols, the likeliest first.
    fn candidates(&self, protocols: &[Protocol]) -> Vec<&'static Service> {
        let Some(hint) = self.service_hint() else {
            return Vec::new();
        };
        let hint = match hint {
            "s3express" => "s3",
            hint => hint,
        };
        let mut found: Vec<_> = entries()
            .iter()
            .filter(|e| e.signing_name == hint || e.endpoint_prefix == hint || e.name == hint)
            .filter(|e| {
                let old = e.query_compatible && protocols.contains(&Protocol::Query);
                old || e.protocols.iter().any(|p| protocols.contains(p))
            })
            .collect();
        let host = self.scope.host_prefix.as_deref();
        found.sort_by_key(|e| {
            let by_host = Some(e.endpoint_prefix) == host;
            (!by_host, e.name != hint, e.endpoint_prefix != hint)
        });
        found
            .iter()
            .filter_map(|entry| service(entry.name))
            .collect()
    }

    /// `X-Amz-Target: AmazonSQS.SendMessage`.
    fn by_target(&self, target: &str) -> Result<Routed, Refusal> {
        let unknown = |service| {
            let error = AwsError::new("UnknownOperationException", "");
            Err(Refusal::new(Protocol::Json, service, error))
        };
        let Some((prefix, name)) = target.rsplit_once('.') else {
            return unknown(None);
        };
        let Some(service) = self.with_prefix(prefix, name) else {
            return unknown(None);
        };
        match service.operation(name) {
            Some(operation) => Ok(self.routed(operation, Protocol::Json, Labels::new())),
            None => unknown(Some(service)),
        }
    }

    fn by_rpc_path(&self, prefix: &str, name: &str) -> Result<Routed, Refusal> {
        let service = self.with_prefix(prefix, name);
        match service.and_then(|service| service.operation(name)) {
            Some(operation) => Ok(self.routed(operation, Protocol::Cbor, Labels::new())),
            None => {
                let error = AwsError::new("UnknownOperationException", "").with_status(404);
                Err(Refusal::new(Protocol::Cbor, service, error))
            }
        }
    }

    /// The service with this target prefix; of several, one that has the operation, and rather the
    /// one that the signature names.
    fn with_prefix(&self, prefix: &str, operation: &str) -> Option<&'static Service> {
        let hint = self.service_hint();
        let same = entries().iter().filter(|e| e.target_prefix == prefix);
        let mut found: Vec<_> = same.collect();
        found.sort_by_key(|e| Some(e.signing_name) != hint);
        let services = found.iter().filter_map(|e| service(e.name));
        let mut having = services.filter(|s| s.operation(operation).is_some());
        having.next().or_else(|| service(found.first()?.name))
    }

    /// `Action=SendMessage&Version=2012-11-05` in the body or the query.
    fn by_action(&self) -> Option<Result<Routed, Refusal>> {
        let content_type = header(self.request.headers(), "content-type").unwrap_or_default();
        let body = match content_type.starts_with("application/x-www-form-urlencoded") {
            true => form::pairs(&String::from_utf8_lossy(self.request.body())),
            false => Vec::new(),
        };
        let find = |name: &str| {
            let mut all = body.iter().chain(&self.query);
            all.find(|(key, _)| key == name).map(|(_, v)| v.as_str())
        };
        let action = find("Action")?;
        let version = find("Version");
        let protocols = [Protocol::Query, Protocol::Ec2];
        let mut services = self.candidates(&protocols);
        if services.is_empty() {
            if self.service_hint().is_some() {
                return None;
            }
            // Neither signed nor at a host of AWS, such as STS for web identities.
            let same = entries().iter().filter(|e| Some(e.api_version) == version);
            let spoken = same.filter(|e| e.protocols.iter().any(|p| protocols.contains(p)));
            services = spoken.filter_map(|entry| service(entry.name)).collect();
        }
        let same = |s: &&&'static Service| version.is_none_or(|v| v == s.api_version());
        let fitting = services.iter().filter(same);
        let found = fitting
            .chain(services.iter())
            .find_map(|service| service.operation(action));
        if let Some(operation) = found {
            let ec2 = operation.service().protocols().contains(&Protocol::Ec2);
            let protocol = if ec2 { Protocol::Ec2 } else { Protocol::Query };
            return Some(Ok(self.routed(operation, protocol, Labels::new())));
        }
        let service = services.first().copied()?;
        let message = match version {
            Some(version) => format!("Could not find operation {action} for version {version}"),
            None => format!("The action {action} is not valid for this web service."),
        };
        let error = AwsError::new("InvalidAction", message);
        let ec2 = service.protocols().contains(&Protocol::Ec2);
        let protocol = if ec2 { Protocol::Ec2 } else { Protocol::Query };
        Some(Err(Refusal::new(protocol, Some(service), error)))
    }

    fn by_path(&self) -> Result<Routed, Refusal> {
        let rest = [Protocol::RestJson, Protocol::RestXml];
        let candidates = self.candidates(&rest);
        if self.service_hint().is_none() {
            return self.anonymous();
        }
        for service in &candidates {
            if let Some((found, protocol)) = self.in_service(service) {
                return Ok(self.routed(found.operation, protocol, found.labels));
            }
        }
        let Some(service) = candidates.first().copied() else {
            // A service that is not a REST service, but no operation was named.
            let all = [
                Protocol::Json,
                Protocol::Query,
                Protocol::Ec2,
                Protocol::Cbor,
            ];
            let service = self.candidates(&all).first().copied();
            let protocol = service.map_or(Protocol::Json, Service::protocol);
            let error = match protocol {
                Protocol::Query | Protocol::Ec2 => AwsError::new(
                    "MissingAction",
                    "The request must contain the parameter Action.",
                ),
                _ => AwsError::new("UnknownOperationException", ""),
            };
            return Err(Refusal::new(protocol, service, error));
        };
        let protocol = service.protocol();
        let error = match service.name() {
            "s3" => AwsError::new(
                "MethodNotAllowed",
                "The specified method is not allowed against this resource.",
            )
            .with_status(405),
            _ => AwsError::new("UnknownOperationException", "").with_status(404),
        };
        Err(Refusal::new(protocol, Some(service), error))
    }

    /// A request that names no service: one for S3, unless its path is unmistakably Lambda's.
    fn anonymous(&self) -> Result<Routed, Refusal> {
        if let Some((found, protocol)) = service("lambda").and_then(|s| self.in_service(s))
            && found.literal
        {
            return Ok(self.routed(found.operation, protocol, found.labels));
        }
        let s3 = service("s3");
        if let Some((found, protocol)) = s3.and_then(|s| self.in_service(s)) {
            return Ok(self.routed(found.operation, protocol, found.labels));
        }
        let error = AwsError::new(
            "MethodNotAllowed",
            "The specified method is not allowed against this resource.",
        );
        Err(Refusal::new(Protocol::RestXml, s3, error.with_status(405)))
    }

    fn in_service(&self, service: &'static Service) -> Option<(rest_match::Found, Protocol)> {
        let path = self.request.uri().path();
        let virtual_path;
        let path = match (service.name(), &self.scope.bucket) {
            ("s3", Some(bucket)) => {
                virtual_path = format!("/{bucket}{path}");
                &virtual_path
            }
            // S3's control plane has paths that would be keys to S3 itself.
            ("s3", None) if path.starts_with("/v20180820/") && self.is_control() => return None,
            _ => path,
        };
        let address = Address {
            method: self.request.method(),
            path,
            query: &self.query,
            headers: self.request.headers(),
        };
        Some((rest_match::find(service, &address)?, service.protocol()))
    }

    fn is_control(&self) -> bool {
        self.request.headers().contains_key("x-amz-account-id")
    }
}
