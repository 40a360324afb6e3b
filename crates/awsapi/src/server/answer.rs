//! Successful answers.

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use serde_json::{Map, Value};

use super::{Routed, encode_error, s3};
use crate::AwsError;
use crate::codec::rest::{self, Written, insert};
use crate::codec::xml_write::Writer;
use crate::codec::{Mismatch, Within, cbor, json, scalar};
use crate::model::{Location, Namespace, Protocol, Service, Shape};

/// Writes a successful answer.
///
/// Output that does not fit the operation's shape becomes an internal error that says why: it is
/// a fault of the service, and hiding it would show only in the clients.
pub fn encode(routed: &Routed, output: &Value, body: Bytes, request_id: &str) -> Response<Bytes> {
    let none = Map::new();
    let members = match output {
        Value::Object(members) => members,
        _ => &none,
    };
    let answer = Answer {
        routed,
        members,
        request_id,
    };
    match answer.write(body) {
        Ok(response) => response,
        Err(mismatch) => {
            let name = routed.operation.name();
            let error = AwsError::internal(format!("the output of {name} is wrong: {mismatch}"));
            encode_error(routed, &error, request_id)
        }
    }
}

/// Sends a successful answer whose body is already written in the service's JSON protocol.
pub fn encode_written(routed: &Routed, body: Bytes, request_id: &str) -> Response<Bytes> {
    let mut headers = request_id_headers(routed.service, request_id);
    // A constant, so a header.
    let _ = insert(
        &mut headers,
        "content-type",
        json_content_type(routed.service),
    );
    response(routed.operation.status(), headers, body)
}

fn json_content_type(service: &Service) -> &'static str {
    match service.json_version() {
        "1.0" => "application/x-amz-json-1.0",
        _ => "application/x-amz-json-1.1",
    }
}

struct Answer<'a> {
    routed: &'a Routed,
    members: &'a Map<String, Value>,
    request_id: &'a str,
}

impl Answer<'_> {
    fn write(&self, body: Bytes) -> Result<Response<Bytes>, Mismatch> {
        let operation = self.routed.operation;
        let mut status = operation.status();
        let mut headers = request_id_headers(self.routed.service, self.request_id);
        let output = operation.output();
        let written = match self.routed.protocol {
            Protocol::Json => self.json(output)?,
            Protocol::Cbor => {
                insert(&mut headers, "smithy-protocol", "rpc-v2-cbor")?;
                self.cbor(output)?
            }
            Protocol::Query => self.query(output)?,
            Protocol::Ec2 => self.ec2(output)?,
            Protocol::RestJson | Protocol::RestXml => match output {
                Some(shape) => {
                    status = self.status(shape)?.unwrap_or(status);
                    rest::write_headers(shape, self.members, &mut headers)?;
                    self.rest(shape, body)?
                }
                None => Written::default(),
            },
        };
        if let Some(content_type) = written.content_type
            && !headers.contains_key("content-type")
        {
            insert(&mut headers, "content-type", content_type)?;
        }
        let body = match self.routed.head {
            true => Bytes::new(),
            false => written.bytes,
        };
        Ok(response(status, headers, body))
    }

    fn json(&self, output: Option<Shape>) -> Result<Written, Mismatch> {
        let content_type = json_content_type(self.routed.service);
        let bytes = match output {
            Some(shape) => Value::Object(json::encode_members(shape, self.members)?)
                .to_string()
                .into(),
            None => Bytes::new(),
        };
        Ok(Written {
            bytes,
            content_type: Some(content_type),
        })
    }

    fn cbor(&self, output: Option<Shape>) -> Result<Written, Mismatch> {
        let bytes = match output {
            Some(shape) => cbor::structure(shape, self.members)?.into(),
            None => Bytes::new(),
        };
        Ok(Written {
            bytes,
            content_type: Some("application/cbor"),
        })
    }

    fn query(&self, output: Option<Shape>) -> Result<Written, Mismatch> {
        let operation = self.routed.operation;
        let root = format!("{}Response", operation.name());
        let mut writer = Writer::document();
        writer.open(&root, &[("xmlns", namespace(self.routed.service))]);
        if let Some(shape) = output {
            let default = format!("{}Result", operation.name());
            let wrapper = operation.data.result_wrapper.unwrap_or(&default);
            writer.open(wrapper, &[]);
            writer.members(shape, self.members)?;
            writer.close(wrapper);
        }
        writer.open("ResponseMetadata", &[]);
        writer.leaf("RequestId", self.request_id);
        writer.close("ResponseMetadata");
        writer.close(&root);
        Ok(xml(writer))
    }

    fn ec2(&self, output: Option<Shape>) -> Result<Written, Mismatch> {
        let root = format!("{}Response", self.routed.operation.name());
        let mut writer = Writer::document();
        writer.open(&root, &[("xmlns", namespace(self.routed.service))]);
        writer.leaf("requestId", self.request_id);
        match output {
            Some(shape) => writer.members(shape, self.members)?,
            None => writer.leaf("return", "true"),
        }
        writer.close(&root);
        Ok(xml(writer))
    }

    fn rest(&self, shape: Shape, body: Bytes) -> Result<Written, Mismatch> {
        let operation = self.routed.operation;
        let is_s3 = self.routed.service.name() == "s3";
        if is_s3 && operation.name() == "GetBucketLocation" {
            return Ok(self.bucket_location());
        }
        let namespace: Option<Namespace> = match namespace(self.routed.service) {
            _ if is_s3 => Some(s3::NAMESPACE),
            "" => None,
            uri => Some(("", uri)),
        };
        let named = s3::root(operation).filter(|_| is_s3);
        let root = named.or(shape.data.wire_name).unwrap_or(shape.name());
        let protocol = self.routed.protocol;
        let mut written = rest::write_body(protocol, shape, self.members, body, (root, namespace))?;
        let has_body = |member: crate::model::Member| {
            member.location() == Location::Body && shape.payload().is_none()
        };
        if written.bytes.is_empty()
            && protocol == Protocol::RestXml
            && shape.members().any(has_body)
        {
            // An answer without members still is a document.
            let mut writer = Writer::document();
            writer.structure(root, shape, namespace, &Map::new())?;
            written = xml(writer);
        }
        Ok(written)
    }

    /// The location is the document's text, and absent for `us-east-1`.
    fn bucket_location(&self) -> Written {
        let mut writer = Writer::document();
        let location = self.members.get("LocationConstraint");
        writer.open("LocationConstraint", &[("xmlns", s3::NAMESPACE.1)]);
        if let Some(Value::String(region)) = location {
            writer.text(region);
        }
        writer.close("LocationConstraint");
        xml(writer)
    }

    /// The status, where the output has it.
    fn status(&self, shape: Shape) -> Result<Option<u16>, Mismatch> {
        let member = shape.members().find(|m| m.location() == Location::Status);
        let Some((name, value)) =
            member.and_then(|m| Some((m.name(), self.members.get(m.name())?)))
        else {
            return Ok(None);
        };
        let number = scalar::integer(value).within(name)?;
        Ok(number.as_u64().and_then(|n| u16::try_from(n).ok()))
    }
}

/// Headers by which a client names a request when it asks for help.
pub(super) fn request_id_headers(service: &Service, request_id: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let names: &[&str] = match service.name() {
        "s3" | "s3control" => &["x-amz-request-id", "x-amz-id-2"],
        _ => &["x-amzn-requestid"],
    };
    for name in names {
        // An id that is no header is left out; it is the endpoint's own.
        let _ = insert(&mut headers, name, request_id);
    }
    headers
}

pub(super) fn response(status: u16, headers: HeaderMap, body: Bytes) -> Response<Bytes> {
    let mut response = Response::new(body);
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    *response.headers_mut() = headers;
    response
}

/// The namespace of a service's documents; SQS's table has lost it with the old protocol.
pub(super) fn namespace(service: &Service) -> &'static str {
    match service.name() {
        "sqs" => "http://queue.amazonaws.com/doc/2012-11-05/",
        _ => service.xml_namespace(),
    }
}

pub(super) fn xml(writer: Writer) -> Written {
    Written {
        bytes: writer.finish().into(),
        content_type: Some("text/xml"),
    }
}
