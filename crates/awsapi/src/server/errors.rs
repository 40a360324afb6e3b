//! Errors, as each protocol writes them.

use bytes::Bytes;
use http::Response;
use serde_json::{Map, Value};

use super::Routed;
use super::answer::{namespace, request_id_headers, response};
use crate::AwsError;
use crate::codec::rest::{insert, write_headers};
use crate::codec::xml_write::Writer;
use crate::codec::{cbor, json, sqs_names};
use crate::model::{Location, Operation, Protocol, Service, Shape};

/// Writes an error. Its status is the model's where the model has one.
pub fn encode_error(routed: &Routed, error: &AwsError, request_id: &str) -> Response<Bytes> {
    let place = Place {
        service: Some(routed.service),
        operation: Some(routed.operation),
        protocol: routed.protocol,
        head: routed.head,
    };
    write(&place, error, request_id)
}

/// Where an error happened, as far as it is known.
pub(super) struct Place {
    pub(super) service: Option<&'static Service>,
    pub(super) operation: Option<Operation>,
    pub(super) protocol: Protocol,
    pub(super) head: bool,
}

pub(super) fn write(place: &Place, error: &AwsError, request_id: &str) -> Response<Bytes> {
    let shape = place.modelled(&error.code);
    let status = shape.and_then(|s| s.status()).unwrap_or(error.status);
    let mut headers = match place.service {
        Some(service) => request_id_headers(service, request_id),
        None => http::HeaderMap::new(),
    };
    let report = Report {
        place,
        error,
        shape,
        status,
        request_id,
    };
    if let (Some(shape), true) = (shape, place.protocol.is_rest()) {
        // A header that cannot be written must not hide the error itself.
        let _ = write_headers(shape, &error.fields, &mut headers);
    }
    let (content_type, body) = match place.protocol {
        Protocol::Json => {
            let version = place.service.map_or("1.1", |s| s.json_version());
            if let Some(text) = report.query_error() {
                let _ = insert(&mut headers, "x-amzn-query-error", &text);
            }
            let body = report.json(Some("__type"));
            (
                format!("application/x-amz-json-{version}"),
                body.to_string().into(),
            )
        }
        Protocol::Cbor => {
            let _ = insert(&mut headers, "smithy-protocol", "rpc-v2-cbor");
            if let Some(text) = report.query_error() {
                let _ = insert(&mut headers, "x-amzn-query-error", &text);
            }
            let body = cbor::untyped(&report.json(Some("__type")));
            ("application/cbor".to_owned(), body.into())
        }
        Protocol::RestJson => {
            let _ = insert(&mut headers, "x-amzn-errortype", report.name());
            let body = report.json(None).to_string();
            ("application/json".to_owned(), body.into())
        }
        Protocol::RestXml if report.is_s3() => ("application/xml".to_owned(), report.s3()),
        Protocol::Ec2 => ("text/xml;charset=UTF-8".to_owned(), report.ec2()),
        Protocol::Query | Protocol::RestXml => ("text/xml".to_owned(), report.query()),
    };
    let _ = insert(&mut headers, "content-type", &content_type);
    let silent = place.head || status == 304;
    response(status, headers, if silent { Bytes::new() } else { body })
}

impl Place {
    /// The error's shape: of those that the operation lists, else any of the service's.
    fn modelled(&self, code: &str) -> Option<Shape> {
        let same = |shape: &Shape| shape.name() == code || shape.error_code() == code;
        let listed = self.operation.and_then(|op| op.errors().find(same));
        listed.or_else(|| {
            let service = self.service?;
            service.error(code).or_else(|| {
                // The caller may know SQS's errors by their old codes.
                let all = service.exceptions();
                all.into_iter().find(|shape| {
                    service.name() == "sqs" && sqs_names::error_code(shape.name()) == Some(code)
                })
            })
        })
    }
}

struct Report<'a> {
    place: &'a Place,
    error: &'a AwsError,
    shape: Option<Shape>,
    status: u16,
    request_id: &'a str,
}

impl Report<'_> {
    /// The name of the error's shape, by which JSON clients know it.
    fn name(&self) -> &str {
        self.shape.map_or(&self.error.code, |shape| shape.name())
    }

    /// The code by which XML clients know it.
    fn code(&self) -> &str {
        let Some(shape) = self.shape else {
            return &self.error.code;
        };
        let old = match self.place.service.map(Service::name) {
            Some("sqs") => sqs_names::error_code(shape.name()),
            _ => None,
        };
        old.unwrap_or(shape.error_code())
    }

    fn is_s3(&self) -> bool {
        self.place.service.is_some_and(|s| s.name() == "s3")
    }

    /// Clients of services that once spoke the query protocol find the old code here.
    fn query_error(&self) -> Option<String> {
        let compatible = self.place.service.is_some_and(|s| s.query_compatible());
        (compatible && self.shape.is_some()).then(|| format!("{};{}", self.code(), self.fault()))
    }

    fn fault(&self) -> &'static str {
        if self.status >= 500 {
            "Receiver"
        } else {
            "Sender"
        }
    }

    fn json(&self, type_key: Option<&str>) -> Value {
        let mut out = Map::new();
        if let Some(key) = type_key {
            out.insert(key.to_owned(), Value::from(self.name()));
        }
        let modelled = |name: &str| {
            let members = self.shape.into_iter().flat_map(|s| s.members());
            let mut same = members.filter(|m| m.name().eq_ignore_ascii_case(name));
            same.next().map(|member| member.serial_name())
        };
        let key = modelled("message").unwrap_or("message");
        out.insert(key.to_owned(), Value::from(self.error.message.as_str()));
        for (name, value) in &self.error.fields {
            let member = self.shape.and_then(|shape| shape.member(name));
            match member {
                Some(member) if member.location() != Location::Body => {}
                Some(member) => {
                    // What does not fit its shape is told as it is.
                    let encoded = json::encode(member, value).unwrap_or_else(|_| value.clone());
                    out.insert(member.serial_name().to_owned(), encoded);
                }
                None => {
                    out.insert(name.clone(), value.clone());
                }
            }
        }
        Value::Object(out)
    }

    fn query(&self) -> Bytes {
        let mut writer = Writer::document();
        let uri = self.place.service.map_or("", namespace);
        match uri {
            "" => writer.open("ErrorResponse", &[]),
            uri => writer.open("ErrorResponse", &[("xmlns", uri)]),
        }
        writer.open("Error", &[]);
        writer.leaf("Type", self.fault());
        writer.leaf("Code", self.code());
        writer.leaf("Message", &self.error.message);
        self.fields(&mut writer);
        writer.close("Error");
        writer.leaf("RequestId", self.request_id);
        writer.close("ErrorResponse");
        writer.finish().into()
    }

    fn ec2(&self) -> Bytes {
        let mut writer = Writer::document();
        writer.open("Response", &[]);
        writer.open("Errors", &[]);
        writer.open("Error", &[]);
        writer.leaf("Code", self.code());
        writer.leaf("Message", &self.error.message);
        writer.close("Error");
        writer.close("Errors");
        writer.leaf("RequestID", self.request_id);
        writer.close("Response");
        writer.finish().into()
    }

    fn s3(&self) -> Bytes {
        let mut writer = Writer::document();
        writer.open("Error", &[]);
        writer.leaf("Code", self.code());
        writer.leaf("Message", &self.error.message);
        self.fields(&mut writer);
        writer.leaf("RequestId", self.request_id);
        writer.leaf("HostId", self.request_id);
        writer.close("Error");
        writer.finish().into()
    }

    fn fields(&self, writer: &mut Writer) {
        for (name, value) in &self.error.fields {
            let member = self.shape.and_then(|shape| shape.member(name));
            let written = match (self.shape, member) {
                (Some(shape), Some(_)) => {
                    let one = Map::from_iter([(name.clone(), value.clone())]);
                    writer.members(shape, &one).is_ok()
                }
                _ => false,
            };
            if !written {
                let text = match value {
                    Value::String(text) => text.clone(),
                    value => value.to_string(),
                };
                writer.leaf(name, &text);
            }
        }
    }
}
