//! REST messages: what of a structure travels in headers, and what in the body.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Map, Value};

use super::xml_write::Writer;
use super::{Mismatch, Within, json, json_body, scalar, xml_read};
use crate::model::{Kind, Location, Member, Namespace, Protocol, Shape, TimestampFormat};

/// A header's text; bytes beyond ASCII are taken for UTF-8.
pub(crate) fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<std::borrow::Cow<'a, str>> {
    Some(String::from_utf8_lossy(headers.get(name)?.as_bytes()))
}

/// Reads the members that travel in headers.
pub(crate) fn read_headers(
    shape: Shape,
    headers: &HeaderMap,
    out: &mut Map<String, Value>,
) -> Result<(), Mismatch> {
    for member in shape.members() {
        match member.location() {
            Location::Header => {
                if let Some(text) = header(headers, member.serial_name()) {
                    let value = header_value(member, &text).within(member.name())?;
                    out.insert(member.name().to_owned(), value);
                }
            }
            Location::Headers => {
                let prefix = member.wire_name().unwrap_or_default().to_ascii_lowercase();
                let mut map = Map::new();
                for (name, value) in headers {
                    if let Some(key) = name.as_str().strip_prefix(&prefix) {
                        let text = String::from_utf8_lossy(value.as_bytes());
                        map.insert(key.to_owned(), Value::from(text.as_ref()));
                    }
                }
                if !map.is_empty() {
                    out.insert(member.name().to_owned(), Value::Object(map));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn header_value(member: Member, text: &str) -> Result<Value, Mismatch> {
    if member.data.json_value {
        let wrong = || Mismatch::new("expected base64 text with JSON in it");
        let bytes = STANDARD.decode(text).map_err(|_| wrong())?;
        return serde_json::from_slice(&bytes).map_err(|_| wrong());
    }
    match member.shape().element() {
        Some(element) => {
            let parts = text.split(',').map(str::trim).filter(|p| !p.is_empty());
            let items: Result<Vec<_>, _> = parts.map(|p| scalar::from_text(element, p)).collect();
            Ok(Value::Array(items?))
        }
        None => scalar::from_text(member, text),
    }
}

/// Writes the members that travel in headers.
pub(crate) fn write_headers(
    shape: Shape,
    value: &Map<String, Value>,
    headers: &mut HeaderMap,
) -> Result<(), Mismatch> {
    for member in shape.members() {
        let Some(value) = value.get(member.name()).filter(|value| !value.is_null()) else {
            continue;
        };
        match member.location() {
            Location::Header => {
                let text = header_text(member, value).within(member.name())?;
                insert(headers, member.serial_name(), &text).within(member.name())?;
            }
            Location::Headers => {
                let Value::Object(map) = value else {
                    return Err(scalar::unexpected("an object", value)).within(member.name());
                };
                for (key, value) in map {
                    let Value::String(text) = value else {
                        return Err(scalar::unexpected("a string", value)).within(member.name());
                    };
                    let name = format!("{}{key}", member.wire_name().unwrap_or_default());
                    insert(headers, &name, text).within(member.name())?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn header_text(member: Member, value: &Value) -> Result<String, Mismatch> {
    if member.data.json_value {
        return Ok(STANDARD.encode(value.to_string()));
    }
    match (member.shape().element(), value) {
        (Some(element), Value::Array(items)) => {
            let text = |item| scalar::to_text(element, item, TimestampFormat::Rfc822);
            let parts: Result<Vec<_>, _> = items.iter().map(text).collect();
            Ok(parts?.join(","))
        }
        (Some(_), _) => Err(scalar::unexpected("a list", value)),
        (None, _) => scalar::to_text(member, value, TimestampFormat::Rfc822),
    }
}

pub(crate) fn insert(headers: &mut HeaderMap, name: &str, text: &str) -> Result<(), Mismatch> {
    let wrong = || Mismatch::new(format!("`{name}: {text}` is not a header"));
    let name: HeaderName = name.parse().map_err(|_| wrong())?;
    let value = HeaderValue::from_bytes(text.as_bytes()).map_err(|_| wrong())?;
    headers.insert(name, value);
    Ok(())
}

/// Reads the members that travel in the body; bytes that are a blob member are handed back.
pub(crate) fn read_body(
    protocol: Protocol,
    shape: Shape,
    body: Bytes,
    out: &mut Map<String, Value>,
) -> Result<Bytes, Mismatch> {
    let Some(payload) = shape.payload() else {
        let mut carried = shape.members().filter(|m| m.location() == Location::Body);
        if carried.next().is_none() || body.is_empty() {
            return Ok(Bytes::new());
        }
        out.extend(match protocol {
            Protocol::RestXml => xml_read::with_root(&body, |root| xml_read::members(shape, root))?,
            _ => json::decode_members(shape, json_body(&body)?)?,
        });
        return Ok(Bytes::new());
    };
    if payload.shape().kind() == Kind::Blob {
        return Ok(body);
    }
    if body.is_empty() || payload.shape().is_event_stream() {
        return Ok(Bytes::new());
    }
    let value = match (payload.shape().kind(), protocol) {
        (Kind::String, _) => Value::from(String::from_utf8_lossy(&body)),
        (_, Protocol::RestXml) => {
            xml_read::with_root(&body, |root| xml_read::value(payload, root))?
        }
        _ => json::decode(payload, json_body(&body)?).within(payload.name())?,
    };
    out.insert(payload.name().to_owned(), value);
    Ok(Bytes::new())
}

/// A body that was written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) bytes: Bytes,
    pub(crate) content_type: Option<&'static str>,
}

/// Writes the members that travel in the body. `root` names the XML element where no payload
/// member does.
pub(crate) fn write_body(
    protocol: Protocol,
    shape: Shape,
    value: &Map<String, Value>,
    raw: Bytes,
    root: (&str, Option<Namespace>),
) -> Result<Written, Mismatch> {
    let Some(payload) = shape.payload() else {
        let carried = |member: &Member| member.location() == Location::Body;
        if !shape.members().any(|member| carried(&member)) {
            return Ok(Written::default());
        }
        if protocol == Protocol::RestXml {
            let given = |name: &String| shape.member(name).is_none_or(|m| carried(&m));
            if !value.keys().any(given) {
                return Ok(Written::default());
            }
            let mut writer = Writer::document();
            writer.structure(root.0, shape, root.1, value)?;
            return Ok(xml(writer));
        }
        let body = Value::Object(json::encode_members(shape, value)?);
        return Ok(json_text(&body));
    };
    let given = value.get(payload.name()).filter(|value| !value.is_null());
    let (kind, name) = (payload.shape().kind(), payload.name());
    match (kind, given) {
        (Kind::Blob, Some(value)) if raw.is_empty() => Ok(Written {
            bytes: scalar::bytes(value).within(name)?.into(),
            content_type: raw_type(shape),
        }),
        (Kind::Blob, _) => Ok(Written {
            bytes: raw,
            content_type: raw_type(shape),
        }),
        (_, None) => Ok(Written::default()),
        (Kind::String, Some(Value::String(text))) => Ok(Written {
            bytes: text.clone().into(),
            content_type: Some("text/plain"),
        }),
        (Kind::Structure, Some(Value::Object(map))) if protocol == Protocol::RestXml => {
            let inner = payload.shape();
            let root = payload.data.wire_name.or(inner.data.wire_name);
            let namespace = payload.data.namespace.or(inner.data.namespace);
            let mut writer = Writer::document();
            writer
                .structure(root.unwrap_or(inner.name()), inner, namespace, map)
                .within(name)?;
            Ok(xml(writer))
        }
        (_, Some(value)) if protocol == Protocol::RestXml => {
            Err(scalar::unexpected("an object", value)).within(name)
        }
        (_, Some(value)) => Ok(json_text(&json::encode(payload, value).within(name)?)),
    }
}

/// The type of raw bytes, unless saying it is up to a member.
fn raw_type(shape: Shape) -> Option<&'static str> {
    let own = header_member(shape, "content-type").is_some();
    (!own).then_some("application/octet-stream")
}

/// The member that travels in this header.
pub(crate) fn header_member(shape: Shape, name: &str) -> Option<Member> {
    let mut members = shape.members().filter(|m| m.location() == Location::Header);
    members.find(|m| m.serial_name().eq_ignore_ascii_case(name))
}

fn xml(writer: Writer) -> Written {
    Written {
        bytes: writer.finish().into(),
        content_type: Some("application/xml"),
    }
}

fn json_text(value: &Value) -> Written {
    Written {
        bytes: value.to_string().into(),
        content_type: Some("application/json"),
    }
}
