//! `RetrieveConnectionCredentials`: what other embedded services add to the requests that they
//! make through a connection. Nobody else is answered.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::arn::Arn;
use crate::events::Inner;
use crate::params::Params;
use crate::{AwsError, Call};

impl Inner {
    /// Headers, query parameters and body members, as lists of `Key` and `Value`.
    pub(in crate::events) async fn retrieve_connection_credentials(
        &self,
        call: &Call,
    ) -> Result<Value, AwsError> {
        if !call.caller.starts_with("service:") {
            return Err(AwsError::not_implemented("events", &call.action));
        }
        let text = call.input.text("ConnectionArn").unwrap_or_default();
        let arn = Arn::parse(text).filter(|arn| arn.service == "events");
        let name = arn.and_then(|arn| arn.resource.strip_prefix("connection/"));
        let name = name
            .and_then(|rest| rest.split('/').next())
            .unwrap_or_default();
        let scope = arn.map_or_else(|| call.scope.clone(), |arn| arn.scope(&call.scope));
        let key = scope.key(name);
        let connection = self.connections.get(&key);
        let connection = connection.filter(|connection| connection.arn() == text);
        let connection = connection.ok_or_else(|| {
            AwsError::new(
                "ResourceNotFound",
                format!("Connection {text} does not exist."),
            )
        })?;
        match connection.state.as_str() {
            "AUTHORIZED" => {}
            "AUTHORIZING" => {
                return Err(AwsError::new(
                    "AuthInProgress",
                    format!("Connection {text} is being authorized."),
                ));
            }
            state => {
                return Err(AwsError::new(
                    "InvalidConnectionState",
                    format!("Connection {text} is in the state {state}."),
                ));
            }
        }
        let parameters = self.secrets.get(&key).unwrap_or_default();
        let part = |name: &str| parameters.member(name).cloned().unwrap_or_default();
        let (basic, api_key, http) = (
            part("BasicAuthParameters"),
            part("ApiKeyAuthParameters"),
            part("InvocationHttpParameters"),
        );
        let mut headers = http.items("HeaderParameters").to_vec();
        let of = |value: &Value, name: &str| value.text(name).unwrap_or_default().to_owned();
        let (name, value) = match connection.kind.as_str() {
            "BASIC" => {
                let both = format!("{}:{}", of(&basic, "Username"), of(&basic, "Password"));
                let basic = format!("Basic {}", STANDARD.encode(both));
                ("Authorization".to_owned(), basic)
            }
            "API_KEY" => (of(&api_key, "ApiKeyName"), of(&api_key, "ApiKeyValue")),
            _ => {
                let token = self.token(&parameters).await;
                let token = token.map_err(|why| AwsError::new("InvalidConnectionState", why))?;
                ("Authorization".to_owned(), format!("Bearer {token}"))
            }
        };
        headers.push(json!({ "Key": name, "Value": value }));
        Ok(json!({
            "Headers": headers,
            "QueryStringParameters": http.items("QueryStringParameters"),
            "BodyParameters": http.items("BodyParameters"),
        }))
    }
}
