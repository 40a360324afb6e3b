//! The request: what the state asks for, and what the connection adds. Where both say something,
//! the connection counts.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use serde_json::{Map, Value, json};

use super::encoding::{ArrayFormat, pairs};
use crate::http_client::{form, with_query};
use crate::params::Params;

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
    /// Reads parameters, which were checked before the task was scheduled.
    pub(super) fn read(parameters: &Value) -> Self {
        let text = |name: &str| parameters.text(name).unwrap_or_default().to_owned();
        let object = |name: &str| parameters.map(name).cloned().unwrap_or_default();
        let mut holders = ["Authentication", "InvocationConfig"]
            .into_iter()
            .filter_map(|name| parameters.map(name));
        let connection = holders.find_map(|holder| holder.text("ConnectionArn"));
        let transform = parameters.member("Transform");
        let form = transform
            .filter(|transform| transform.text("RequestBodyEncoding") == Some("URL_ENCODED"));
        let form = form.map(|transform| {
            let options = transform.map("RequestEncodingOptions");
            let format = options.and_then(|options| options.text("ArrayFormat"));
            ArrayFormat::named(format.unwrap_or_default())
        });
        Self {
            endpoint: text("ApiEndpoint"),
            connection: connection.unwrap_or_default().to_owned(),
            method: text("Method"),
            headers: object("Headers"),
            query: object("QueryParameters"),
            body: parameters.member("RequestBody").cloned(),
            form,
        }
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
