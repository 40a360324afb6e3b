//! What a request says of itself beside its parameters: signature and host.

use http::Request;

use crate::codec::form;
use crate::codec::rest::header;

/// Who calls which service where, as far as the request says.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) access_key: Option<String>,
    pub(super) region: Option<String>,
    /// Name of the service in the signature.
    pub(super) signing_name: Option<String>,
    /// First label of an AWS host name: `sqs`.
    pub(super) host_prefix: Option<String>,
    /// Bucket in the host name, whether or not the request is one for S3.
    pub(super) bucket: Option<String>,
}

impl Scope {
    pub(super) fn of<B>(request: &Request<B>) -> Self {
        let mut scope = Self::default();
        scope.read_host(&host(request));
        let header = header(request.headers(), "authorization");
        match header.as_deref() {
            Some(text) if text.starts_with("AWS4-") => {
                let credential = text
                    .split(['=', ',', ' '])
                    .skip_while(|p| *p != "Credential");
                if let Some(credential) = credential.skip(1).find(|part| !part.is_empty()) {
                    scope.read_credential(credential);
                }
            }
            // The signature before version 4, which only S3 still knows.
            Some(text) if text.starts_with("AWS ") => {
                scope.signing_name = Some("s3".to_owned());
                scope.access_key = text
                    .get(4..)
                    .and_then(|t| t.split(':').next())
                    .map(str::to_owned);
            }
            _ => scope.read_query(request.uri().query().unwrap_or_default()),
        }
        scope
    }

    fn read_query(&mut self, query: &str) {
        for (name, value) in form::pairs(query) {
            match name.as_str() {
                "X-Amz-Credential" => self.read_credential(&value),
                "AWSAccessKeyId" => {
                    self.signing_name = Some("s3".to_owned());
                    self.access_key = Some(value);
                }
                _ => {}
            }
        }
    }

    /// `AKID/20261122/us-east-1/sqs/aws4_request`; a signature for many regions names none.
    fn read_credential(&mut self, credential: &str) {
        let parts: Vec<_> = credential.split('/').collect();
        if let [key, _date, rest @ .., "aws4_request"] = parts.as_slice() {
            self.access_key = Some((*key).to_owned());
            if let [region @ .., service] = rest {
                self.signing_name = Some((*service).to_owned());
                if let [region] = region {
                    self.region = Some((*region).to_owned());
                }
            }
        }
    }

    fn read_host(&mut self, host: &str) {
        let labels: Vec<_> = host.split('.').collect();
        let is_s3 = |label: &&str| *label == "s3" || label.starts_with("s3-");
        if let Some(at) = labels.iter().position(is_s3) {
            self.host_prefix = Some("s3".to_owned());
            self.region = labels.get(at + 1).and_then(|label| region(label));
            if at > 0 {
                self.bucket = labels.get(..at).map(|name| name.join("."));
            }
        } else if let Some(name) = host.strip_suffix(".localhost") {
            self.bucket = Some(name.to_owned());
        } else if host.contains(".amazonaws.com") || host.ends_with(".api.aws") {
            self.host_prefix = labels.first().map(|label| (*label).to_owned());
            self.region = labels.iter().skip(1).find_map(|label| region(label));
        }
    }
}

fn host<B>(request: &Request<B>) -> String {
    let header = header(request.headers(), "host").map(std::borrow::Cow::into_owned);
    let host = header
        .or_else(|| request.uri().host().map(str::to_owned))
        .unwrap_or_default();
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host.as_str(),
    };
    name.to_ascii_lowercase()
}

/// A label that looks like a region: `eu-central-1`.
fn region(label: &str) -> Option<String> {
    let mut parts = label.rsplitn(2, '-');
    let number = parts
        .next()
        .is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    let name = parts
        .next()
        .is_some_and(|name| name.contains('-') && !name.is_empty());
    (number && name).then(|| label.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(host: &str, authorization: &str, query: &str) -> Scope {
        let request = Request::builder()
            .uri(format!("/{query}"))
            .header("host", host)
            .header("authorization", authorization);
        Scope::of(&request.body(()).unwrap())
    }

    #[test]
    fn signature_and_host() {
        let signed = "AWS4-HMAC-SHA256 Credential=AKID/20261122/eu-west-1/states/aws4_request, \
                      SignedHeaders=host, Signature=0";
        let scope = of("127.0.0.1:4566", signed, "");
        assert_eq!(scope.signing_name.as_deref(), Some("states"));
        assert_eq!(scope.region.as_deref(), Some("eu-west-1"));
        assert_eq!(scope.access_key.as_deref(), Some("AKID"));
        assert_eq!(scope.bucket, None);

        let presigned = "?X-Amz-Credential=K%2F20261122%2Fus-east-1%2Fs3%2Faws4_request";
        let scope = of("my.bucket.s3.eu-central-1.amazonaws.com", "", presigned);
        assert_eq!(scope.signing_name.as_deref(), Some("s3"));
        assert_eq!(scope.bucket.as_deref(), Some("my.bucket"));

        let scope = of("sqs.eu-west-1.amazonaws.com", "", "");
        assert_eq!(scope.host_prefix.as_deref(), Some("sqs"));
        assert_eq!(scope.region.as_deref(), Some("eu-west-1"));
        assert_eq!(
            of("logs.localhost:4566", "", "").bucket.as_deref(),
            Some("logs")
        );
        assert_eq!(of("b.s3.localhost", "", "").bucket.as_deref(), Some("b"));
        assert_eq!(of("s3.us-east-1.amazonaws.com", "", "").bucket, None);
    }
}
