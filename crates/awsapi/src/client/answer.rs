//! Answers.

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::errors;
use crate::AwsError;
use crate::codec::{Mismatch, cbor, json, json_body, rest, xml_read};
use crate::model::{Location, Operation, Protocol, Shape};

/// Reads an answer: the output, and the raw payload if the operation has one; or the service's
/// error. An answer that is not in the service's language is an error of its own
/// (`UnexpectedResponse`).
pub fn decode(
    operation: Operation,
    response: &Response<Bytes>,
) -> Result<(Value, Bytes), AwsError> {
    let failed = response.status().as_u16() >= 300;
    if failed || is_late_error(operation, response.body()) {
        return Err(errors::decode(operation, response));
    }
    let Some(shape) = operation.output() else {
        return Ok((Value::Object(Map::new()), Bytes::new()));
    };
    let read = read(operation, shape, response);
    match read {
        Ok((members, raw)) => Ok((Value::Object(members), raw)),
        Err(mismatch) => {
            let message = format!("the answer to {} is wrong: {mismatch}", operation.name());
            let error = AwsError::new("UnexpectedResponse", message);
            Err(error.with_status(response.status().as_u16()))
        }
    }
}

/// Some of S3's operations fail after they have answered 200.
fn is_late_error(operation: Operation, body: &Bytes) -> bool {
    let has_body = || {
        let output = operation.output();
        output.is_some_and(|shape| !shape.payload().is_some_and(|p| p.data.streaming))
    };
    let is_error = || {
        let name = |root: roxmltree::Node<'_, '_>| Ok(root.tag_name().name() == "Error");
        xml_read::with_root(body, name).unwrap_or(false)
    };
    operation.service().name() == "s3" && !body.is_empty() && has_body() && is_error()
}

type Read = Result<(Map<String, Value>, Bytes), Mismatch>;

fn read(operation: Operation, shape: Shape, response: &Response<Bytes>) -> Read {
    let body = response.body();
    let protocol = operation.service().protocol();
    let members = match protocol {
        Protocol::Json => json::decode_members(shape, json_body(body)?)?,
        Protocol::Cbor => json::decode_members(shape, cbor::read(body)?)?,
        Protocol::Query => {
            let default = format!("{}Result", operation.name());
            let wrapper = operation.data.result_wrapper.unwrap_or(&default);
            xml_read::with_root(body, |root| match xml_read::child(root, wrapper) {
                Some(result) => xml_read::members(shape, result),
                None => xml_read::members(shape, root),
            })?
        }
        Protocol::Ec2 => xml_read::with_root(body, |root| xml_read::members(shape, root))?,
        Protocol::RestJson | Protocol::RestXml => {
            return read_rest(operation, shape, protocol, response);
        }
    };
    Ok((members, Bytes::new()))
}

fn read_rest(
    operation: Operation,
    shape: Shape,
    protocol: Protocol,
    response: &Response<Bytes>,
) -> Read {
    let mut out = Map::new();
    let status = shape.members().find(|m| m.location() == Location::Status);
    if let Some(member) = status {
        let number = response.status().as_u16();
        out.insert(member.name().to_owned(), Value::from(number));
    }
    rest::read_headers(shape, response.headers(), &mut out)?;
    let body = response.body().clone();
    if operation.service().name() == "s3" && operation.name() == "GetBucketLocation" {
        // The location is the document's text, and absent for `us-east-1`.
        let text = xml_read::with_root(&body, |root| Ok(xml_read::text(root)))?;
        if !text.is_empty() {
            out.insert("LocationConstraint".to_owned(), Value::from(text));
        }
        return Ok((out, Bytes::new()));
    }
    let raw = rest::read_body(protocol, shape, body, &mut out)?;
    Ok((out, raw))
}
