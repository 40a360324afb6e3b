//! Where the text of a template comes from: the call itself or S3.

use awsapi::AwsError;
use bytes::Bytes;
use serde_json::{Value, json};

use super::CloudFormation;
use super::request::{failed, text};
use super::state::invalid;
use crate::Scope;

const BODY_LIMIT: usize = 51_200;
const URL_LIMIT: usize = 1_000_000;

/// The template that a call names; `None` where it names none.
pub(crate) async fn template_text(
    cfn: &CloudFormation,
    scope: &Scope,
    input: &Value,
) -> Result<Option<String>, AwsError> {
    match (text(input, "TemplateBody"), text(input, "TemplateURL")) {
        (Some(_), Some(_)) => Err(invalid(
            "Only one of TemplateBody or TemplateURL can be specified.",
        )),
        (Some(body), None) if body.len() > BODY_LIMIT => Err(failed(
            "TemplateBody",
            "...",
            &format!("Member must have length less than or equal to {BODY_LIMIT}"),
        )),
        (Some(""), None) => Err(failed(
            "TemplateBody",
            "",
            "Member must have length greater than or equal to 1",
        )),
        (Some(body), None) => Ok(Some(body.to_owned())),
        (None, Some(url)) => Ok(Some(fetch(cfn, scope, url, URL_LIMIT).await?)),
        (None, None) => Ok(None),
    }
}

/// Reads a text from S3 by its URL.
pub(crate) async fn fetch(
    cfn: &CloudFormation,
    scope: &Scope,
    url: &str,
    limit: usize,
) -> Result<String, AwsError> {
    let (bucket, key) = locate(cfn.aws.endpoint(), url)
        .ok_or_else(|| invalid("TemplateURL must be a supported URL."))?;
    let input = json!({"Bucket": bucket, "Key": key});
    let answer = cfn
        .aws
        .call_raw(scope, "s3", "GetObject", input, Bytes::new())
        .await
        .map_err(|error| {
            invalid(format!(
                "S3 error: {}\nFor more information check http://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html",
                error.message
            ))
        })?;
    if answer.body.len() > limit {
        return Err(invalid(format!(
            "Template may not exceed {limit} bytes in size."
        )));
    }
    String::from_utf8(answer.body.to_vec())
        .map_err(|_| invalid("Template format error: unsupported structure."))
}

/// Bucket and key of a URL of the endpoint or of AWS, path style or virtual-host style.
fn locate(endpoint: &str, url: &str) -> Option<(String, String)> {
    let (_, rest) = url.split_once("://")?;
    let rest = rest.split(['?', '#']).next()?;
    let (host, path) = rest.split_once('/')?;
    let path = decoded(path)?;
    let name = host.split(':').next()?;
    let own = endpoint
        .split_once("://")
        .map_or(endpoint, |(_, rest)| rest);
    let own = own.split(['/', ':']).next()?;
    let is_own = |name: &str| name == own || name == "localhost" || name == "127.0.0.1";
    let bucket = if is_own(name) {
        None
    } else if let Some(before) = name.strip_suffix(".localhost") {
        match before.strip_suffix(".s3") {
            Some(bucket) => Some(bucket),
            None if before == "s3" => None,
            None => Some(before),
        }
    } else {
        let before = name
            .strip_suffix(".amazonaws.com")
            .or_else(|| name.strip_suffix(".amazonaws.com.cn"))?;
        match before
            .rfind(".s3")
            .filter(|at| s3_host(before.get(at + 1..)))
        {
            Some(at) => before.get(..at),
            None if s3_host(Some(before)) => None,
            None => return None,
        }
    };
    let (bucket, key) = match bucket {
        Some(bucket) => (bucket.to_owned(), path),
        None => {
            let (bucket, key) = path.split_once('/')?;
            (bucket.to_owned(), key.to_owned())
        }
    };
    (!bucket.is_empty() && !key.is_empty()).then_some((bucket, key))
}

/// `s3`, `s3.region`, `s3-region` or `s3.dualstack.region`.
fn s3_host(host: Option<&str>) -> bool {
    host.is_some_and(|host| host == "s3" || host.starts_with("s3.") || host.starts_with("s3-"))
}

fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let pair = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&pair).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_of_all_styles_are_understood() {
        let cases = [
            ("http://127.0.0.1:4566/b/k/t.yaml", Some(("b", "k/t.yaml"))),
            (
                "http://localhost:4566/b/k%20t.yaml",
                Some(("b", "k t.yaml")),
            ),
            ("http://b.s3.localhost:4566/k", Some(("b", "k"))),
            ("https://b.s3.amazonaws.com/k", Some(("b", "k"))),
            (
                "https://my.b.s3.eu-central-1.amazonaws.com/k/t?x=1",
                Some(("my.b", "k/t")),
            ),
            ("https://b.s3-eu-west-1.amazonaws.com/k", Some(("b", "k"))),
            (
                "https://s3.eu-central-1.amazonaws.com/b/k",
                Some(("b", "k")),
            ),
            ("https://s3-eu-west-1.amazonaws.com/b/k", Some(("b", "k"))),
            ("https://s3.amazonaws.com/b/k", Some(("b", "k"))),
            ("https://example.com/b/k", None),
            ("https://s3.amazonaws.com/b", None),
            ("b/k", None),
        ];
        for (url, expected) in cases {
            let expected = expected.map(|(b, k)| (b.to_owned(), k.to_owned()));
            assert_eq!(locate("http://127.0.0.1:4566", url), expected, "{url}");
        }
    }
}
