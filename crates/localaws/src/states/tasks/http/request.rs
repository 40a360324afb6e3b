//! The request: what the state asks for, and what the connection adds. Where both say something,
//! the connection counts.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use serde_json::{Map, Value, json};

use super::encoding::{ArrayFormat, pairs};
use crate::http_client::{form, with_query};
use crate::params::Params;

/// Headers that a state must not set.
const RESERVED: [&str; 17] = [
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-md5",
    "date",
    "expect",
    "host",
    "max-forwards",
    "proxy-authenticate",
    "server",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "via",
    "www-authenticate",
];
const KNOWN: [&str; 8] = [
    "ApiEndpoint",
    "Authentication",
    "InvocationConfig",
    "Headers",
    "Method",
    "QueryParameters",
    "RequestBody",
    "Transform",
];
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];

/// What a state asks for.
pub(super) struct Asked {
    pub(super) endpoint: String,
    pub(super) connection: String,
    method: String,
    headers: Map<String, Value>,
    query: Map<String, Value>,
    body: Option<Value>,
    /// Where the body is written as a form.
    form: Option<ArrayFormat>,
}

impl Asked {
    /// Reads the parameters; the error names what is wrong with them.
    pub(super) fn read(parameters: &Value) -> Result<Self, String> {
        let mut faults = Vec::new();
        for name in parameters
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name)
        {
            if !KNOWN.contains(&name.as_str()) {
                faults.push(format!(
                    "The field \"{name}\" is not supported by Step Functions"
                ));
            }
        }
        let mut required = |name: &str, value: Option<&str>| match value {
            Some(value) => value.to_owned(),
            None => {
                faults.push(format!("The field '{name}' is required but was missing"));
                String::new()
            }
        };
        let endpoint = required("ApiEndpoint", parameters.filled("ApiEndpoint"));
        let method = required("Method", parameters.filled("Method"));
        let mut holders = ["Authentication", "InvocationConfig"]
            .into_iter()
            .filter_map(|name| parameters.map(name));
        let connection = holders.find_map(|holder| holder.text("ConnectionArn"));
        let connection = required("ConnectionArn", connection);
        if !method.is_empty() && !METHODS.contains(&method.as_str()) {
            faults.push(format!(
                "The value of the field 'Method' is not valid: {method}"
            ));
        }
        let mut object = |name: &str| match parameters.member(name) {
            None => Map::new(),
            Some(Value::Object(map)) => map.clone(),
            Some(_) => {
                faults.push(format!(
                    "The value for the field '{name}' must be an OBJECT"
                ));
                Map::new()
            }
        };
        let headers = object("Headers");
        let query = object("QueryParameters");
        for name in headers.keys() {
            let lower = name.to_ascii_lowercase();
            if RESERVED.contains(&lower.as_str()) || lower.starts_with("x-amz") {
                faults.push(format!(
                    "The header '{name}' is not allowed in an HTTP Task"
                ));
            }
        }
        let transform = parameters.member("Transform");
        let form = transform.and_then(|transform| match transform.text("RequestBodyEncoding") {
            Some("URL_ENCODED") => {
                let options = transform.map("RequestEncodingOptions");
                let format = options.and_then(|options| options.text("ArrayFormat"));
                let found = ArrayFormat::named(format.unwrap_or("INDICES"));
                if found.is_none() {
                    faults.push("The value of the field 'ArrayFormat' is not valid".to_owned());
                }
                found
            }
            None | Some("NONE") => None,
            Some(_) => {
                faults.push("The value of the field 'RequestBodyEncoding' is not valid".to_owned());
                None
            }
        });
        if !faults.is_empty() {
            return Err(faults.join(", "));
        }
        Ok(Self {
            endpoint,
            connection,
            method,
            headers,
            query,
            body: parameters.member("RequestBody").cloned(),
            form,
        })
    }

    /// The request with what a connection adds.
    pub(super) fn request(
        &self,
        credentials: &Value,
        region: &str,
    ) -> Result<Request<Bytes>, String> {
        let query = self.query(credentials);
        let mut request = Request::builder()
            .method(self.method.as_str())
            .uri(with_query(&self.endpoint, &query))
            .body(Bytes::new())
            .map_err(|error| error.to_string())?;
        let mut set = |name: &str, value: &str| -> Result<(), String> {
            let wrong = || format!("The value of the header '{name}' is not valid");
            let name = HeaderName::try_from(name).map_err(|_| wrong())?;
            let value = HeaderValue::from_str(value).map_err(|_| wrong())?;
            request.headers_mut().insert(name, value);
            Ok(())
        };
        set(
            "user-agent",
            &format!("Amazon|StepFunctions|HttpInvoke|{region}"),
        )?;
        set("range", "bytes=0-262144")?;
        for (name, value) in &self.headers {
            set(name, &text(value))?;
        }
        for pair in credentials.items("Headers") {
            let value = pair.text("Value").unwrap_or_default();
            set(pair.text("Key").unwrap_or_default(), value)?;
        }
        if let Some(body) = self.body(credentials) {
            let headers = request.headers_mut();
            let kind = match self.form {
                Some(_) => "application/x-www-form-urlencoded",
                None => "application/json",
            };
            headers
                .entry("content-type")
                .or_insert(HeaderValue::from_static(kind));
            *request.body_mut() = Bytes::from(body);
        }
        Ok(request)
    }

    fn query(&self, credentials: &Value) -> Vec<(String, String)> {
        let added = credentials.items("QueryStringParameters");
        let has = |name: &str| added.iter().any(|pair| pair.text("Key") == Some(name));
        let mut query = Vec::new();
        for (name, value) in self.query.iter().filter(|(name, _)| !has(name)) {
            match value {
                Value::Array(items) => {
                    query.extend(items.iter().map(|item| (name.clone(), text(item))));
                }
                value => query.push((name.clone(), text(value))),
            }
        }
        query.extend(added.iter().filter_map(|pair| {
            let value = pair.text("Value").unwrap_or_default();
            Some((pair.text("Key")?.to_owned(), value.to_owned()))
        }));
        query
    }

    fn body(&self, credentials: &Value) -> Option<String> {
        let added = credentials.items("BodyParameters");
        let mut body = self.body.clone();
        if !added.is_empty() && body.as_ref().is_none_or(Value::is_object) {
            let members = body.get_or_insert_with(|| json!({}));
            for pair in added {
                members[pair.text("Key").unwrap_or_default()] =
                    pair.member("Value").cloned().unwrap_or_default();
            }
        }
        let body = body?;
        Some(match (self.form, body) {
            (Some(format), body @ Value::Object(_)) => form(&pairs(&body, format)),
            (_, Value::String(text)) => text,
            (_, body) => body.to_string(),
        })
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}
