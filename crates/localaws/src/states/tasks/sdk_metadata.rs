//! `SdkHttpMetadata` and `SdkResponseMetadata`, which optimised integrations add to results.

use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// The headers of an answer as AWS's services send them.
pub(super) struct Headers {
    all: Map<String, Value>,
    one: Map<String, Value>,
    request_id: String,
}

impl Headers {
    /// The headers that every service sends. `length` is that of the answer's body, `connection`
    /// how the service spells that header, if it sends it.
    pub(super) fn new(
        request_id: &str,
        content_type: &str,
        length: usize,
        connection: Option<&str>,
        now: Timestamp,
    ) -> Self {
        let mut headers = Self {
            all: Map::new(),
            one: Map::new(),
            request_id: request_id.to_owned(),
        };
        let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
        headers.add("x-amzn-RequestId", request_id);
        if let Some(connection) = connection {
            headers.add(connection, "keep-alive");
        }
        headers.add("Content-Length", &length.to_string());
        headers.add("Date", &date);
        headers.add("Content-Type", content_type);
        headers
    }

    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.all.insert(name.to_owned(), json!([value]));
        self.one.insert(name.to_owned(), value.into());
    }

    /// Adds both members to a result. Members are sorted, as recorded.
    pub(super) fn complete(self, result: Value) -> Value {
        let Value::Object(mut members) = result else {
            return result;
        };
        let http = json!({
            "AllHttpHeaders": self.all,
            "HttpHeaders": self.one,
            "HttpStatusCode": 200,
        });
        members.insert("SdkHttpMetadata".to_owned(), http);
        let response = json!({ "RequestId": self.request_id });
        members.insert("SdkResponseMetadata".to_owned(), response);
        members.sort_keys();
        Value::Object(members)
    }
}
