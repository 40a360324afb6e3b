//! Requests.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Uri};
use md5::{Digest, Md5};
use serde_json::{Map, Value};

use crate::codec::query::Dialect;
use crate::codec::rest::{self, Written, insert};
use crate::codec::uri::Template;
use crate::codec::{Mismatch, Within, cbor, form, json, scalar};
use crate::model::{Kind, Location, Member, Operation, Protocol, Shape, TimestampFormat};

/// Writes a request to `endpoint` (scheme, host, and a path prefix if need be), unsigned.
///
/// `body` is the raw payload of REST operations that take one. S3's buckets go into the path.
/// Fails when the input does not fit the operation's shape: an unknown member, a value of another
/// type, an empty label of the path.
pub fn encode(
    operation: Operation,
    input: &Value,
    body: Bytes,
    endpoint: &str,
) -> Result<Request<Bytes>, Mismatch> {
    let none = Map::new();
    let members = match input {
        Value::Object(members) => members,
        Value::Null => &none,
        _ => return Err(scalar::unexpected("an object", input)),
    };
    if let Some(unknown) = unknown(operation.input(), members) {
        return Err(Mismatch::new("no such member")).within(unknown);
    }
    let builder = Builder {
        operation,
        input: operation.input(),
        members,
    };
    let mut parts = match operation.service().protocol() {
        Protocol::Json => builder.json()?,
        Protocol::Cbor => builder.cbor()?,
        Protocol::Query => builder.form(Dialect::Query)?,
        Protocol::Ec2 => builder.form(Dialect::Ec2)?,
        Protocol::RestJson | Protocol::RestXml => builder.rest(body)?,
    };
    let is_s3 = operation.service().name() == "s3";
    if operation.needs_checksum() && is_s3 && !parts.headers.contains_key("content-md5") {
        let digest = STANDARD.encode(Md5::digest(&parts.body.bytes));
        insert(&mut parts.headers, "content-md5", &digest)?;
    }
    builder.finish(parts, endpoint)
}

fn unknown(shape: Option<Shape>, members: &Map<String, Value>) -> Option<&String> {
    let known = |name: &str| shape.is_some_and(|shape| shape.member(name).is_some());
    members.keys().find(|name| !known(name))
}

struct Builder<'a> {
    operation: Operation,
    input: Option<Shape>,
    members: &'a Map<String, Value>,
}

/// A request without its endpoint.
#[derive(Debug, Default)]
struct Parts {
    path: String,
    headers: HeaderMap,
    body: Written,
}

impl Builder<'_> {
    fn json(&self) -> Result<Parts, Mismatch> {
        let service = self.operation.service();
        let mut headers = HeaderMap::new();
        let target = format!("{}.{}", service.target_prefix(), self.operation.name());
        insert(&mut headers, "x-amz-target", &target)?;
        if service.query_compatible() {
            insert(&mut headers, "x-amzn-query-mode", "true")?;
        }
        let members = match self.input {
            Some(shape) => json::encode_members(shape, self.members)?,
            None => Map::new(),
        };
        let content_type = match service.json_version() {
            "1.0" => "application/x-amz-json-1.0",
            _ => "application/x-amz-json-1.1",
        };
        Ok(Parts {
            path: "/".to_owned(),
            headers,
            body: Written {
                bytes: Value::Object(members).to_string().into(),
                content_type: Some(content_type),
            },
        })
    }

    fn cbor(&self) -> Result<Parts, Mismatch> {
        let mut headers = HeaderMap::new();
        insert(&mut headers, "smithy-protocol", "rpc-v2-cbor")?;
        insert(&mut headers, "accept", "application/cbor")?;
        let body = match self.input {
            Some(shape) => Written {
                bytes: cbor::structure(shape, self.members)?.into(),
                content_type: Some("application/cbor"),
            },
            None => Written::default(),
        };
        let service = self.operation.service().target_prefix();
        let path = format!("/service/{service}/operation/{}", self.operation.name());
        Ok(Parts {
            path,
            headers,
            body,
        })
    }

    fn form(&self, dialect: Dialect) -> Result<Parts, Mismatch> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut pairs = vec![
            pair("Action", self.operation.name()),
            pair("Version", self.operation.service().api_version()),
        ];
        if let Some(shape) = self.input {
            dialect.encode(shape, self.members, "", &mut pairs)?;
        }
        Ok(Parts {
            path: "/".to_owned(),
            headers: HeaderMap::new(),
            body: Written {
                bytes: form::join(&pairs).into(),
                content_type: Some("application/x-www-form-urlencoded; charset=utf-8"),
            },
        })
    }

    fn rest(&self, body: Bytes) -> Result<Parts, Mismatch> {
        let operation = self.operation;
        let template = Template::parse(operation.uri());
        let mut wrong = None;
        let path = template.fill(|label| match self.label(label)? {
            Ok(text) => Some(text),
            Err(mismatch) => {
                wrong = Some(mismatch);
                None
            }
        });
        let path = match (path, wrong) {
            (_, Some(mismatch)) => return Err(mismatch),
            (Ok(path), None) => path,
            (Err(label), None) => {
                return Err(Mismatch::new("must not be empty, it is part of the path"))
                    .within(label);
            }
        };
        let mut query: Vec<String> = Vec::new();
        for (name, value) in &template.query {
            query.push(match value {
                Some(value) => format!("{name}={value}"),
                None => (*name).to_owned(),
            });
        }
        let Some(shape) = self.input else {
            let path = with_query(path, &query);
            return Ok(Parts {
                path,
                ..Parts::default()
            });
        };
        let pairs = self.query(shape)?;
        if !pairs.is_empty() {
            query.push(form::join(&pairs));
        }
        let mut headers = HeaderMap::new();
        rest::write_headers(shape, self.members, &mut headers)?;
        let plain = rest::header_member(shape, "accept").is_none();
        if operation.service().name() == "apigateway" && plain {
            // Its answers have another form without.
            insert(&mut headers, "accept", "application/json")?;
        }
        let root = operation.data.input_name.or(shape.data.wire_name);
        let root = (root.unwrap_or(shape.name()), operation.data.input_namespace);
        let protocol = operation.service().protocol();
        let body = rest::write_body(protocol, shape, self.members, body, root)?;
        Ok(Parts {
            path: with_query(path, &query),
            headers,
            body,
        })
    }

    fn label(&self, label: &str) -> Option<Result<String, Mismatch>> {
        let mut members = self.input?.members();
        let member = members.find(|m| m.location() == Location::Uri && m.serial_name() == label)?;
        let value = self.members.get(member.name())?;
        let text = scalar::to_text(member, value, TimestampFormat::Iso8601);
        Some(text.within(member.name()))
    }

    fn query(&self, shape: Shape) -> Result<Vec<(String, String)>, Mismatch> {
        let mut pairs = Vec::new();
        for member in shape.members().filter(|m| m.location() == Location::Query) {
            let value = self.members.get(member.name());
            if let Some(value) = value.filter(|value| !value.is_null()) {
                query_member(member, member.serial_name(), value, &mut pairs)
                    .within(member.name())?;
            }
        }
        Ok(pairs)
    }

    fn finish(&self, parts: Parts, endpoint: &str) -> Result<Request<Bytes>, Mismatch> {
        let Parts {
            path,
            mut headers,
            body,
        } = parts;
        let endpoint = self.with_host_prefix(endpoint);
        let uri = format!("{}{path}", endpoint.trim_end_matches('/'));
        let uri: Uri = uri
            .parse()
            .map_err(|error| Mismatch::new(format!("`{uri}` is not a URI: {error}")))?;
        if let Some(authority) = uri.authority() {
            insert(&mut headers, "host", authority.as_str())?;
        }
        if let Some(content_type) = body.content_type.filter(|_| !body.bytes.is_empty())
            && !headers.contains_key("content-type")
        {
            insert(&mut headers, "content-type", content_type)?;
        }
        let mut request = Request::new(body.bytes);
        *request.method_mut() = Method::from_bytes(self.operation.method().as_bytes())
            .map_err(|error| Mismatch::new(error.to_string()))?;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        Ok(request)
    }

    /// Some operations have hosts of their own on AWS: `sync-states.eu-west-1.amazonaws.com`.
    fn with_host_prefix(&self, endpoint: &str) -> String {
        let prefix = self.operation.host_prefix();
        let (Some(prefix), Some((scheme, host)), true) = (
            prefix,
            endpoint.split_once("://"),
            endpoint.contains(".amazonaws.com"),
        ) else {
            return endpoint.to_owned();
        };
        let mut prefix = prefix.to_owned();
        let labels = self.input.into_iter().flat_map(|shape| shape.members());
        for member in labels.filter(|member| member.data.host_label) {
            if let Some(Value::String(text)) = self.members.get(member.name()) {
                prefix = prefix.replace(&format!("{{{}}}", member.name()), text);
            }
        }
        format!("{scheme}://{prefix}{host}")
    }
}

fn with_query(path: String, query: &[String]) -> String {
    match query {
        [] => path,
        query => format!("{path}?{}", query.join("&")),
    }
}

fn query_member(
    member: Member,
    name: &str,
    value: &Value,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), Mismatch> {
    let shape = member.shape();
    match (shape.kind(), value) {
        (Kind::List, Value::Array(items)) => {
            let Some(element) = shape.element() else {
                return Ok(());
            };
            for (index, item) in items.iter().enumerate() {
                query_member(element, name, item, pairs).within(index)?;
            }
        }
        (Kind::Map, Value::Object(map)) => {
            let Some(element) = shape.value() else {
                return Ok(());
            };
            for (key, item) in map {
                query_member(element, key, item, pairs).within(key)?;
            }
        }
        (Kind::List, _) => return Err(scalar::unexpected("a list", value)),
        (Kind::Map, _) => return Err(scalar::unexpected("an object", value)),
        _ => {
            let text = scalar::to_text(member, value, TimestampFormat::Iso8601)?;
            pairs.push((name.to_owned(), text));
        }
    }
    Ok(())
}
