//! What keeps web pages out: nothing here has passwords, and every page that the user opens can
//! make the browser send requests to loopback.
//!
//! Programs send none of what is refused. Three ways in are shut: pages of other origins
//! (`Origin`), links and images that carry an action in their address (`Sec-Fetch-Site`), and
//! names of the attacker's that turn into loopback after the page was loaded (`Host`).

use std::net::IpAddr;

use http::header::{HOST, ORIGIN};
use http::{HeaderMap, HeaderName, Request, Uri};

/// Names under which AWS itself is reached, of which nobody else can make loopback.
const AWS: [&str; 4] = [".amazonaws.com", ".amazonaws.com.cn", ".api.aws", ".on.aws"];

/// Why a request is refused; `None` for those of programs and of this machine's own pages.
pub(super) fn refusal<B>(request: &Request<B>) -> Option<&'static str> {
    let headers = request.headers();
    if header(headers, &HOST).is_some_and(|host| !is_ours(host)) {
        return Some("requests for other hosts than this machine and AWS are refused\n");
    }
    let foreign = "requests from web pages of other origins are refused\n";
    if let Some(origin) = headers.get(ORIGIN) {
        let uri = origin.to_str().ok().and_then(|origin| origin.parse().ok());
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        if !is_local(host) {
            return Some(foreign);
        }
    }
    let fetch = |name: &'static str| header(headers, &HeaderName::from_static(name));
    if !matches!(fetch("sec-fetch-site"), Some("cross-site" | "same-site")) {
        return None;
    }
    // People follow links to objects; to an action leads only who means harm.
    let query = request.uri().query().unwrap_or_default();
    let acts = query.split('&').any(|pair| pair.starts_with("Action="));
    (fetch("sec-fetch-mode") != Some("navigate") || acts).then_some(foreign)
}

fn header<'h>(headers: &'h HeaderMap, name: &HeaderName) -> Option<&'h str> {
    // What is no text is no name of ours either.
    let value = headers.get(name)?;
    Some(value.to_str().unwrap_or_default())
}

/// Whether the value of `Host` names this machine or a service of AWS.
fn is_ours(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    is_local(without_prefix(&name)) || AWS.iter().any(|end| name.ends_with(end))
}

/// The name without the prefix that SDKs put before it for some operations: `sync-127.0.0.1` for
/// StartSyncExecution. No such name can be registered, so nobody turns it into loopback.
fn without_prefix(name: &str) -> &str {
    match name.split_once('-') {
        Some((prefix, rest)) if prefix.bytes().all(|byte| byte.is_ascii_lowercase()) => rest,
        _ => name,
    }
}

fn is_local(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    let address = address.parse::<IpAddr>();
    host == "localhost"
        || host.ends_with(".localhost")
        || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Path, headers, and whether the request is answered.
    type Case<'c> = (&'c str, &'c [(&'c str, &'c str)], bool);

    #[test]
    fn pages_are_kept_out_and_programs_are_not() {
        let action = "/?Action=DeleteStack&StackName=x";
        let table: [Case<'_>; 20] = [
            (action, &[("host", "127.0.0.1:4566")], true),
            ("/", &[], true),
            ("/", &[("host", "localhost")], true),
            ("/", &[("host", "[::1]:4566")], true),
            ("/k", &[("host", "My-Bucket.s3.localhost:4566")], true),
            ("/k", &[("host", "b.s3.eu-west-1.amazonaws.com")], true),
            ("/", &[("host", "sync-127.0.0.1:4566")], true),
            ("/", &[("host", "sync-localhost:4566")], true),
            ("/", &[("host", "sync-127.0.0.1.evil.example")], false),
            ("/", &[("host", "evil.example:4566")], false),
            ("/", &[("host", "127.0.0.1.evil.example")], false),
            ("/", &[("host", "amazonaws.com.evil.example")], false),
            ("/", &[("host", "10.0.0.1:4566")], false),
            ("/", &[("origin", "http://evil.example")], false),
            ("/", &[("origin", "null")], false),
            ("/", &[("origin", "http://localhost:3000")], true),
            (action, &[("sec-fetch-site", "cross-site")], false),
            (
                action,
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                ],
                false,
            ),
            (
                "/b/report.html?X-Amz-Signature=0",
                &[
                    ("sec-fetch-site", "cross-site"),
                    ("sec-fetch-mode", "navigate"),
                ],
                true,
            ),
            ("/b/k", &[("sec-fetch-site", "none")], true),
        ];
        for (path, headers, welcome) in table {
            let request = Request::builder().uri(path);
            let request = headers
                .iter()
                .fold(request, |request, (name, value)| {
                    request.header(*name, *value)
                })
                .body(())
                .unwrap();
            assert_eq!(refusal(&request).is_none(), welcome, "{path} {headers:?}");
        }
    }
}
