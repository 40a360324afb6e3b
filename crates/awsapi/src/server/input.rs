//! The parameters of a request.

use std::borrow::Cow;
use std::io::Read;

use bytes::Bytes;
use http::{HeaderMap, Request};
use serde_json::{Map, Value};

use super::{Routed, chunked};
use crate::AwsError;
use crate::codec::query::{Dialect, Tree};
use crate::codec::rest::{self, header};
use crate::codec::uri::Template;
use crate::codec::{Mismatch, Within, form, json, json_body, scalar};
use crate::model::{Kind, Location, Member, Protocol, Shape};

/// Reads the parameters, and the bytes of a raw payload if the operation takes one.
///
/// What the model does not know is passed over, as AWS does. Values of the wrong type are refused
/// with the error that the service's protocol has for them.
pub fn decode(routed: &Routed, request: &Request<Bytes>) -> Result<(Value, Bytes), AwsError> {
    let Some(shape) = routed.operation.input() else {
        return Ok((Value::Object(Map::new()), Bytes::new()));
    };
    let message = Message::of(routed, request)?;
    let decoded = match routed.protocol {
        Protocol::Json => message.json(shape),
        Protocol::Cbor => message.cbor(shape),
        Protocol::Query => message.form(Dialect::Query, shape),
        Protocol::Ec2 => message.form(Dialect::Ec2, shape),
        Protocol::RestJson | Protocol::RestXml => message.rest(routed, shape),
    };
    let (map, body) = decoded.map_err(|mismatch| refused(routed.protocol, &mismatch))?;
    Ok((Value::Object(map), body))
}

type Decoded = Result<(Map<String, Value>, Bytes), Mismatch>;

/// A request with its body as the client meant it.
struct Message<'a> {
    headers: Cow<'a, HeaderMap>,
    query: &'a str,
    body: Bytes,
}

impl<'a> Message<'a> {
    fn of(routed: &Routed, request: &'a Request<Bytes>) -> Result<Self, AwsError> {
        let mut message = Self {
            headers: Cow::Borrowed(request.headers()),
            query: request.uri().query().unwrap_or_default(),
            body: request.body().clone(),
        };
        if chunked::is_chunked(&message.headers) {
            message.unwrap_chunks()?;
        } else if !routed.protocol.is_rest() {
            message.inflate()?;
        }
        Ok(message)
    }

    fn unwrap_chunks(&mut self) -> Result<(), AwsError> {
        let Some(unwrapped) = chunked::unwrap(&self.body) else {
            let message = "You did not provide the number of bytes specified by the \
                           Content-Length HTTP header";
            return Err(AwsError::new("IncompleteBody", message));
        };
        let encoding = header(&self.headers, "content-encoding").unwrap_or_default();
        let others: Vec<_> = encoding
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty() && !part.eq_ignore_ascii_case("aws-chunked"))
            .collect();
        let (others, length) = (others.join(","), unwrapped.body.len());
        let headers = self.headers.to_mut();
        headers.remove("content-encoding");
        if !others.is_empty() {
            // The client sent these words as a header, so they are one.
            let _ = rest::insert(headers, "content-encoding", &others);
        }
        let _ = rest::insert(headers, "content-length", &length.to_string());
        headers.extend(unwrapped.trailers);
        self.body = unwrapped.body;
        Ok(())
    }

    /// Clients compress large bodies of some RPC services (`PutMetricData`).
    fn inflate(&mut self) -> Result<(), AwsError> {
        if header(&self.headers, "content-encoding").as_deref() != Some("gzip") {
            return Ok(());
        }
        let mut out = Vec::new();
        let mut reader = flate2::read::GzDecoder::new(&self.body[..]);
        if reader.read_to_end(&mut out).is_err() {
            return Err(AwsError::new("SerializationException", "not a gzip stream"));
        }
        self.body = out.into();
        Ok(())
    }

    fn json(&self, shape: Shape) -> Decoded {
        let members = json::decode_members(shape, json_body(&self.body)?)?;
        Ok((members, Bytes::new()))
    }

    fn cbor(&self, shape: Shape) -> Decoded {
        let wire = crate::codec::cbor::read(&self.body)?;
        Ok((json::decode_members(shape, wire)?, Bytes::new()))
    }

    fn form(&self, dialect: Dialect, shape: Shape) -> Decoded {
        let mut pairs = form::pairs(self.query);
        pairs.extend(form::pairs(&String::from_utf8_lossy(&self.body)));
        let members = dialect.decode(shape, &Tree::new(pairs))?;
        Ok((members, Bytes::new()))
    }

    fn rest(&self, routed: &Routed, shape: Shape) -> Decoded {
        let mut out = Map::new();
        let pairs = form::pairs(self.query);
        let fixed = &Template::parse(routed.operation.uri()).query;
        for member in shape.members() {
            let value = match member.location() {
                Location::Uri => {
                    let wire = member.serial_name();
                    let label = routed.labels.iter().find(|(name, _)| *name == wire);
                    label.map(|(_, text)| scalar::from_text(member, text))
                }
                Location::Query => query_value(shape, member, &pairs, fixed),
                _ => None,
            };
            if let Some(value) = value {
                out.insert(member.name().to_owned(), value.within(member.name())?);
            }
        }
        rest::read_headers(shape, &self.headers, &mut out)?;
        let raw = rest::read_body(routed.protocol, shape, self.body.clone(), &mut out)?;
        Ok((out, raw))
    }
}

/// A query parameter that belongs to the operation's address.
type Fixed = (&'static str, Option<&'static str>);

fn query_value(
    shape: Shape,
    member: Member,
    pairs: &[(String, String)],
    fixed: &[Fixed],
) -> Option<Result<Value, Mismatch>> {
    if member.shape().kind() == Kind::Map {
        return query_map(shape, member, pairs, fixed);
    }
    let mut found = pairs
        .iter()
        .filter(|(name, _)| name == member.serial_name())
        .map(|(_, value)| value)
        .peekable();
    found.peek()?;
    Some(match member.shape().element() {
        Some(element) => found
            .map(|text| scalar::from_text(element, text))
            .collect::<Result<Vec<_>, _>>()
            .map(Value::Array),
        None => found
            .next()
            .map_or(Ok(Value::Null), |text| scalar::from_text(member, text)),
    })
}

/// A map in the query takes all parameters that no other member claims.
fn query_map(
    shape: Shape,
    member: Member,
    pairs: &[(String, String)],
    fixed: &[Fixed],
) -> Option<Result<Value, Mismatch>> {
    let value = member.shape().value()?;
    let claimed = |name: &str| {
        let mut others = shape
            .members()
            .filter(|m| m.location() == Location::Query && m.name() != member.name());
        let address = fixed.iter().any(|(fixed, _)| *fixed == name);
        let signature = name.starts_with("X-Amz-");
        address || signature || others.any(|other| other.serial_name() == name)
    };
    let mut out = Map::new();
    for (name, text) in pairs.iter().filter(|(name, _)| !claimed(name)) {
        let decoded = match value.shape().element() {
            Some(element) => scalar::from_text(element, text),
            None => scalar::from_text(value, text),
        };
        let decoded = match decoded {
            Ok(decoded) => decoded,
            Err(mismatch) => return Some(Err(mismatch).within(name)),
        };
        if value.shape().element().is_none() {
            out.insert(name.clone(), decoded);
            continue;
        }
        let list = out
            .entry(name.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(items) = list {
            items.push(decoded);
        }
    }
    (!out.is_empty()).then_some(Ok(Value::Object(out)))
}

fn refused(protocol: Protocol, mismatch: &Mismatch) -> AwsError {
    match protocol {
        Protocol::Json | Protocol::RestJson | Protocol::Cbor => {
            AwsError::new("SerializationException", mismatch.reason())
        }
        Protocol::Query => AwsError::new("MalformedInput", mismatch.to_string()),
        Protocol::Ec2 => AwsError::new("InvalidParameterValue", mismatch.to_string()),
        Protocol::RestXml => AwsError::new(
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published \
             schema",
        ),
    }
}
