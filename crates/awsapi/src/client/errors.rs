//! Errors of services.

use bytes::Bytes;
use http::Response;
use roxmltree::Node;
use serde_json::{Map, Value};

use crate::AwsError;
use crate::codec::rest::{self, header};
use crate::codec::{cbor, json, json_body, xml_read};
use crate::model::{Operation, Protocol};

/// Reads an error. What has no code in it goes by its status: `404`.
pub(super) fn decode(operation: Operation, response: &Response<Bytes>) -> AwsError {
    let found = match operation.service().protocol() {
        Protocol::Json | Protocol::RestJson => {
            from_value(response, json_body(response.body()).unwrap_or(Value::Null))
        }
        Protocol::Cbor => from_value(response, cbor::read(response.body()).unwrap_or(Value::Null)),
        _ => from_xml(operation, response.body()),
    };
    let status = response.status();
    let Found {
        code,
        message,
        wire,
    } = found;
    let code = code.unwrap_or_else(|| status.as_u16().to_string());
    let reason = || status.canonical_reason().unwrap_or_default().to_owned();
    let mut error = AwsError::new(code, message.unwrap_or_else(reason));
    error.status = status.as_u16();
    let listed = operation
        .errors()
        .find(|shape| shape.name() == error.code || shape.error_code() == error.code);
    if let Some(shape) = listed.or_else(|| operation.service().error(&error.code)) {
        error.fields = match wire {
            Wire::Json(value) => json::decode_members(shape, value).unwrap_or_default(),
            Wire::Fields(fields) => fields,
        };
        // A header that does not fit its shape is not worth losing the error for.
        let _ = rest::read_headers(shape, response.headers(), &mut error.fields);
        error
            .fields
            .retain(|name, _| !name.eq_ignore_ascii_case("message"));
    }
    error
}

struct Found {
    code: Option<String>,
    message: Option<String>,
    wire: Wire,
}

enum Wire {
    Json(Value),
    Fields(Map<String, Value>),
}

fn from_value(response: &Response<Bytes>, body: Value) -> Found {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let code = header(response.headers(), "x-amzn-errortype").map(|text| text.into_owned());
    let code = code.or_else(|| text("__type")).or_else(|| text("code"));
    Found {
        code: code.map(|code| plain(&code).to_owned()),
        message: text("message").or_else(|| text("Message")),
        wire: Wire::Json(body),
    }
}

/// The code without its namespace before `#` and address behind `:`.
fn plain(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or(code);
    code.rsplit('#').next().unwrap_or(code)
}

fn from_xml(operation: Operation, body: &Bytes) -> Found {
    let read = |root: Node<'_, '_>| {
        let inner = |node: Node<'_, '_>| {
            node.descendants()
                .find(|n| n.tag_name().name() == "Error")
                .map(|n| n.id())
        };
        let node = inner(root).and_then(|id| root.document().get_node(id));
        let node = node.unwrap_or(root);
        let text = |name: &str| xml_read::child(node, name).map(xml_read::text);
        let code = text("Code");
        let shape = code
            .as_deref()
            .and_then(|code| operation.service().error(code));
        let fields = shape.map(|shape| xml_read::members(shape, node).unwrap_or_default());
        Ok(Found {
            message: text("Message").or_else(|| text("message")),
            code,
            wire: Wire::Fields(fields.unwrap_or_default()),
        })
    };
    xml_read::with_root(body, read).unwrap_or(Found {
        code: None,
        message: None,
        wire: Wire::Fields(Map::new()),
    })
}
